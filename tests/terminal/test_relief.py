"""Handing the desk over: what is asked, what is refused, and whose desk it is afterwards."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import msgspec
import pytest
from textual.pilot import Pilot

from agent_client.desk_client import DeskClient
from agent_client.terminal.app import TerminalApp
from agent_client.terminal.screens.relief import Relief
from protocol.facts.agent import Reason, State
from protocol.wire import desk
from protocol.wire.errors import Code, Refused
from tests.terminal.fake_seat import SIGNED_OUT, FakeSeat
from tests.terminal.showing import opened, reads
from tests.terminal.waiting import until

RESTING = msgspec.structs.replace(SIGNED_OUT, state=State.NOT_READY, reason=Reason.REST)
COLLEAGUE = msgspec.structs.replace(SIGNED_OUT, agent="1002", name="赵敏")


class TwoSeats:
    """The seats of two people at one desk."""

    def __init__(self, here: FakeSeat, theirs: FakeSeat) -> None:
        self.here, self.theirs = here, theirs
        theirs.react = lambda request: (
            theirs.tell(state=State.NOT_READY) if isinstance(request, desk.SignIn) else None
        )

    def connect_as(self, agent: str) -> Callable[[], Awaitable[DeskClient]]:
        return (self.theirs if agent == "1002" else self.here).connect

    def app(self, language: str = "en") -> TerminalApp:
        return TerminalApp(
            self.here.connect, connect_as=self.connect_as, language=language, back_off_s=(0.01,)
        )


@pytest.fixture
async def seats(tmp_path: Path) -> AsyncIterator[TwoSeats]:
    here = FakeSeat(tmp_path / "here.sock", RESTING)
    theirs = FakeSeat(tmp_path / "theirs.sock", COLLEAGUE)
    await here.start()
    await theirs.start()
    yield TwoSeats(here, theirs)
    await here.stop()
    await theirs.stop()


async def hands_over(pilot: Pilot[None], number: str = "1002") -> None:
    await pilot.press("o")
    await until(lambda: isinstance(pilot.app.screen, Relief))
    await pilot.press(*number, "enter", *"secret", "enter")


async def test_the_desk_is_the_incomings_afterwards(seats: TwoSeats) -> None:
    app = seats.app()
    async with opened(app) as pilot:
        await hands_over(pilot)
        await reads(app, "赵敏")
        asked = [each for each in seats.theirs.asked if isinstance(each, desk.SignIn)]
        assert [each.password for each in asked] == ["secret"]
        gone = [each for each in seats.here.asked if isinstance(each, desk.Relieve)]
        assert [each.by for each in gone] == ["1002"]


async def test_a_wrong_password_is_said_and_nothing_changes(seats: TwoSeats) -> None:
    seats.theirs.refusals[desk.SignIn] = Refused(Code.BAD_CREDENTIALS)
    app = seats.app("zh_CN")
    async with opened(app) as pilot:
        await hands_over(pilot)
        await reads(app, "工号或密码错误")
        assert isinstance(app.screen, Relief)
        assert desk.Relieve not in seats.here.kinds()
        await pilot.press("escape")
        await reads(app, "王丽")


async def test_nobody_relieves_themselves(seats: TwoSeats) -> None:
    app = seats.app()
    async with opened(app) as pilot:
        await hands_over(pilot, "1001")
        await reads(app, "Nobody decides about themselves")
        assert desk.Relieve not in seats.here.kinds()


async def test_in_a_call_it_is_not_offered(seats: TwoSeats) -> None:
    app = seats.app()
    async with opened(app) as pilot:
        seats.here.tell(state=State.TALK)
        await reads(app, "TALK")
        await pilot.press("o")
        await pilot.pause()
        assert not isinstance(app.screen, Relief)
