"""The calls of a seat and what is owed to customers, folded from facts that a test writes down."""

from hypothesis import given
from hypothesis import strategies as st

from agent_client.seat.call_rows import (
    ROW_BYTES,
    call_back_target,
    past_calls,
    rows,
    wrapped_up,
)
from agent_client.seat.calls import CallLog, CallRecord
from protocol.facts.call import (
    CallAnswered,
    CallBackOwed,
    CallDialled,
    CallEnded,
    CallHeld,
    CallMissed,
    CallOffered,
    Direction,
    EndCause,
    MissCause,
    ReleasedBy,
)
from protocol.facts.record import AnyFact
from protocol.facts.wrap_up import CallBackPromised, CallBackSettled, CallWrappedUp
from protocol.rules.placing import Placed
from tests.seat.rig import signed_in

MIDNIGHT = 1_800_000_000_000
CUSTOMER, URI = "13800138000", "sip:13800138000@192.0.2.7:5060"


def story(*facts: AnyFact, at_ms: int = MIDNIGHT) -> list[Placed]:
    """One fact a second."""
    return [(at_ms + 1000 * second, fact) for second, fact in enumerate(facts)]


def inbound(call_id: str, peer: str = CUSTOMER, uri: str = "") -> tuple[AnyFact, ...]:
    return (
        CallOffered(call_id, peer, "李", line="loans", peer_uri=uri),
        CallAnswered(call_id),
        CallHeld(call_id),
        CallEnded(call_id, EndCause.BYE, ReleasedBy.PEER),
    )


def missed(call_id: str, cause: MissCause = MissCause.TIMEOUT, uri: str = "") -> list[AnyFact]:
    ended = CallEnded(call_id, EndCause.NO_ANSWER, ReleasedBy.SYSTEM)
    return [CallOffered(call_id, CUSTOMER, peer_uri=uri), CallMissed(call_id, cause), ended]


def outbound(call_id: str, target: str) -> list[AnyFact]:
    return [CallDialled(call_id, target), CallAnswered(call_id)]


def owed(*facts: AnyFact) -> list[str]:
    return [each.id for each in CallLog(story(*facts)) if each.owed]


def shown(log: CallLog, exchange: str = "", anchored: bool = True) -> list[str]:
    return [row.id for row in rows(log, MIDNIGHT, anchored=anchored, exchange=exchange)]


def test_a_call_is_what_its_facts_tell() -> None:
    (row,) = rows(CallLog(story(*inbound("a"))), MIDNIGHT, anchored=True, exchange="pbx")
    assert (row.id, row.peer, row.peer_name, row.line) == ("a", CUSTOMER, "李", "loans")
    assert (row.answered, row.ended, row.talk_s, row.missed) == (True, "bye", 2, "")
    assert (row.direction, row.owed, row.due, row.can_call_back) == ("inbound", False, None, True)
    assert row.at is not None


def test_a_missed_call_says_why_and_is_owed() -> None:
    for cause in MissCause:
        (row,) = rows(CallLog(story(*missed("a", cause))), MIDNIGHT, anchored=True, exchange="")
        assert (row.missed, row.answered, row.owed, row.talk_s) == (cause, False, True, None)


def test_a_caller_who_gave_up_was_not_missed_and_is_owed_nothing() -> None:
    ended = CallEnded("a", EndCause.CALLER_LEFT, ReleasedBy.PEER)
    assert owed(CallOffered("a", CUSTOMER), ended) == []


def test_who_was_spoken_to_since_is_owed_nothing_whoever_called() -> None:
    assert owed(*missed("a"), CallBackOwed("a", CUSTOMER)) == ["a"]
    assert owed(*missed("a"), *inbound("b")) == []
    assert owed(*missed("a"), *outbound("b", CUSTOMER)) == []
    assert owed(*missed("a"), CallDialled("b", CUSTOMER)) == ["a"]
    assert owed(*inbound("b"), *missed("a")) == ["a"]
    assert owed(*missed("a"), *outbound("b", "10086")) == ["a"]


def test_a_customer_is_recognised_by_the_address_too() -> None:
    assert owed(*missed("a", uri=URI), *outbound("b", URI)) == []


def test_customers_without_a_number_are_not_one_and_the_same() -> None:
    nobody: list[AnyFact] = [CallOffered("a", ""), CallMissed("a", MissCause.REJECT)]
    assert owed(*nobody, CallOffered("b", ""), CallAnswered("b")) == ["a"]


def test_a_promise_is_kept_by_calling_and_not_by_being_called() -> None:
    promised = CallBackPromised("a", CUSTOMER, MIDNIGHT + 10**7)
    assert owed(*inbound("a"), promised) == ["a"]
    assert owed(*inbound("a"), promised, *inbound("b")) == ["a"]
    assert owed(*inbound("a"), promised, *outbound("b", CUSTOMER)) == []


def test_what_is_settled_is_owed_no_more_until_it_is_promised_again() -> None:
    promised = CallBackPromised("a", CUSTOMER, MIDNIGHT)
    settled = CallBackSettled("a", reason="解决了")
    assert owed(*inbound("a"), promised, settled) == []
    assert owed(*inbound("a"), promised, settled, promised) == ["a"]


def test_numbers_that_a_fault_of_ours_cut_off_are_named_once() -> None:
    facts = [*inbound("a"), CallBackOwed("a", CUSTOMER), *inbound("b", "139")]
    facts += [CallBackOwed("b", "139"), *missed("c")]
    assert CallLog(story(*facts)).cut_off() == (CUSTOMER, "139")
    assert CallLog(story(*facts, *outbound("d", CUSTOMER))).cut_off() == ("139",)


def test_when_a_call_ended_that_died_with_its_seat_nobody_knows() -> None:
    lost = CallEnded("a", EndCause.SEAT_LOST, ReleasedBy.UNKNOWN)
    (known,) = CallLog(story(CallOffered("a", CUSTOMER), CallAnswered("a"), lost))
    assert (known.ended, known.talk_s) == ("seat_lost", None)


def test_today_comes_first_the_newest_first_and_then_what_is_owed_from_before() -> None:
    before = MIDNIGHT - 10**6
    facts = story(*missed("old"), *inbound("done", "139"), at_ms=before)
    facts += story(*inbound("first", "150"), *inbound("second", "151"))
    assert shown(CallLog(facts)) == ["second", "first", "old"]


def test_a_call_whose_time_nobody_knows_is_of_today_while_there_is_no_clock() -> None:
    facts: list[Placed] = [(None, fact) for fact in inbound("a")]
    assert shown(CallLog(facts), anchored=False) == ["a"]
    assert shown(CallLog(facts), anchored=True) == []


def test_a_day_of_long_notes_fits_into_one_line() -> None:
    facts: list[AnyFact] = []
    for number in range(300):
        note = CallWrappedUp(str(number), "loans", "", "", (), "好" * 2000)
        facts += [*inbound(str(number)), note]
    found = rows(CallLog(story(*facts)), MIDNIGHT, anchored=True, exchange="")
    assert 50 < len(found) < 300
    assert found[0].id == "299"
    assert len(found) * (ROW_BYTES + 6000) <= 600_000


def call(peer: str, uri: str = "") -> CallRecord:
    return CallRecord("a", None, Direction.INBOUND, peer, peer_uri=uri)


def test_what_can_be_called_back_depends_on_the_phone() -> None:
    assert call_back_target(call(CUSTOMER, URI), "pbx:5060") == CUSTOMER
    assert call_back_target(call(CUSTOMER, URI), "") == URI
    assert call_back_target(call(CUSTOMER), "") is None
    assert call_back_target(call("sip:4711@a.invalid"), "") == "sip:4711@a.invalid"
    assert call_back_target(call("anonymous", "sip:x@y?z=1"), "pbx:5060") is None
    assert call_back_target(call(""), "pbx:5060") is None


def test_the_last_wrap_up_holds_and_a_promise_goes_with_it() -> None:
    first = CallWrappedUp("a", "loans", "c1", "o1", ("x",), "第一")
    second = CallWrappedUp("a", "loans", "c2", "o2", (), "第二")
    promised = CallBackPromised("a", CUSTOMER, MIDNIGHT)
    log = CallLog(story(*inbound("a"), first, promised, second))
    known = log.find("a")
    assert known is not None
    told = wrapped_up(known)
    assert (told.category, told.outcome, told.actions, told.note) == ("c2", "o2", (), "第二")
    assert told.call_back_at is not None


def test_past_calls_are_those_that_are_over_with_the_same_number() -> None:
    note = CallWrappedUp("a", "loans", "c", "o", (), "贷款")
    log = CallLog(story(*inbound("a"), note, *inbound("x", "139"), CallOffered("now", CUSTOMER)))
    (past,) = past_calls(log, CUSTOMER, signed_in())
    assert (past.agent, past.agent_name, past.answered, past.talk_s) == ("1001", "王丽", True, 2)
    assert (past.line, past.category, past.outcome, past.note) == ("loans", "c", "o", "贷款")


def test_facts_of_a_call_that_is_not_known_change_nothing() -> None:
    log = CallLog(
        story(CallAnswered("x"), CallBackSettled("x"), CallWrappedUp("x", "", "", "", (), ""))
    )
    assert (list(log), log.last()) == ([], None)


NAMES = st.sampled_from("abc")
FACTS = st.one_of(
    st.builds(CallOffered, NAMES, st.sampled_from(["1", "2", ""])),
    st.builds(CallDialled, NAMES, st.sampled_from(["1", "2"])),
    st.builds(CallAnswered, NAMES),
    st.builds(CallMissed, NAMES, st.sampled_from(MissCause)),
    st.builds(CallBackOwed, NAMES, st.sampled_from(["1", "2"])),
    st.builds(CallBackPromised, NAMES, st.just("1"), st.just(5)),
    st.builds(CallBackSettled, NAMES),
)


@given(st.lists(FACTS))
def test_whatever_comes_the_owed_are_shown_and_the_cut_off_are_among_them(
    facts: list[AnyFact],
) -> None:
    log = CallLog(story(*facts))
    found = rows(log, MIDNIGHT, anchored=True, exchange="pbx")
    assert [row.id for row in found] == [each.id for each in reversed(list(log))]
    assert {row.id for row in found if row.due is not None} <= {row.id for row in found if row.owed}
    assert set(log.cut_off()) <= {row.peer for row in found if row.owed}
