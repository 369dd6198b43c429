"""A fake seat, a terminal at it, and time that moves only when it is told to."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from agent_client.terminal.app import TerminalApp
from tests.terminal.fake_seat import FakeSeat
from tests.terminal.quiet import quiet
from tests.terminal.style_sheets import rules_once, tokens_once


class Clock:
    """A monotonic clock for tests."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds

    def go_on(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds


@pytest.fixture(autouse=True)
def _pauses_end_when_nothing_is_left_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key or a pause of the pilot is over then. Textual looks whether the processor idles, which
    takes long, and which a process that gets no turn seems to do."""
    monkeypatch.setattr("textual.app.wait_for_idle", quiet)
    monkeypatch.setattr("textual.pilot.wait_for_idle", quiet)


@pytest.fixture(autouse=True)
def _style_sheets_are_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("textual.css.stylesheet.parse", rules_once)
    monkeypatch.setattr("textual.css.stylesheet.tokenize_values", tokens_once)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def seat(tmp_path: Path) -> AsyncIterator[FakeSeat]:
    fake = FakeSeat(tmp_path / "seat.sock")
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
def terminal(seat: FakeSeat, clock: Clock) -> Callable[..., TerminalApp]:
    """Makes a terminal at the fake seat."""

    def make(language: str = "en", **options: object) -> TerminalApp:
        return TerminalApp(
            seat.connect, language=language, monotonic=clock, back_off_s=(0.01,), **options
        )

    return make
