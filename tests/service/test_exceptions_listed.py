"""The queue of exceptions: who sees whose, how much of it, and what each lead has decided."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from agent_service.appending import appending
from agent_service.exceptions import listing
from agent_service.exceptions.incidents import IncidentProjector
from agent_service.exceptions.projector import ExceptionProjector
from agent_service.exceptions.row import proposed
from agent_service.exceptions.waiting import PendingExceptions
from agent_service.ledger.append import Appender
from agent_service.ledger.chain import Entry
from agent_service.opening import open_database
from agent_service.plan_corrections.projector import CorrectionProjector
from protocol.facts.correction import (
    ExceptionDecided,
    ExceptionProposed,
    ExceptionWithdrawn,
    Overlay,
    PlanCorrectionDecided,
    PlanCorrectionProposed,
    PlanInstead,
)
from protocol.facts.record import AnyFact
from protocol.facts.shift import IncidentConfirmed, IncidentDecided
from protocol.wire import codec
from protocol.wire.exceptions import ExceptionRow, ExceptionsDecided, GetExceptions, Share
from tests.service.conftest import STAFF, SignedIn
from tests.service.exception_requests import (
    days_ago,
    decided,
    listed,
    made,
    proposal,
    refusal,
    withdrawn,
)
from tests.service.ledgers import new_ledger
from tests.service.people import CLOCK

PEOPLE = {person.number: person for person in STAFF}
ENTRY = Entry(1, "own", 1, "", "k", 0, 0, 0, 0, b"", b"", b"")
WORST = "\U0001f600" * 1000
"""As long as a text may be, and as long as each of its letters may be on the wire."""


def fact(number: int, agent: str = "1001", text: str = "", days: int = 1) -> ExceptionProposed:
    """One that somebody asked for."""
    return ExceptionProposed(
        f"e{number:04}",
        agent,
        days_ago(days),
        number,
        number + 1,
        Overlay.EXCUSE,
        "COACHING",
        text,
        agent,
        evidence=(text[:200],) * 16,
    )


def names(rows: tuple[ExceptionRow, ...]) -> list[str]:
    return [row.agent for row in rows]


@pytest.mark.parametrize(
    ("actor", "whose", "seen"),
    [
        ("1001", {}, ["1001"]),
        ("1001", {"agent": "1001"}, ["1001"]),
        ("2001", {}, ["1001"]),
        ("2001", {"agent": "1001"}, ["1001"]),
        ("2001", {"agent": "2001"}, ["2001"]),
        ("2001", {"team": "A"}, ["1001"]),
        ("2002", {}, []),
        ("3001", {}, ["2001", "1003", "1002", "1001"]),
        ("3001", {"agent": "1003"}, ["1003"]),
        ("3001", {"team": "A"}, ["2001", "1001"]),
        ("3001", {"team": "B"}, ["1002"]),
    ],
)
async def test_who_sees_whose(
    signed_in: SignedIn, data: Path, actor: str, whose: dict[str, str], seen: list[str]
) -> None:
    with appending(data, CLOCK) as books:
        for number, agent in enumerate(("1001", "1002", "1003", "2001")):
            books.appender.record(books.connection, fact(number, agent))
    assert names((await listed(await signed_in(actor), **whose)).rows) == seen


@pytest.mark.parametrize(
    ("actor", "whose", "code"),
    [
        ("1001", {"agent": "1002"}, "not_permitted"),
        ("1001", {"team": "A"}, "not_permitted"),
        ("2001", {"agent": "1002"}, "not_permitted"),
        ("2001", {"agent": "1003"}, "not_permitted"),
        ("2001", {"team": "B"}, "not_permitted"),
        ("3001", {"team": "Z"}, "unknown_team"),
        ("3001", {"agent": "9999"}, "unknown_agent"),
        ("3001", {"agent": "1001", "team": "A"}, "malformed_message"),
    ],
)
async def test_what_is_not_shown(
    signed_in: SignedIn, actor: str, whose: dict[str, str], code: str
) -> None:
    client = await signed_in(actor)
    message = GetExceptions(client.next_id(), days_ago(1), days_ago(0), **whose)
    assert await refusal(client, message) == code


@pytest.mark.parametrize(("first", "last"), [(0, 1), (366, 0)])
async def test_a_span_that_is_too_long_or_ends_before_it_begins(
    signed_in: SignedIn, first: int, last: int
) -> None:
    client = await signed_in("1001")
    message = GetExceptions(client.next_id(), days_ago(first), days_ago(last))
    assert await refusal(client, message) == "bad_span"


async def test_days_outside_the_span_and_closed_ones_are_left_out(signed_in: SignedIn) -> None:
    agent, lead = await signed_in("1001"), await signed_in("2001")
    old = await made(agent, proposal(agent, "1001", days=3))
    new = await made(agent, proposal(agent, "1001"))
    closed = await decided(lead, await made(agent, proposal(agent, "1001", (20, 21), days=2)))
    assert (await listed(lead)).rows == (new, closed, old)
    assert (await listed(lead, open_only=True)).rows == (new, old)
    assert (await listed(lead, days=2)).rows == (new, closed)


@pytest.mark.parametrize(("text", "most", "least"), [("short", 500, 500), (WORST, 80, 20)])
async def test_the_newest_are_shown_as_many_as_fit(
    signed_in: SignedIn, data: Path, text: str, most: int, least: int
) -> None:
    with appending(data, CLOCK) as books:
        for number in range(600):
            books.appender.record(books.connection, fact(number, text=text))
    queue = await listed(await signed_in("2001"))
    assert least <= len(queue.rows) <= most
    assert len(queue.rows) + queue.left_off == 600
    assert [row.exception for row in queue.rows[:2]] == ["e0599", "e0598"]
    assert len(codec.encode(queue)) < listing.MOST_BYTES + 4096


async def test_corrections_and_incidents_that_are_left_off_are_counted(
    signed_in: SignedIn, data: Path
) -> None:
    many = listing.MOST_OTHERS + 20
    start = CLOCK.now_ms() - 3_600_000
    with appending(data, CLOCK) as books:
        for number in range(many):
            day = PlanInstead("1001", days_ago(1), (), ())
            for each in (
                PlanCorrectionProposed(f"c{number}", (day,), "2001", "so"),
                IncidentConfirmed(f"i{number}", start, start + 60_000, "A", "3001", "down"),
            ):
                books.appender.record(books.connection, each)
        books.appender.record(books.connection, fact(1))
    site, lead = await listed(await signed_in("3001")), await listed(await signed_in("2001"))
    assert len(site.corrections) == len(site.incidents) == listing.MOST_OTHERS
    assert (len(site.rows), site.left_off) == (1, 40)
    assert (len(lead.corrections), len(lead.incidents), lead.left_off) == (100, 0, 20)


def test_an_answer_holds_every_decision_whatever_was_written() -> None:
    stored = [
        msgspec.structs.replace(proposed(ENTRY, fact(number, text=WORST)), decision=WORST)
        for number in range(200)
    ]
    rows = listing.decided(stored)
    assert [row.exception for row in rows] == [f"e{number:04}" for number in range(200)]
    assert len(codec.encode(ExceptionsDecided(1, rows))) < codec.MAX_FRAME_BYTES
    assert listing.decided(stored[:1]) == (stored[0].row(),)


async def test_each_leads_share_is_shown_to_who_has_the_site(signed_in: SignedIn) -> None:
    agent, lead, site = [await signed_in(number) for number in ("1001", "2001", "3001")]
    rows = [
        await made(agent, proposal(agent, "1001", minutes))
        for minutes in ((0, 10), (10, 30), (30, 31), (31, 32), (40, 50))
    ]
    await decided(lead, rows[0])
    await decided(lead, rows[1])
    await decided(site, rows[1])
    await decided(lead, rows[2], approved=False)
    await decided(lead, rows[3])
    await decided(site, rows[3], approved=False)
    await withdrawn(agent, rows[4])
    queue = await listed(site, open_only=True)
    assert queue.shares == (
        Share("2001", "Chen Jing", 2, 1, 1800),
        Share("3001", "Sun Lei", 1, 1, 1200),
    )
    assert not (await listed(lead)).shares
    assert not (await listed(site, agent="1002")).shares


def test_what_waits_for_a_lead_is_counted_as_commits_come(tmp_path: Path) -> None:
    told: list[frozenset[str]] = []
    pending = PendingExceptions([], PEOPLE.get, {})
    pending.changed = told.append

    def waiting() -> list[int]:
        return [pending.waiting(PEOPLE[number]) for number in ("1001", "2001", "2002", "3001")]

    with new_ledger(tmp_path / "data") as ledger:
        appender = Appender("a ledger", "own", CLOCK, [ExceptionProjector(pending.take)])

        def record(*facts: AnyFact) -> None:
            ledger.connection.execute("BEGIN")
            for each in facts:
                appender.record(ledger.connection, each)
            appender.flush(ledger.connection)
            ledger.connection.execute("COMMIT")
            appender.committed()

        record(fact(1), fact(2, "1002"), fact(3, "gone"), fact(4, "3001"))
        assert waiting() == [0, 1, 0, 3]
        record(ExceptionDecided("e0001", True, "2001", needs_second=True))
        assert waiting() == [0, 0, 0, 3]
        record(ExceptionDecided("e0001", True, "3001"))
        record(ExceptionWithdrawn("e0002", "1002"))
        assert waiting() == [0, 0, 0, 1]
    agents = [{"1001", "1002", "gone", "3001"}, {"1001"}, {"1001"}, {"1002"}]
    assert told == [frozenset(each) for each in agents]


def test_what_another_process_recorded_is_counted_too(tmp_path: Path) -> None:
    """A command of the operator's, noticed at the next commit, whatever was in memory."""
    pending = PendingExceptions([], PEOPLE.get, {})
    with new_ledger(tmp_path / "data") as ledger:
        appender = Appender("a ledger", "other", CLOCK, [ExceptionProjector(pending.take)])
        waits = []
        for facts in ([fact(1), fact(2)], [ExceptionWithdrawn("e0001", "1001"), fact(3)], []):
            for each in facts:
                ledger.record(each)
            appender.catch_up(ledger.connection)
            waits.append(pending.waiting(PEOPLE["2001"]))
    assert waits == [2, 2, 2]


def test_corrections_and_incidents_wait_for_a_second_person(tmp_path: Path) -> None:
    stands_in: dict[tuple[str, date], str] = {}
    pending = PendingExceptions([], PEOPLE.get, stands_in)

    def waiting() -> list[int]:
        return [pending.waiting(PEOPLE[number]) for number in ("1001", "2001", "2002", "3001")]

    incidents = IncidentProjector(pending.take_incidents)
    projections = [CorrectionProjector(pending.take_corrections), incidents]
    with new_ledger(tmp_path / "data") as ledger:
        appender = Appender("a ledger", "own", CLOCK, projections)

        def record(*facts: AnyFact) -> None:
            ledger.connection.execute("BEGIN")
            for each in facts:
                appender.record(ledger.connection, each)
            appender.flush(ledger.connection)
            ledger.connection.execute("COMMIT")
            appender.committed()

        of_a, of_b = (PlanInstead(agent, days_ago(1), (), ()) for agent in ("1001", "1002"))
        record(
            PlanCorrectionProposed("c1", (of_a,), "3001", "so"),
            PlanCorrectionProposed("c2", (of_a, of_b), "2001", "so"),
            IncidentConfirmed("i1", 0, 9, "A", "2001", "down", needs_second=True),
        )
        assert waiting() == [0, 1, 0, 2]
        for each in projections:
            each.load(ledger.connection)
        assert waiting() == [0, 1, 0, 2]
        stands_in["1001", days_ago(1)] = "2001"
        assert waiting() == [0, 0, 0, 2], "what somebody stands in for is their own case"
        stands_in["1001", days_ago(1)] = "3001"
        assert waiting() == [0, 0, 0, 1], "and that of whoever leads the lead is not theirs either"
        del stands_in["1001", days_ago(1)]
        record(PlanCorrectionDecided("c2", False, "3001"), IncidentDecided("i1", True, "3001"))
        assert waiting() == [0, 1, 0, 0]


async def test_what_waits_is_known_again_after_a_restart(signed_in: SignedIn, data: Path) -> None:
    agent = await signed_in("1001")
    await made(agent, proposal(agent, "1001"))
    opened = open_database(data, CLOCK.now_ms())
    assert PendingExceptions(opened.exceptions, PEOPLE.get, {}).waiting(PEOPLE["2001"]) == 1
