"""The terminal for screen readers at a fake seat: what it says, and what typed words do."""

import asyncio
import os
import pty
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import msgspec
import pytest

from agent_client.plain.terminal import PlainTerminal
from agent_client.seat.place import contacts
from agent_client.typed_secrets import GivenSecrets
from agent_client.whose_seat import NUMBER
from agent_service.accounts.staff import check_number
from protocol.facts.agent import Reason, State
from protocol.facts.order import OrderKind, OrderOutcome
from protocol.facts.request import RequestKind, RequestStanding
from protocol.i18n import load
from protocol.wire import desk, desk_call
from protocol.wire.breaks import OwnQueue
from protocol.wire.desk_call import CallState
from protocol.wire.desk_floor import Floor, WatchFloor
from protocol.wire.errors import Code, Refused
from protocol.wire.handover import AnsweredRequest, OwnNotices
from protocol.wire.orders import Order
from protocol.wire.session import Role
from tests.terminal.fake_seat import NOW, FakeSeat, call
from tests.terminal.people import PERSON
from tests.terminal.plan_scenes import NOTICES, own_day
from tests.terminal.scenes import FLOOR, row, status
from tests.terminal.test_plan_pictures import SOON, TIRED
from tests.terminal.waiting import until

NO_SECRETS = GivenSecrets()


class Listener:
    """Whoever hears the lines and types."""

    def __init__(self, language: str, *, supervisor: bool) -> None:
        self.heard: list[str] = []
        self.terminal = PlainTerminal(
            load(language), self.heard.append, supervisor=supervisor, monotonic=lambda: 0.0
        )

    async def types(self, line: str, secrets: GivenSecrets = NO_SECRETS) -> list[str]:
        """The lines that follow from what is typed."""
        before = len(self.heard)
        asked = self.terminal.meant(line)
        if asked is not None:
            await self.terminal.do(asked, secrets)
        return self.heard[before:]

    async def hears(self, text: str) -> None:
        """Wait for a line that holds a text."""
        await until(lambda: any(text in line for line in self.heard))


@pytest.fixture
async def seat(tmp_path: Path) -> AsyncIterator[FakeSeat]:
    fake = FakeSeat(tmp_path / "seat.sock", status(State.READY, roles=(Role.LEADER,)))
    await fake.start()
    yield fake
    await fake.stop()


@asynccontextmanager
async def listening(
    seat: FakeSeat, language: str = "en", *, supervisor: bool = False
) -> AsyncIterator[Listener]:
    listener = Listener(language, supervisor=supervisor)
    staying = asyncio.create_task(listener.terminal.stay(seat.connect))
    try:
        await until(lambda: desk.Watch in seat.kinds())
        yield listener
    finally:
        staying.cancel()
        await asyncio.wait([staying])


async def test_each_change_is_a_line(seat: FakeSeat) -> None:
    async with listening(seat) as listener:
        await listener.hears("State: Ready, since")
        seat.tell(state=State.RINGING, call=call(CallState.RINGING), since=NOW)
        await listener.hears("Call from 13800138000 张先生.")
        seat.tell(state=State.TALK, call=call(CallState.TALK, muted=True))
        await listener.hears("The microphone is muted.")
        seat.tell(next_state="NOT_READY:MEAL")
        await listener.hears("Next: Meal")
        seat.tell(state=State.NOT_READY, reason=Reason.MEAL, call=None, next_state=None)
        await listener.hears("The call is over.")
        await listener.hears("State: Not ready, Meal")
        told = list(listener.heard)
        seat.tell(unsent=3)
        await asyncio.sleep(0)
        assert listener.heard == told
        assert all(line.isprintable() for line in listener.heard)


async def test_in_chinese(seat: FakeSeat) -> None:
    async with listening(seat, "zh_CN") as listener:
        await listener.hears("状态：示闲")
        assert await listener.types("ready") == ["完成。"]


async def test_a_message_is_read_out_and_marked_as_read(seat: FakeSeat) -> None:
    async with listening(seat) as listener:
        order = Order("o1", OrderKind.MESSAGE, "2001", "Chen", "come\x1b[2J here", 0, 1)
        seat.tell(orders=(order,))
        await listener.hears("Chen  message: come [2J here")
        assert await listener.types("seen") == ["Done."]
        assert seat.asked[-1].order == "o1"


async def test_a_command_may_be_short_as_long_as_it_is_clear(seat: FakeSeat) -> None:
    async with listening(seat) as listener:
        assert await listener.types("rea") == ["Done."]
        assert desk.Ready in seat.kinds()
        assert await listener.types("ho") == ["Done."]
        assert desk_call.Hold in seat.kinds()
        (hint,) = await listener.types("a")
        assert hint == "That could be: acw-done, answer, ask."
        (hint,) = await listener.types("fly")
        assert "fly" in hint
        assert await listener.types("  ") == []


async def test_what_is_missing_is_hinted_at(seat: FakeSeat) -> None:
    async with listening(seat) as listener:
        lines = await listener.types("break")
        assert any("REASON" in line for line in lines)
        lines = await listener.types("help break")
        assert any("MEAL" in line for line in lines)
        assert await listener.types('dial "1') == ["A quotation mark is not closed."]
        assert len(await listener.types("help")) > 30


async def test_a_refusal_is_its_words_and_its_code(seat: FakeSeat) -> None:
    async with listening(seat) as listener:
        seat.refusals[desk.Ready] = Refused(Code.NO_CALL)
        assert await listener.types("ready") == ["! There is no call for that. [no_call]"]


async def test_a_password_goes_to_the_seat_alone(seat: FakeSeat) -> None:
    async with listening(seat) as listener:
        await listener.types("unlock", GivenSecrets("s3cret"))
        assert seat.asked[-1].password == "s3cret"
        assert not any("s3cret" in line for line in listener.heard)


async def test_a_lead_hears_who_needs_help(seat: FakeSeat) -> None:
    async with listening(seat, supervisor=True) as listener:
        await until(lambda: WatchFloor in seat.kinds())
        seat.send(Floor(FLOOR, NOW, reset=True))
        await listener.hears("Needs help, no link: 1005")
        seat.send(Floor((row("1005", State.READY, 0),), NOW))
        await listener.hears("Well again: 1005")
        lines = await listener.types("floor")
        assert "Ready 3" in lines[0]
        assert not any(line.startswith("1005") for line in lines)
        lines = await listener.types("floor state:meal")
        assert [line for line in lines if line.startswith("1004")]
        assert (await listener.types("floor nobody"))[-1] == "Nobody matches."


async def test_a_lead_hears_what_became_of_an_order(seat: FakeSeat) -> None:
    asked = msgspec.structs.replace(row("1002", State.TALK, 1), order=OrderKind.FORCE_NOT_READY)
    async with listening(seat, supervisor=True) as listener:
        await until(lambda: WatchFloor in seat.kinds())
        seat.send(Floor((asked,), NOW, reset=True))
        queued = msgspec.structs.replace(asked, order_outcome=OrderOutcome.QUEUED)
        seat.send(Floor((queued,), NOW))
        await listener.hears("take out: ")
        told = [line for line in listener.heard if "take out: " in line]
        seat.send(Floor((queued,), NOW))
        await listener.types("floor")
        assert [line for line in listener.heard if "take out: " in line] == told


async def test_a_floor_that_is_not_told_yet_is_waited_for(seat: FakeSeat) -> None:
    async with listening(seat, supervisor=True) as listener:
        await until(lambda: WatchFloor in seat.kinds())
        assert await listener.types("floor 1005") == []
        seat.send(Floor((), NOW, reset=True, stale=True))
        seat.send(Floor(FLOOR, NOW, reset=True))
        await until(lambda: any(line.startswith("1005") for line in listener.heard))
        assert not any("No staff" in line or "link is down" in line for line in listener.heard)


async def test_a_floor_that_nobody_tells_of_is_said_to_be_unknown(
    seat: FakeSeat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent_client.plain.terminal.FLOOR_S", 0.01)
    async with listening(seat, supervisor=True) as listener:
        await listener.types("floor")
        await listener.hears("has not told yet")


async def test_a_lead_at_the_own_desk_begins_to_watch_with_the_first_floor(seat: FakeSeat) -> None:
    async with listening(seat) as listener:
        assert WatchFloor not in seat.kinds()
        assert await listener.types("floor 1005") == []
        assert await listener.types("answer") == ["Done."]
        seat.send(Floor(FLOOR, NOW, reset=True))
        await until(lambda: any(line.startswith("1005") for line in listener.heard))
        assert "Ready 2" in (await listener.types("floor"))[0]
        assert seat.kinds().count(WatchFloor) == 1


async def test_a_floor_that_one_may_not_see_is_refused_in_words(seat: FakeSeat) -> None:
    seat.refusals[WatchFloor] = Refused(Code.NOT_PERMITTED)
    async with listening(seat) as listener:
        for _ in range(2):
            (refused,) = await listener.types("floor")
            assert refused.endswith("[not_permitted]")


async def test_whoever_signs_in_after_another_asks_for_the_floor_anew(seat: FakeSeat) -> None:
    async with listening(seat) as listener:
        await listener.types("floor")
        seat.send(Floor(FLOOR, NOW, reset=True))
        await listener.hears("Needs help")
        seat.tell(state=State.LOGGED_OFF)
        await listener.hears("State: Signed out")
        assert await listener.types("floor 1005") == []
        assert seat.kinds().count(WatchFloor) == 2


async def test_a_day_is_told_line_by_line(seat: FakeSeat) -> None:
    seat.page = PERSON
    async with listening(seat) as listener:
        lines = await listener.types("person 1002 2026-11-21")
        assert lines[0] == "1002 Ann-Kathrin Oberländer, 2026-11-21"
        assert any("Unknown, 17:00" in line for line in lines)
        assert any("138****8000" in line for line in lines)
        assert any("no date" in line for line in await listener.types("person 1002 friday"))
        seat.page = msgspec.structs.replace(PERSON, segments_left_off=12)
        lines = await listener.types("person 1002")
        assert len([line for line in lines if line.startswith("12 earlier ones")]) == 1


async def test_a_seat_that_is_gone_and_back_is_said(seat: FakeSeat) -> None:
    async with listening(seat) as listener:
        await listener.hears("State: Ready")
        await seat.stop()
        await listener.hears("The seat has stopped")
        (refused,) = await listener.types("ready")
        assert refused.endswith("[no_seat]")
        count = len(listener.heard)
        await seat.start()
        await until(lambda: any("State: Ready" in line for line in listener.heard[count:]))


async def test_leaving_ends_it(seat: FakeSeat) -> None:
    async with listening(seat) as listener:
        assert await listener.types("quit") == [load("en").text("plain.left")]
        assert listener.terminal.ended.is_set()


def test_a_staff_number_is_what_the_service_takes_for_one() -> None:
    texts = ("1001", "a.b-c_9", "x" * 32, "x" * 33, "", "10 01", "工号", "1/2", "1\n")
    assert [bool(NUMBER.fullmatch(text)) for text in texts] == list(map(is_staff_number, texts))


def is_staff_number(text: str) -> bool:
    try:
        return check_number(text) == text
    except Refused:
        return False


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Say whose seat it is"),
        ("10 01", "A staff number is"),
        ("\x04", "Say whose seat it is"),
    ],
)
@pytest.mark.parametrize("flags", [(), ("--plain",), ("--supervisor",)])
def test_what_is_no_staff_number_is_refused_before_anything_opens(
    tmp_path: Path, flags: tuple[str, ...], typed: str, said: str
) -> None:
    code, seen = on_a_terminal(tmp_path, flags, [("Staff number: ", typed), (said, "")])
    assert code == 1
    assert not (tmp_path / ".local").exists()
    assert "\x1b" not in seen


def test_who_sits_there_is_asked_whose_seat_it_is(tmp_path: Path) -> None:
    steps = [("工号：", "1001"), ("读屏模式", "status"), ("状态：签出", "quit")]
    code, _ = on_a_terminal(tmp_path, ("--plain", "--lang", "zh_CN"), steps)
    assert code == 0
    assert not (tmp_path / ".config").exists()


def on_a_terminal(
    home: Path, flags: tuple[str, ...], steps: list[tuple[str, str]]
) -> tuple[int, str]:
    """Run the client on a terminal of its own: wait for each text and type the line that answers
    it. The exit code, and all that was shown."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "agent_client.cli", *flags],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(home),
            "SEATLINE_SERVER": "ws://127.0.0.1:1",
            "SEATLINE_SOUND": "none",
            "PYTHONPATH": str(Path.cwd()),
            "PYTHONUTF8": "1",
        },
    )
    os.close(theirs)  # so that its end is the end of what is read
    seen = b""
    try:
        for text, answer in steps:
            while text not in seen.decode(errors="replace"):
                seen += os.read(ours, 4096)
            os.write(ours, f"{answer}\n".encode())
        return process.wait(30), seen.decode(errors="replace")
    finally:
        process.kill()
        process.wait()
        os.close(ours)
        for contact in contacts(home / "seatline"):
            os.kill(contact.pid, signal.SIGTERM)


def test_on_a_real_terminal_nothing_moves_the_cursor_and_the_end_of_input_leaves(
    tmp_path: Path,
) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "agent_client.cli", "--plain", "--agent", "1001"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "XDG_RUNTIME_DIR": str(tmp_path),
            "SEATLINE_SERVER": "ws://127.0.0.1:1",
            "SEATLINE_SOUND": "none",
            "PYTHONPATH": str(Path.cwd()),
        },
    )
    os.close(theirs)
    seen = b""
    try:
        os.write(ours, b"help\n")
        while b"sign out; in a call" not in seen:
            seen += os.read(ours, 4096)
        os.write(ours, b"status\n")
        while b"Signed out" not in seen:
            seen += os.read(ours, 4096)
        os.write(ours, b"quit\n")
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
        os.close(ours)
        for contact in contacts(tmp_path / "seatline"):
            os.kill(contact.pid, signal.SIGTERM)
    assert b"\x1b" not in seen


async def test_a_place_in_the_break_queue_and_the_turn_are_said(seat: FakeSeat) -> None:
    waits = OwnQueue((Reason.REST,), Reason.REST, place=2, wait_s=360, away=2, cap=2)
    until_ms = int(NOW.timestamp() * 1000) + 120_000
    async with listening(seat) as listener:
        await listener.hears("State: Ready, since")
        seat.tell(break_queue=waits)
        await listener.hears("Break queue, Short break: place 2, about 6 min")
        (said,) = await listener.types("break REST")
        assert "waits for its turn" in said
        told = list(listener.heard)
        seat.tell(break_queue=msgspec.structs.replace(waits, wait_s=300))
        seat.tell(
            break_queue=msgspec.structs.replace(
                waits, place=0, granted=True, granted_until_ms=until_ms
            )
        )
        await listener.hears("It is your turn for a break, until 14:05. Type: break REST")
        assert len(listener.heard) == len(told) + 1, "how the time runs is not told"
        seat.tell(break_queue=OwnQueue((Reason.REST,), cap=2))
        await listener.hears("You are out of the break queue.")


async def test_the_own_day_is_told_as_it_comes_and_each_thing_once(seat: FakeSeat) -> None:
    seat.own_day = own_day(plan=SOON)
    async with listening(seat) as listener:
        await listener.hears("Break in 4 min")
        seat.send(own_day(plan=SOON))
        seat.send(own_day(plan=SOON, notices=NOTICES))
        await listener.hears("Handovers to read: 1")
        (told,) = [line for line in listener.heard if "Break in" in line]
        assert told.startswith("Work until 14:07")


async def test_what_the_desk_reminds_of_waits_until_a_call_is_over(seat: FakeSeat) -> None:
    talks = {"state": State.TALK, "call": call(CallState.TALK)}
    async with listening(seat) as listener:
        await listener.hears("State: Ready, since")
        seat.tell(**talks)
        await listener.hears("State: Talk, since")
        seat.send(own_day(fatigue=TIRED))
        seat.tell(unsent=1)
        await listener.types("status")
        assert not any("without a rest" in line for line in listener.heard)
        seat.tell(state=State.READY, call=None)
        await listener.hears("take a break now, type “break”")
        seat.tell(**talks)
        seat.tell(state=State.READY, call=None)
        await listener.types("status")
        assert sum("without a rest" in line for line in listener.heard) == 1


async def test_who_is_asked_to_stay_is_told_and_so_is_what_came_of_a_request(
    seat: FakeSeat,
) -> None:
    answer = AnsweredRequest(RequestKind.LEAVE, date(2026, 11, 23), RequestStanding.APPROVED)
    notices = OwnNotices(0, 0, 0, answered=1, answer=answer, asked_to_stay=True)
    seat.own_day = own_day(notices=notices)
    async with listening(seat) as listener:
        await listener.hears("Please stay on: too few would be here without you.")
        await until(lambda: listener.heard[-1] == "Leave, Mon 11-23: approved.")
