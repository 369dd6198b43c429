"""What is remembered of calls, and what a seat is told of a number that rings."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_service.calls import store
from agent_service.calls.numbers import normalise
from agent_service.calls.row import CallRow
from agent_service.commands.ledger import rebuild
from protocol.facts.call import (
    CallAnswered,
    CallDialled,
    CallEnded,
    CallMissed,
    CallOffered,
    EndCause,
    MissCause,
    ReleasedBy,
)
from protocol.facts.record import AnyFact
from protocol.facts.wrap_up import CallBackPromised, CallBackSettled, CallWrappedUp
from protocol.wire.calls import MAX_RECALLED, PastCall, Recall, Recalled
from protocol.wire.errors import Refused
from tests.service.client import Client
from tests.service.conftest import SignedIn
from tests.service.ledgers import Ledger, new_ledger
from tests.service.test_backup import quiet

NUMBER = "13812345678"
ENDED = CallEnded("c1", EndCause.BYE, ReleasedBy.PEER)
LOST = CallEnded("c1", EndCause.SEAT_LOST, ReleasedBy.UNKNOWN)


def remembered(folder: Path, *parts: tuple[int | None, Sequence[AnyFact]]) -> CallRow:
    """The one call that the facts tell of, each part at its time."""
    with new_ledger(folder / "data") as ledger:
        ledger.begin("1001", "a")
        for at_ms, facts in parts:
            ledger.append("a", facts, at_ms)
            forget(ledger)
        ledger.verify()
        (row,) = store.told_since(ledger.connection, 0)
        return row


def forget(ledger: Ledger) -> None:
    """As if the service had been started anew."""
    ledger.appender.load(ledger.connection)


async def recall(client: Client, peer: str) -> tuple[PastCall, ...]:
    reply = await client.request(Recall(client.next_id(), peer))
    assert isinstance(reply, Recalled)
    return reply.calls


def test_a_call_is_folded_from_its_facts_over_restarts(tmp_path: Path) -> None:
    row = remembered(
        tmp_path,
        (1_900, [CallOffered("c1", "+86 138 1234 5678", line="service")]),
        (3_100, [CallAnswered("c1")]),
        (3_999, [ENDED]),
        (3_999, [CallWrappedUp("c1", "service", "order", "open", (), "first")]),
        (None, [CallWrappedUp("c1", "", "order", "solved", ("chase",), "second")]),
    )
    assert (row.number, row.direction, row.at_ms, row.line) == (NUMBER, "inbound", 1_900, "service")
    assert (row.answered, row.missed, row.talk_s) == (True, False, 0)
    assert (row.category, row.outcome, row.note) == ("order", "solved", "second")


def test_talk_is_counted_in_floored_seconds(tmp_path: Path) -> None:
    facts = [(1_900, [CallDialled("c1", NUMBER)]), (1_999, [CallAnswered("c1")]), (3_000, [ENDED])]
    row = remembered(tmp_path, *facts)
    assert (row.direction, row.talk_s) == ("outbound", 2)


@pytest.mark.parametrize(
    "facts",
    [
        [(1_000, CallOffered("c1", NUMBER)), (None, CallAnswered("c1")), (2_000, ENDED)],
        [(1_000, CallOffered("c1", NUMBER)), (1_000, CallAnswered("c1")), (None, ENDED)],
        [(1_000, CallOffered("c1", NUMBER)), (1_000, CallAnswered("c1")), (2_000, LOST)],
    ],
    ids=["no answer's time", "no end's time", "seat lost"],
)
def test_a_time_that_nobody_knows_makes_no_talk(
    tmp_path: Path, facts: list[tuple[int | None, AnyFact]]
) -> None:
    row = remembered(tmp_path, *((at, [fact]) for at, fact in facts))
    assert (row.answered, row.talk_s) == (True, None)


def test_a_miss_and_a_time_that_is_later_than_its_receipt(tmp_path: Path) -> None:
    facts = [CallOffered("c1", "anonymous"), CallMissed("c1", MissCause.TIMEOUT)]
    row = remembered(tmp_path, (9_999, facts))
    assert (row.number, row.missed, row.missed_ms, row.at_ms) == ("", True, 4_000, 4_000)


def test_what_a_late_session_tells_without_a_beginning_is_kept(tmp_path: Path) -> None:
    row = remembered(tmp_path, (None, [ENDED, CallBackPromised("c1", NUMBER, 7_000)]))
    assert (row.direction, row.number, row.order_ms, row.promised_ms) == (
        None,
        NUMBER,
        4_000,
        7_000,
    )


def test_calls_that_left_memory_are_gone_on_with_from_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent_service.ledger.keyed._KEPT", 2)
    monkeypatch.setattr("agent_service.ledger.slices.SLICE", 3)
    names = [f"c{number}" for number in range(6)]
    with new_ledger(tmp_path / "data") as ledger:
        ledger.begin("1001", "a")
        for name in names:
            ledger.append("a", [CallOffered(name, NUMBER)])
        for name in names:
            ledger.append("a", [CallAnswered(name), CallWrappedUp(name, "", "", name, (), "")])
        ledger.verify()
        for _ in range(2):
            rows = store.with_number(ledger.connection, NUMBER)
            known = sorted((row.outcome, row.answered) for row in rows)
            assert known == [(name, True) for name in names]
            rebuild(ledger.folder, quiet)
        ledger.verify()


async def test_a_number_that_rings_is_remembered_whoever_took_it(signed_in: SignedIn) -> None:
    one, other = await signed_in("1001"), await signed_in("1002")
    await one.record(CallOffered("c1", NUMBER, line="service"), at_ms=60_000)
    await one.record(CallAnswered("c1"), first=2, at_ms=65_000)
    await one.record(
        ENDED,
        CallWrappedUp("c1", "service", "order", "solved", (), "sent\nagain"),
        first=3,
        at_ms=95_500,
    )
    await other.record(
        CallOffered("c1", f"sip:0086{NUMBER}@10.0.0.1"),
        CallMissed("c1", MissCause.TIMEOUT),
        CallBackPromised("c1", NUMBER, 700_000),
        at_ms=120_000,
    )
    missed, taken = await recall(other, f"0{NUMBER}")
    assert taken == PastCall(
        datetime.fromtimestamp(60, UTC),
        "inbound",
        "1001",
        "王芳",
        True,
        30,
        "service",
        "order",
        "solved",
        "sent\nagain",
        call_id=taken.call_id,
    )
    assert (missed.agent, missed.answered, missed.talk_s) == ("1002", False, None)
    assert missed.call_id == "c1"
    assert missed.promised == datetime.fromtimestamp(700, UTC)
    await other.record(CallBackSettled("c1", by_call="c2"), first=4)
    assert [call.promised for call in await recall(other, NUMBER)] == [None, None]
    assert await recall(await signed_in("2001"), NUMBER) != ()
    assert await recall(one, "anonymous") == ()


async def test_only_the_newest_are_told(signed_in: SignedIn) -> None:
    client = await signed_in("1001")
    calls = [CallDialled(f"c{number}", NUMBER) for number in range(MAX_RECALLED + 5)]
    for number, call in enumerate(calls):
        await client.record(call, first=number + 1, at_ms=1_000 * number)
    past = await recall(client, NUMBER)
    assert [call.at for call in past] == [
        datetime.fromtimestamp(number, UTC) for number in range(MAX_RECALLED + 4, 4, -1)
    ]


async def test_what_a_seat_names_at_length_makes_no_answer_too_long(signed_in: SignedIn) -> None:
    client = await signed_in("1001")
    for number in range(MAX_RECALLED):
        strange = "\x01" * 10_000
        name = f"{number}{strange}"
        wrapped_up = CallWrappedUp(name, strange, strange, strange, (), strange)
        await client.record(CallDialled(name, NUMBER), wrapped_up, first=2 * number + 1)
    assert len(await recall(client, NUMBER)) == MAX_RECALLED


async def test_recalling_has_a_limit(signed_in: SignedIn) -> None:
    client = await signed_in("1001")
    with pytest.raises(Refused, match="too_many_requests"):
        for _ in range(1000):
            await recall(client, NUMBER)


@pytest.mark.parametrize(
    ("peer", "number"),
    [
        ("13812345678", "13812345678"),
        ("+8613812345678", "13812345678"),
        ("+86 138-1234-5678", "13812345678"),
        ("008613812345678", "13812345678"),
        ("013812345678", "13812345678"),
        ("sip:13812345678@10.0.0.1:5060", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("02165432100", "2165432100"),
        ("+862165432100", "2165432100"),
        ("+86 (0)21 6543 2100", "2165432100"),
        ("8610", "8610"),
        ("8612345", "8612345"),
        ("+49 30 901820", "4930901820"),
        ("004930901820", "4930901820"),
        ("0", "0"),
        ("000", "000"),
        ("1002", "1002"),
        ("anonymous", ""),
        ("agent7", ""),
        ("sip:reception@example.org", ""),
        ("", ""),
        ("*97", ""),
    ],
)
def test_one_number_has_one_spelling(peer: str, number: str) -> None:
    assert normalise(peer) == number


@given(st.text() | st.text(st.sampled_from("0123456789+- ")))
def test_any_text_has_a_spelling_of_digits(peer: str) -> None:
    number = normalise(peer)
    assert number == "" or (number.isascii() and number.isdigit())
    assert len(number) <= 32
