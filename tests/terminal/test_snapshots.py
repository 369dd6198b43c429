"""Pictures of a shift, in both languages, at 80×24 and 120×40. Look at each that changes."""

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.terminal.desk_scenes import DESK_SCENES
from tests.terminal.fake_seat import FakeSeat
from tests.terminal.pictures import SIZES, Picture, in_both_languages, in_other_colours, picture
from tests.terminal.scenes import SCENES, play
from tests.terminal.showing import opened

MAIN = ("sign-in", "ready", "ringing", "talk", "acw", "floor")


@pytest.mark.parametrize("name", MAIN)
async def test_scene(terminal, seat: FakeSeat, snapshot: SnapshotAssertion, name: str) -> None:
    scene = SCENES[name]
    seat.status = scene.status
    app = terminal(supervisor=scene.supervisor)
    async with opened(app) as pilot:
        await play(scene, seat, pilot)
        await in_both_languages(pilot, snapshot, chinese=SIZES)


@pytest.mark.parametrize("name", sorted(SCENES.keys() - set(MAIN)))
async def test_other_scene(
    terminal, seat: FakeSeat, snapshot: SnapshotAssertion, name: str
) -> None:
    scene = SCENES[name]
    seat.status = scene.status
    app = terminal("zh_CN", supervisor=scene.supervisor)
    async with opened(app) as pilot:
        await play(scene, seat, pilot)
        assert await picture(pilot) == snapshot.use_extension(Picture)(name="zh_CN-80")


DESK_MAIN = ("wrap-up-full", "calls", "ringing-known", "offline", "signing-out", "take-over")


@pytest.mark.parametrize("name", sorted(DESK_SCENES))
async def test_desk_scene(terminal, seat: FakeSeat, snapshot: SnapshotAssertion, name: str) -> None:
    scene = DESK_SCENES[name]
    seat.status = scene.status
    app = terminal("zh_CN")
    async with opened(app) as pilot:
        await play(scene, seat, pilot)
        assert await picture(pilot) == snapshot.use_extension(Picture)(name="zh_CN-80")


@pytest.mark.prove
@pytest.mark.parametrize("name", DESK_MAIN)
async def test_desk_scene_in_other_colours(
    terminal, seat: FakeSeat, snapshot: SnapshotAssertion, name: str
) -> None:
    scene = DESK_SCENES[name]
    seat.status = scene.status
    app = terminal()
    async with opened(app) as pilot:
        await play(scene, seat, pilot)
        await in_other_colours(pilot, snapshot)
