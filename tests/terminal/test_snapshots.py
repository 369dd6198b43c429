"""Pictures of a shift, in both languages, at 80×24 and 120×40. Look at each that changes."""

import re

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from textual.pilot import Pilot

from tests.terminal.desk_scenes import DESK_SCENES
from tests.terminal.fake_seat import FakeSeat
from tests.terminal.scenes import SCENES, play
from tests.terminal.showing import opened

SIZES = ((80, 24), (120, 40))
_FONTS = re.compile(r"@font-face \{.*?\}", re.DOTALL)
_IDENTITY = re.compile(r"terminal-\d+-")


class Picture(SingleFileSnapshotExtension):
    """A file a picture."""

    _write_mode = WriteMode.TEXT
    file_extension = "svg"


async def picture(pilot: Pilot[None], width: int, height: int) -> str:
    """The screen at a size, without what differs from run to run and without web fonts."""
    await pilot.resize_terminal(width, height)
    before, svg = "", pilot.app.export_screenshot()
    while svg != before:  # until the layout has settled
        await pilot.pause(0.05)
        before, svg = svg, pilot.app.export_screenshot()
    return _IDENTITY.sub("", _FONTS.sub("", svg))


MAIN = ("sign-in", "ready", "ringing", "talk", "acw", "floor")


@pytest.mark.parametrize("name", MAIN)
async def test_scene(terminal, seat: FakeSeat, snapshot: SnapshotAssertion, name: str) -> None:
    scene = SCENES[name]
    seat.status = scene.status
    app = terminal(supervisor=scene.supervisor)
    pictures = snapshot.use_extension(Picture)
    async with opened(app) as pilot:
        await play(scene, seat, pilot)
        for width, height in SIZES:
            assert await picture(pilot, width, height) == pictures(name=f"en-{width}")
        await pilot.press("ctrl+l")
        for width, height in SIZES:
            assert await picture(pilot, width, height) == pictures(name=f"zh_CN-{width}")


@pytest.mark.parametrize("name", sorted(SCENES.keys() - set(MAIN)))
async def test_other_scene(
    terminal, seat: FakeSeat, snapshot: SnapshotAssertion, name: str
) -> None:
    scene = SCENES[name]
    seat.status = scene.status
    app = terminal("zh_CN", supervisor=scene.supervisor)
    async with opened(app) as pilot:
        await play(scene, seat, pilot)
        pictured = await picture(pilot, 80, 24)
        assert pictured == snapshot.use_extension(Picture)(name="zh_CN-80")


DESK_MAIN = ("wrap-up-full", "calls", "ringing-known", "offline", "signing-out", "take-over")


@pytest.mark.parametrize("name", sorted(DESK_SCENES))
async def test_desk_scene(terminal, seat: FakeSeat, snapshot: SnapshotAssertion, name: str) -> None:
    scene = DESK_SCENES[name]
    seat.status = scene.status
    app = terminal("zh_CN")
    async with opened(app) as pilot:
        await play(scene, seat, pilot)
        pictured = await picture(pilot, 80, 24)
        assert pictured == snapshot.use_extension(Picture)(name="zh_CN-80")


@pytest.mark.parametrize("colours", ["light", "16"])
@pytest.mark.parametrize("name", DESK_MAIN)
async def test_desk_scene_in_other_colours(
    terminal, seat: FakeSeat, snapshot: SnapshotAssertion, name: str, colours: str
) -> None:
    scene = DESK_SCENES[name]
    seat.status = scene.status
    app = terminal("en", theme_name=colours)
    async with opened(app) as pilot:
        await play(scene, seat, pilot)
        pictured = await picture(pilot, 80, 24)
        assert pictured == snapshot.use_extension(Picture)(name=f"en-80-{colours}")
