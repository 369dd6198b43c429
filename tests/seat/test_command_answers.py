"""Commands that read from the seat what they leave open, and what they print of its answers."""

import json
from datetime import UTC, datetime

import msgspec
import pytest

from agent_client import seat_words
from agent_client.asking import request
from agent_client.command_line import make_parser
from agent_client.typed_secrets import GivenSecrets, given_ahead
from protocol.facts.call import Direction
from protocol.facts.order import OrderKind
from protocol.i18n import LANGUAGES, load
from protocol.wire import desk, desk_call, desk_floor
from protocol.wire.desk_call import CallRow, LastCall, WrappedUp
from protocol.wire.errors import Refused
from protocol.wire.orders import Order
from tests.seat.control.desk import STATUS

AT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
SAID = WrappedUp(category="bill", outcome="solved", actions=("note",), note="asked twice")
NO_SECRETS = GivenSecrets()
LAST = LastCall("c1", "138", "Billing", SAID, 1)
ORDER = Order("o1", OrderKind.MESSAGE, "2001", "Chen", "see\x1b[2J me", 0, 1)
ROW = CallRow(
    id="c5",
    at=AT,
    direction=Direction.INBOUND,
    peer="13800138000",
    peer_name="Li",
    answered=True,
    missed="",
    ended="bye",
    talk_s=61,
    line="Billing",
    wrapped_up=WrappedUp(),
    owed=False,
    due=None,
    can_call_back=True,
)


def row(id: str, **fields: object) -> CallRow:
    return msgspec.structs.replace(ROW, id=id, **fields)


async def asked(
    *typed: str,
    status: desk.Status = STATUS,
    calls: tuple[CallRow, ...] = (),
    secrets: GivenSecrets = NO_SECRETS,
) -> desk.AnyRequest:
    """What a command asks of a seat that says this of itself."""

    async def ask(make) -> desk.AnyAnswering:
        if make is desk.GetStatus:
            return status
        assert make is desk_call.GetCalls
        return desk_call.Calls(1, calls)

    parsed = make_parser(load("en")).parse_args(typed)
    return (await request(parsed, secrets, ask))(7)


async def test_what_a_wrap_up_leaves_out_stays() -> None:
    status = msgspec.structs.replace(STATUS, last_call=LAST, zone="Asia/Shanghai")
    said = await asked("wrap-up", "--outcome", "open", "--note", "", status=status)
    assert said == desk_call.WrapUp(7, "", "bill", "open", ("note",), "")
    said = await asked("wrap-up", "--action", "a", "--action", "b", status=status)
    assert said == desk_call.WrapUp(7, "", "bill", "solved", ("a", "b"), "asked twice")


async def test_a_promised_time_is_the_sites() -> None:
    status = msgspec.structs.replace(STATUS, last_call=LAST, zone="Asia/Shanghai")
    said = await asked("wrap-up", "--call-back-at", "2026-11-30T15:00", status=status)
    assert said.call_back_at == datetime(2026, 11, 30, 7, 0, tzinfo=UTC)
    said = await asked("wrap-up", "--call-back-at", "2026-11-30T15:00+00:00", status=status)
    assert said.call_back_at == datetime(2026, 11, 30, 15, 0, tzinfo=UTC)


async def test_an_earlier_call_is_wrapped_up_by_its_id() -> None:
    calls = (row("c5", wrapped_up=SAID),)
    said = await asked("wrap-up", "--call", "c5", "--note", "x", calls=calls)
    assert said == desk_call.WrapUp(7, "c5", "bill", "solved", ("note",), "x")
    with pytest.raises(Refused, match="unknown_call"):
        await asked("wrap-up", "--call", "c6", calls=calls)
    with pytest.raises(Refused, match="no_call"):
        await asked("wrap-up", "--note", "x")


async def test_who_waits_longest_is_called_back_first() -> None:
    calls = (
        row("new", owed=True, at=AT.replace(hour=9)),
        row("old", owed=True, at=AT.replace(hour=3)),
        row("promised", owed=True, at=AT.replace(hour=1), due=AT.replace(hour=5)),
        row("unreachable", owed=True, at=AT.replace(hour=0), can_call_back=False),
        row("settled", at=AT.replace(hour=0)),
    )
    assert await asked("call-back", calls=calls) == desk_call.Dial(7, "", "old")
    with pytest.raises(Refused, match="no_call"):
        await asked("call-back", calls=calls[3:])


async def test_the_oldest_message_is_the_one_that_was_read() -> None:
    status = msgspec.structs.replace(STATUS, orders=(ORDER,))
    assert await asked("seen", status=status) == desk.SeeOrder(7, "o1")
    with pytest.raises(Refused, match="unknown_order"):
        await asked("seen")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (("sign-in",), desk.SignIn(7, "old")),
        (("sign-in", "--take-over"), desk.SignIn(7, "old", take_over=True)),
        (("sign-in", "--new-password"), desk.SignIn(7, "old", "new")),
        (("password",), desk.ChangePassword(7, "old", "new")),
        (("unlock",), desk.Unlock(7, "old")),
        (("enrol",), desk.EnrolDesk(7, "old")),
    ],
)
async def test_secrets_are_put_where_they_belong(
    typed: tuple[str, ...], expected: desk.AnyRequest
) -> None:
    parsed = make_parser(load("en")).parse_args(typed)
    read = given_ahead(parsed, GivenSecrets("old", "new"), "1001")
    assert await asked(*typed, secrets=read) == expected


def lines(command: str, answer: desk.AnyAnswering, *, as_json: bool) -> list[str]:
    made = seat_words.answer_lines(command, answer, load("en"), as_json=as_json)
    return list(made)


def test_a_status_says_what_is_out_of_the_ordinary() -> None:
    call = desk_call.Call(
        "c1", Direction.INBOUND, "138", "", desk_call.CallState.TALK, AT, muted=True
    )
    busy = msgspec.structs.replace(
        STATUS, call=call, next_state="NOT_READY:MEAL", owed=("139",), locked=True
    )
    (line,) = lines("status", busy, as_json=False)
    assert line.endswith("then Meal  muted  1 to call back  screen locked")


def test_calls_are_a_line_each() -> None:
    rows = (row("c5"), row("c6", owed=True, talk_s=None, peer_name="a\nb"))
    calls = desk_call.Calls(1, rows, "Asia/Shanghai")
    words = lines("calls", calls, as_json=False)
    assert words[0].startswith("2026-11-22 14:00:00  from  13800138000")
    assert words[0].endswith("  c5")
    assert "call-back owed" in words[1]
    assert "a b" in words[1]
    as_json = [json.loads(line) for line in lines("calls", calls, as_json=True)]
    assert [call["id"] for call in as_json] == ["c5", "c6"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_can_command_no_terminal(language: str) -> None:
    status = msgspec.structs.replace(STATUS, orders=(ORDER,))
    made = seat_words.answer_lines("orders", status, load(language), as_json=False)
    (line,) = made
    assert "see [2J me" in line
    assert line.isprintable()


def test_a_one_time_code_is_printed_with_its_end() -> None:
    code = desk_floor.ResetCode(1, "AB-CD", AT, "Asia/Shanghai")
    (line,) = lines("reset-code", code, as_json=False)
    assert line.startswith("AB-CD  (valid until 2026-11-22 14:00;")
