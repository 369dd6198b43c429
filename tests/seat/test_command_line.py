"""The commands that ask a running seat: exit codes, what they print, and in which language."""

import asyncio
import io
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from agent_client import ask_seat
from agent_client.cli import main
from agent_client.seat.control import Control
from agent_client.seat.place import place_of, write_private
from agent_client.settings import Settings
from protocol.facts.agent import Reason, State
from protocol.facts.call import Direction
from protocol.facts.order import OrderKind
from protocol.i18n import load
from protocol.rules.agent_state import Choice
from protocol.wire import desk, desk_call, desk_floor
from protocol.wire.breaks import OwnQueue, WithdrawBreak
from protocol.wire.desk_plan import AskService
from protocol.wire.desk_training import DeskTraining, PostponeTraining
from protocol.wire.training import OwnTraining
from tests.seat.control.desk import STATUS, Desk, opened
from tests.seat.rig import SERVER_MS
from tests.seat.service import eventually
from tests.seat.studying import assignment

SINCE = datetime(2026, 11, 22, 6, 2, 38, tzinfo=UTC)
CALL = desk_call.Call(
    "c1", Direction.INBOUND, "138", "张先生", desk_call.CallState.TALK, SINCE, True
)
IN_A_CALL = msgspec.structs.replace(
    STATUS, state=State.TALK, since=SINCE, call=CALL, unsent=3, zone="Asia/Shanghai"
)


class Seats:
    """Seats that run, and somebody who types commands."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capture = capture
        self._stack = AsyncExitStack()

    async def start(self, agent: str, server: str = "ws://127.0.0.1:7420") -> Desk:
        """Somebody's seat."""
        place = place_of(Settings(server=server, agent=agent, runtime=str(self.folder)))
        seat = await self._stack.enter_async_context(opened(place))
        seat.status = msgspec.structs.replace(STATUS, agent=agent)
        return seat

    async def types(self, *arguments: str) -> tuple[int, str, str]:
        """Type a command: its exit code, and what it printed on either stream."""
        code = await asyncio.to_thread(run, arguments)
        printed = self._capture.readouterr()
        return code, printed.out, printed.err

    async def close(self) -> None:
        """End all seats."""
        await self._stack.aclose()


def run(arguments: tuple[str, ...]) -> int:
    try:
        return main(arguments)
    except SystemExit as ended:
        return int(str(ended.code))


@pytest.fixture
async def seats(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> AsyncIterator[Seats]:
    for name in ("SEATLINE_AGENT", "SEATLINE_SERVER", "SEATLINE_LANG", "SEATLINE_CONFIG"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("SEATLINE_RUNTIME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("LC_ALL", "C")
    made = Seats(tmp_path, capsys)
    yield made
    await made.close()


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        (("ready",), desk.Ready(3)),
        (("break", "meal"), desk.Break(3, Reason.MEAL)),
        (("next", "READY"), desk.Next(3, Choice(State.READY))),
        (("next", "LOGGED_OFF"), desk.Next(3, Choice(State.LOGGED_OFF))),
        (("next", "rest"), desk.Next(3, Choice(State.NOT_READY, Reason.REST))),
        (("next", "clear"), desk.Next(3, None)),
        (("acw-done",), desk.AcwDone(3)),
        (("dial", "sip:a@b"), desk_call.Dial(3, "sip:a@b")),
        (("reject",), desk_call.Reject(3)),
        (("hangup",), desk_call.Hangup(3)),
        (("resume",), desk_call.Resume(3)),
        (("sign-out",), desk.SignOut(3)),
        (("sign-out", "--why", "fever"), desk.SignOut(3, "fever")),
        (("extend-acw",), desk_call.ExtendAcw(3)),
        (("dtmf", "12#"), desk_call.Dtmf(3, "12#")),
        (("transfer", "8001"), desk_call.Transfer(3, "8001")),
        (("transfer",), desk_call.Transfer(3, "")),
        (("consult", "8001"), desk_call.Consult(3, "8001")),
        (("join",), desk_call.Join(3)),
        (("lock",), desk.Lock(3)),
        (("postpone",), PostponeTraining(3)),
        (("seen", "o1"), desk.SeeOrder(3, "o1")),
        (("call-back", "c7"), desk_call.Dial(3, "", "c7")),
        (("settle", "c7", "called us"), desk_call.SettleCallBack(3, "c7", "called us")),
        (
            ("message", "hello", "--to", "1002"),
            desk_floor.PlaceOrder(3, OrderKind.MESSAGE, "hello", "1002"),
        ),
        (
            ("message", "--team", "A", "hello"),
            desk_floor.PlaceOrder(3, OrderKind.MESSAGE, "hello", "", "A"),
        ),
        (
            ("ask", "1002", "out-of-line", "fire drill"),
            desk_floor.PlaceOrder(3, OrderKind.FORCE_NOT_READY, "fire drill", "1002"),
        ),
        (
            ("ask", "1002", "ready", "queue"),
            desk_floor.PlaceOrder(3, OrderKind.ASK_READY, "queue", "1002"),
        ),
    ],
)
async def test_a_command_asks_the_seat_and_says_nothing(
    seats: Seats, typed: tuple[str, ...], asked: desk.AnyRequest
) -> None:
    seat = await seats.start("1001")
    assert await seats.types(*typed) == (0, "", "")
    assert asked in [msgspec.structs.replace(each, id=3) for each in seat.asked]


@pytest.mark.parametrize(
    ("language", "words"), [("en", "The phone did not do it: busy"), ("zh_CN", "busy")]
)
async def test_a_refusal_is_its_code_and_its_words(seats: Seats, language: str, words: str) -> None:
    await seats.start("1001")
    code, out, err = await seats.types("hold", "--lang", language)
    assert (code, out) == (1, "")
    assert err.endswith(" [phone_refused]\n")
    assert words in err
    assert err.removeprefix("agent-client: ").isascii() == (language == "en")


async def test_what_is_to_be_studied_is_a_line_a_task(seats: Seats) -> None:
    seat = await seats.start("1001")
    due = assignment(due_ms=SERVER_MS)
    seat.training = DeskTraining(OwnTraining((due, assignment(name="a2"))))
    code, out, err = await seats.types("training")
    assert (code, err) == (0, "")
    first, second = out.splitlines()
    assert first.startswith("No. 7  Tenders  contents read 0 of 2  time 00:00:00, least 00:01:00")
    assert ("due 2027-01-15" in first, "due" in second) == (True, False)
    told = [json.loads(line) for line in (await seats.types("training", "--json"))[1].splitlines()]
    assert [each["assignment"] for each in told] == ["a1", "a2"]


async def test_a_seat_that_tells_of_no_training_is_waited_for_not_long(
    seats: Seats, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ask_seat, "TOLD_S", 0.01)
    monkeypatch.setattr(Control, "_begin_watching", lambda *_: None)
    await seats.start("1001")
    code, out, err = await seats.types("training")
    assert (code, out) == (1, "")
    assert err.endswith(" [no_seat]\n")


async def test_without_a_seat_there_is_a_code(seats: Seats) -> None:
    for arguments in (("status",), ("status", "--json"), ("ready",), ("--agent", "1", "watch")):
        code, out, err = await seats.types(*arguments)
        assert (code, out) == (1, "")
        assert err.endswith(" [no_seat]\n")


async def test_what_a_killed_seat_left_is_no_seat(seats: Seats) -> None:
    place = place_of(Settings(agent="1001", runtime=str(seats.folder)))
    left = f'{{"server":"s","agent":"1001","pid":1,"socket":"{place.socket}"}}'
    write_private(place.contact, left.encode())
    assert (await seats.types("status"))[2].endswith(" [no_seat]\n")


async def test_of_several_seats_one_has_to_be_named(seats: Seats) -> None:
    first, second = await seats.start("1001"), await seats.start("1002")
    code, out, err = await seats.types("ready")
    assert (code, out) == (1, "")
    assert err.endswith(" [several_seats]\n")
    assert "1001, 1002" in err
    assert (await seats.types("--agent", "1002", "ready"))[0] == 0
    assert (await seats.types("ready", "--agent", "1001"))[0] == 0
    assert (await seats.types("--agent", "9", "ready", "--agent", "1001"))[0] == 0
    assert (len(first.asked), len(second.asked)) == (2, 1)
    assert (await seats.types("--agent", "1003", "ready"))[2].endswith(" [no_seat]\n")


async def test_one_person_at_two_services_is_told_apart_by_the_service(seats: Seats) -> None:
    first = await seats.start("1001", "ws://a.invalid:1")
    second = await seats.start("1001", "ws://b.invalid:1")
    named = ("--agent", "1001", "--server", "ws://b.invalid:1")
    assert (await seats.types("ready", *named))[0] == 0
    assert (len(first.asked), len(second.asked)) == (0, 1)
    assert (await seats.types("ready", "--agent", "1001"))[2].endswith(" [several_seats]\n")


async def test_the_state_as_json_has_the_promised_keys(seats: Seats) -> None:
    seat = await seats.start("1001")
    seat.status = IN_A_CALL
    code, out, err = await seats.types("status", "--json")
    assert (code, err, out.count("\n")) == (0, "", 1)
    assert json.loads(out) == {
        "agent": "1001",
        "state": "TALK",
        "reason": None,
        "since": "2026-11-22T06:02:38Z",
        "next_state": None,
        "call": {
            "id": "c1",
            "direction": "inbound",
            "peer": "138",
            "state": "talk",
            "since": "2026-11-22T06:02:38Z",
            "line": "",
            "muted": True,
            "consultation": None,
        },
        "link": "online",
        "phone": "registered",
        "unsent": 3,
        "provisional": False,
        "locked": False,
        "exchange": "not_told",
        "held_back": 0,
        "owed": [],
        "terminals": 0,
        "break_queue": None,
    }
    seat.status = STATUS
    assert json.loads((await seats.types("status", "--json"))[1])["call"] is None


@pytest.mark.parametrize(("language", "word"), [("en", "Talk"), ("zh_CN", "通话")])
async def test_the_state_in_words_is_in_the_sites_time(
    seats: Seats, language: str, word: str
) -> None:
    seat = await seats.start("1001")
    seat.status = IN_A_CALL
    code, out, _ = await seats.types("--lang", language, "status")
    assert code == 0
    assert word in out
    assert "14:02:38" in out


async def test_watching_is_a_line_a_change_until_the_seat_is_gone(seats: Seats) -> None:
    seat = await seats.start("1001")
    watching = asyncio.create_task(seats.types("watch", "--json"))
    await eventually(lambda: any(each.status for each in seat.control._connections))
    for state in (State.RINGING, State.TALK):
        seat.shows(state)
        await asyncio.sleep(0)
    await seats.close()
    code, out, err = await watching
    assert (code, err) == (0, "")
    assert [json.loads(line)["state"] for line in out.splitlines()] == ["READY", "RINGING", "TALK"]


async def test_a_password_comes_by_standard_input(
    seats: Seats, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat = await seats.start("1001")
    monkeypatch.setattr(sys, "stdin", io.StringIO("pa55 word\nmore\n"))
    assert await seats.types("sign-in", "--password-stdin") == (0, "", "")
    assert seat.asked[-1] == desk.SignIn(seat.asked[-1].id, "pa55 word")
    monkeypatch.setattr(sys, "stdin", io.StringIO("code\r\n"))
    assert await seats.types("enrol", "--code-stdin") == (0, "", "")
    assert seat.asked[-1] == desk.EnrolDesk(seat.asked[-1].id, "code")


@pytest.mark.parametrize(
    "typed",
    [
        ("fly",),
        ("break",),
        ("break", "SYSTEM_FAULT"),
        ("break", "nothing"),
        ("next", "TALK"),
        ("dial",),
        ("consult",),
        ("message", "text"),
        ("message", "text", "--to", "1", "--team", "A"),
        ("ask", "1002", "READY", "text"),
        ("wrap-up", "--call-back-at", "soon"),
        ("status", "--lang", "fr"),
        ("sign-in", "--password", "x"),
    ],
)
async def test_a_wrong_command_line_is_two(seats: Seats, typed: tuple[str, ...]) -> None:
    await seats.start("1001")
    code, out, err = await seats.types(*typed)
    assert (code, out) == (2, "")
    assert err


async def test_help_suffices_in_both_languages(seats: Seats) -> None:
    for language in ("en", "zh_CN"):
        code, out, _ = await seats.types("--help", "--lang", language)
        assert code == 0
        assert load(language).text("client.command.acw_done") in out


async def test_a_broken_settings_file_is_refused_with_a_code(seats: Seats, tmp_path: Path) -> None:
    file = tmp_path / "client.toml"
    for content in (b"phone = 3\n", b"nonsense = 1\n", b"= =", b"\xff", b"[phone]\nport = 'x'"):
        file.write_bytes(content)
        code, _, err = await seats.types("status", "--config", str(file))
        assert (code, err.rpartition(" ")[2]) == (1, "[bad_setting]\n")
    assert (await seats.types("status", "--config", str(tmp_path / "none")))[0] == 1


async def test_the_language_may_stand_in_the_settings_file(seats: Seats, tmp_path: Path) -> None:
    file = tmp_path / "client.toml"
    file.write_text('lang = "zh_CN"\n', encoding="utf-8")
    for flags, language in (((), "zh_CN"), (("--lang", "en"), "en")):
        _, _, err = await seats.types("status", "--config", str(file), *flags)
        assert load(language).error("no_seat") in err


async def test_a_seat_and_a_terminal_need_to_know_whose(seats: Seats) -> None:
    for arguments in ((), ("--plain",), ("--supervisor",), ("seat",)):
        code, out, err = await seats.types(*arguments)
        assert (code, out) == (1, "")
        assert err.endswith(" [agent_needed]\n")


def test_the_program_says_it_with_its_exit_code(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "agent_client.cli", "status", "--json"],
        env={"SEATLINE_RUNTIME": str(tmp_path), "HOME": str(tmp_path), "PATH": ""},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(b"agent-client: ")
    assert done.stderr.endswith(b" [no_seat]\n")


@pytest.mark.parametrize(
    ("command", "refused"), [("sign-in", "no_password"), ("enrol", "bad_enrolment_code")]
)
async def test_without_a_terminal_a_secret_is_not_waited_for(
    seats: Seats, command: str, refused: str
) -> None:
    await seats.start("1001")
    typed = [sys.executable, "-m", "agent_client.cli", command]
    process = await asyncio.create_subprocess_exec(
        *typed,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    out, errors = await asyncio.wait_for(process.communicate(), 20)
    assert (process.returncode, b"Traceback" in out + errors) == (1, False)
    assert f"[{refused}]" in errors.decode()


IN_THE_QUEUE = OwnQueue((Reason.REST,), Reason.REST, place=2, wait_s=360, away=2, cap=2)


@pytest.mark.parametrize("typed", [("break", "REST"), ("next", "REST")])
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Break queue, Short break: place 2, about 6 min\n"),
        ("zh_CN", "小休排队（小休）：第 2 位，约 6 分钟\n"),
    ],
)
async def test_a_break_that_waits_for_its_turn_says_so_and_has_its_own_exit_code(
    seats: Seats, typed: tuple[str, ...], language: str, words: str
) -> None:
    seat = await seats.start("1001")
    seat.status = msgspec.structs.replace(seat.status, break_queue=IN_THE_QUEUE)
    assert await seats.types(*typed, "--lang", language) == (3, words, "")


async def test_what_is_no_break_does_not_wait_for_a_turn(seats: Seats) -> None:
    seat = await seats.start("1001")
    seat.status = msgspec.structs.replace(seat.status, break_queue=IN_THE_QUEUE)
    assert await seats.types("ready") == (0, "", "")
    assert await seats.types("next", "READY") == (0, "", "")


async def test_leaving_the_queue_and_a_break_after_an_abusive_call(seats: Seats) -> None:
    seat = await seats.start("1001")
    code, _, err = await seats.types("break", "REST", "--after-abuse")
    assert (code, "no_call" in err) == (1, True)
    last = desk_call.LastCall("c9", "138", "", desk_call.WrappedUp(), 1)
    seat.status = msgspec.structs.replace(seat.status, last_call=last)
    assert await seats.types("break", "REST", "--after-abuse") == (0, "", "")
    assert desk.Break(3, Reason.REST, "c9") in [
        msgspec.structs.replace(each, id=3) for each in seat.asked
    ]
    await seats.types("break", "CLEAR")
    asked = seat.asked[-1]
    assert isinstance(asked, AskService)
    assert asked.message == WithdrawBreak(0)
