"""What a call was about, told over the socket: checked, written when it is new, never lost."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from protocol.facts.call import CallDialled
from protocol.facts.record import AnyFact
from protocol.facts.wrap_up import CallBackPromised, CallBackSettled, CallWrappedUp
from protocol.rules.lines import CodeItem, Line
from protocol.wire import desk, desk_call, session
from protocol.wire.errors import Code, Refused
from protocol.wire.sync import Link
from tests.seat.rig import full_disk
from tests.seat.service import SERVER_MS, FakeService
from tests.seat.sitting import Child, Sitting

pytestmark = pytest.mark.usefixtures("quick")

NOW = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=SERVER_MS)
LOANS = Line(
    "loans",
    {"en": "Loans"},
    called=("95588",),
    categories=(CodeItem("rate", {"en": "Rate"}),),
    outcomes=(CodeItem("solved", {"en": "Solved"}),),
    actions=(CodeItem("letter", {"en": "Letter"}), CodeItem("sms", {"en": "Text message"})),
)


def told(sits: Sitting) -> list[AnyFact]:
    kinds = (CallWrappedUp, CallBackPromised, CallBackSettled)
    return [fact for fact in sits.facts() if isinstance(fact, kinds)]


async def wrap_up(sits: Sitting, **fields: object) -> str:
    return await sits.refusal(lambda id_: desk_call.WrapUp(id_, **fields))  # type: ignore[arg-type]  # as a test says


async def calls(sits: Sitting) -> tuple[desk_call.CallRow, ...]:
    answer = await sits.client.ask(desk_call.GetCalls)
    assert isinstance(answer, desk_call.Calls)
    return answer.calls


@pytest.fixture
async def talking(sits: Sitting, service: FakeService) -> Sitting:
    """Somebody in a call on a line with codes."""
    await sits.client.ask(desk.SignOut)
    service.lines = (LOANS,)
    await sits.sign_in()
    await sits.client.ask(desk.Ready)
    Child.made[-1].engine.far.peer_calls("13800138000", "李", "95588")
    await sits.until(lambda status: status.call is not None)
    await sits.client.ask(desk_call.Answer)
    return sits


async def test_what_is_told_is_on_the_disk_and_shown(talking: Sitting) -> None:
    assert await wrap_up(talking, category="rate", outcome="solved", note="利率") == "done"
    call = talking.status.call
    assert call is not None
    assert told(talking) == [CallWrappedUp(call.id, "loans", "rate", "solved", (), "利率")]
    status = await talking.until(
        lambda now: now.last_call is not None and now.last_call.wrapped_up.note == "利率"
    )
    assert status.last_call is not None
    assert (status.last_call.id, status.last_call.line) == (call.id, "loans")
    (row,) = await calls(talking)
    assert row.wrapped_up == status.last_call.wrapped_up


async def test_the_same_draft_is_written_once_and_another_takes_its_place(talking: Sitting) -> None:
    for note in ("利", "利率", "利率", "利率", "利率下调"):
        await wrap_up(talking, note=note)
    notes = [fact.note for fact in told(talking) if isinstance(fact, CallWrappedUp)]
    assert notes == ["利", "利率", "利率下调"]


@pytest.mark.parametrize(
    "fields", [{"category": "x"}, {"outcome": "x"}, {"actions": ("letter", "x")}]
)
async def test_codes_are_the_lines_own(talking: Sitting, fields: dict[str, object]) -> None:
    with pytest.raises(Refused) as refused:
        await talking.client.ask(lambda id_: desk_call.WrapUp(id_, **fields))  # type: ignore[arg-type]  # as a test says
    assert refused.value.code == Code.UNKNOWN_CODE
    assert refused.value.params == {"line": "loans", "code": "x"}
    assert told(talking) == []


async def test_without_a_line_there_is_a_note_and_no_code(sits: Sitting) -> None:
    await sits.talking()
    assert await wrap_up(sits, category="rate") == Code.UNKNOWN_CODE
    assert await wrap_up(sits, note="x" * 2001) == Code.BAD_TEXT
    assert await wrap_up(sits, note="x" * 2000) == "done"


@pytest.mark.parametrize(
    "at",
    [
        NOW - timedelta(seconds=1),
        NOW.replace(tzinfo=None),
        datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-23))),
    ],
)
async def test_a_call_back_is_promised_for_a_time_to_come(talking: Sitting, at: datetime) -> None:
    assert await wrap_up(talking, call_back_at=at, note="x") == Code.BAD_TIME
    assert told(talking) == []


async def test_a_promise_is_owed_until_it_is_moved_taken_back_or_settled(talking: Sitting) -> None:
    first, later = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
    for at in (first, first, later):
        assert await wrap_up(talking, call_back_at=at) == "done"
    promised = [fact.due_ms for fact in told(talking) if isinstance(fact, CallBackPromised)]
    assert promised == [SERVER_MS + 3_600_000, SERVER_MS + 7_200_000]
    (row,) = await calls(talking)
    assert (row.owed, row.due) == (True, later)
    assert await wrap_up(talking) == "done"
    (row,) = await calls(talking)
    assert (row.owed, row.due) == (False, None)
    assert await wrap_up(talking, call_back_at=later) == "done"
    settle = lambda id_: desk_call.SettleCallBack(id_, row.id, "客户已来电")  # noqa: E731 - said twice
    assert await talking.refusal(settle) == "done"
    assert told(talking)[-1] == CallBackSettled(row.id, reason="客户已来电")
    assert await talking.refusal(settle) == Code.UNKNOWN_CALL


async def test_the_note_of_a_call_can_be_corrected_when_the_promised_time_is_over(
    talking: Sitting,
) -> None:
    at = NOW + timedelta(hours=1)
    await wrap_up(talking, call_back_at=at, note="x")
    mono = talking.seat.clock._mono
    talking.seat.clock._mono = lambda: mono() + 7_200_000
    assert await wrap_up(talking, call_back_at=at, note="y") == "done"
    assert await wrap_up(talking, call_back_at=at + timedelta(minutes=1)) == Code.BAD_TIME


async def test_a_reason_is_needed_to_settle(talking: Sitting) -> None:
    await wrap_up(talking, call_back_at=NOW + timedelta(hours=1))
    (row,) = await calls(talking)
    code = await talking.refusal(lambda id_: desk_call.SettleCallBack(id_, row.id, " "))
    assert code == Code.BAD_TEXT


async def test_any_call_of_today_can_be_told_about_and_no_other(talking: Sitting) -> None:
    await talking.client.ask(desk_call.Hangup)
    await talking.client.ask(desk.AcwDone)
    assert await wrap_up(talking, note="after it") == "done"
    first = (await calls(talking))[0].id
    await talking.talking()
    assert await wrap_up(talking, call_id=first, note="much later") == "done"
    assert await wrap_up(talking, call_id="nothing", note="x") == Code.UNKNOWN_CALL


async def test_nobody_tells_of_a_call_who_is_not_signed_in(talking: Sitting) -> None:
    await talking.client.ask(desk_call.Hangup)
    await talking.client.ask(desk.AcwDone)
    await talking.client.ask(desk.SignOut)
    assert await wrap_up(talking, note="x") == "not_signed_in"


async def test_a_full_disk_refuses_it_and_takes_it_when_it_is_sent_again(talking: Sitting) -> None:
    await talking.until(lambda status: status.unsent == 0)
    with full_disk(talking.place.outbox):
        assert await wrap_up(talking, note="利率") == Code.DISK_FAILED
        assert told(talking) == []
    assert await wrap_up(talking, note="利率") == "done"


async def test_it_needs_no_service_and_is_delivered_once(
    talking: Sitting, service: FakeService
) -> None:
    await service.close()
    await talking.until(lambda status: status.link is Link.OFFLINE)
    assert await wrap_up(talking, note="利率") == "done"
    await service.open()
    await talking.until(lambda status: status.link is Link.ONLINE and status.unsent == 0)
    assert service.has(service.of(session.SignIn)[-1].session) == list(
        range(1, len(talking.facts()) + 1)
    )


async def test_calling_back_needs_no_number_and_settles_what_is_owed(talking: Sitting) -> None:
    Child.made[-1].dies()
    await talking.until(lambda status: status.owed == ("13800138000",))
    await talking.until(lambda status: status.phone is desk.PhoneState.REGISTERED)
    await talking.client.ask(desk.AcwDone)
    (row,) = await calls(talking)
    assert (row.owed, row.can_call_back) == (True, True)
    await talking.client.ask(lambda id_: desk_call.Dial(id_, "", row.id))
    dialled = [fact for fact in talking.facts() if isinstance(fact, CallDialled)]
    assert [(fact.peer, fact.line) for fact in dialled] == [("13800138000", "loans")]
    far = Child.made[-1].engine.far
    far.peer_answers(dialled[0].call_id)
    await talking.until(lambda status: status.owed == ())
    assert CallBackSettled(row.id, by_call=dialled[0].call_id) in talking.facts()
    assert not any(each.owed for each in await calls(talking))


async def test_a_call_that_is_not_known_can_not_be_paid_back(talking: Sitting) -> None:
    code = await talking.refusal(lambda id_: desk_call.Dial(id_, "", "nothing"))
    assert code == Code.UNKNOWN_CALL


async def test_what_is_said_twice_or_around_it_does_not_swell_a_fact(talking: Sitting) -> None:
    at = NOW + timedelta(hours=1)
    assert await wrap_up(talking, actions=("sms",) * 9999, call_back_at=at) == "done"
    (row,) = await calls(talking)
    assert row.wrapped_up.actions == ("sms",)
    reason = "x" + " " * 9999
    code = await talking.refusal(lambda id_: desk_call.SettleCallBack(id_, row.id, reason))
    assert (code, told(talking)[-1]) == ("done", CallBackSettled(row.id, reason="x"))
