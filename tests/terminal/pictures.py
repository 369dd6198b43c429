"""Pictures of the terminal that are compared with those looked at before."""

import asyncio
import re
from collections.abc import Sequence

from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets import Input, TextArea

from tests.terminal.quiet import LIMIT_S
from tests.terminal.showing import painted

SMALL = (80, 24)
SIZES = (SMALL, (120, 40))
_FONTS = re.compile(r"@font-face \{.*?\}", re.DOTALL)
_IDENTITY = re.compile(r"terminal-\d+-")


class Picture(SingleFileSnapshotExtension):
    """A file a picture."""

    _write_mode = WriteMode.TEXT
    file_extension = "svg"


async def picture(pilot: Pilot[None], size: tuple[int, int] = SMALL) -> str:
    """The screen at a size, once nothing changes on it, with a cursor that does not blink, and
    without what differs from run to run and without web fonts. Raises TimeoutError."""
    if pilot.app.size != size:
        await pilot.resize_terminal(*size)
        for each in pilot.app.screen_stack:
            each.refresh(layout=True)  # else it depends on when the size came to it
    for field in pilot.app.screen.query(Input):
        field.cursor_blink = False
    for area in pilot.app.screen.query(TextArea):
        area._pause_blink(visible=area.has_focus)  # one without blinking keeps lines it has drawn
    before: list[Strip] = []
    async with asyncio.timeout(LIMIT_S):
        while before != (now := painted(pilot.app)):
            before = now
            await pilot.pause()
    return _IDENTITY.sub("", _FONTS.sub("", pilot.app.export_screenshot()))


async def in_both_languages(
    pilot: Pilot[None],
    snapshot: SnapshotAssertion,
    english: Sequence[tuple[int, int]] = SIZES,
    chinese: Sequence[tuple[int, int]] = (SMALL,),
) -> None:
    """An English terminal and the same in Chinese look as they did."""
    pictures = snapshot.use_extension(Picture)
    for size in english:
        assert await picture(pilot, size) == pictures(name=f"en-{size[0]}")
    await pilot.press("ctrl+l")
    for size in chinese:
        assert await picture(pilot, size) == pictures(name=f"zh_CN-{size[0]}")


async def in_other_colours(pilot: Pilot[None], snapshot: SnapshotAssertion) -> None:
    """A dark terminal looks in light and in sixteen colours as it did."""
    pictures = snapshot.use_extension(Picture)
    for colours in ("light", "16"):
        await pilot.press("ctrl+t")
        assert await picture(pilot) == pictures(name=f"{colours}-80")
