"""The bell when a call rings, and the colours that a person keeps."""

from pathlib import Path

import pytest

from agent_client.terminal.app import TerminalApp
from agent_client.terminal.kept_look import KeptLook
from protocol.facts.agent import State
from tests.terminal.desk_scenes import RINGING_KNOWN
from tests.terminal.fake_seat import FakeSeat
from tests.terminal.scenes import status
from tests.terminal.showing import opened, reads


class Bell:
    """Counts instead of beeping."""

    def __init__(self, app: TerminalApp, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rung = 0
        monkeypatch.setattr(app, "bell", self.ring)

    def ring(self) -> None:
        self.rung += 1


@pytest.mark.parametrize(("bell", "rung"), [(True, 1), (False, 0)])
async def test_the_bell_rings_once_a_call_if_it_is_wanted(
    terminal, seat: FakeSeat, monkeypatch: pytest.MonkeyPatch, bell: bool, rung: int
) -> None:
    seat.status = status(State.READY)
    app = terminal(bell=bell)
    counted = Bell(app, monkeypatch)
    async with opened(app):
        seat.send(RINGING_KNOWN)
        seat.send(RINGING_KNOWN)
        await reads(app, "F2 Answer")
        assert counted.rung == rung


async def test_the_colours_are_kept_for_the_next_time(
    terminal, seat: FakeSeat, tmp_path: Path
) -> None:
    seat.status = status(State.READY)
    look = KeptLook(tmp_path / "screens" / "1001")
    async with opened(terminal(look=look)) as pilot:
        await pilot.press("t")
    assert look.theme_name("dark") == "light"
    assert look.theme_name("16") == "16"


@pytest.mark.parametrize("text", ["", "mauve", "\udcff"])
def test_a_file_that_says_nothing_is_no_obstacle(tmp_path: Path, text: str) -> None:
    file = tmp_path / "1001"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert KeptLook(file).theme_name("dark") == "dark"


def test_without_a_place_to_keep_it_nothing_fails(tmp_path: Path) -> None:
    (tmp_path / "screens").write_text("a file, no folder")
    look = KeptLook(tmp_path / "screens" / "1001")
    look.keep("light")
    assert look.theme_name("dark") == "dark"


async def test_help_tells_keys_states_and_what_is_recorded(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.READY)
    app = terminal()
    async with opened(app, (120, 90)) as pilot:
        await pilot.press("question_mark")
        await reads(app, "Keys that work now")
        await reads(app, "Nobody but you makes you ready")
        await reads(app, "counts against nobody")
