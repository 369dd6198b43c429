"""What must be true after a shift, held against what the test knows."""

import contextlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from agent_service.commands.ledger import rebuild, verify
from protocol.facts.agent import State
from protocol.facts.order import OrderOutcome
from protocol.facts.record import AnyFact
from protocol.wire import desk
from protocol.wire.person import PersonDay
from protocol.wire.sync import FloorRow
from tests.integration.lead import PersistentLead
from tests.integration.rig import Rig
from tests.integration.shift import Shift
from tests.integration.truth import CallTruth, Truth, told

ROUNDING_S = 1.0
"""Instants are floored to seconds before they are subtracted."""
SEEN_ALIVE_S = 10.0
"""A seat notes so often that it runs: by so much the time that nobody knows may begin earlier."""


async def compare(floor: Rig, lead: PersistentLead, shifts: list[Shift]) -> None:
    """The ledger and every figure against what the test knows."""
    rows = await lead.rows()
    for shift in shifts:
        status = await floor.status(shift.player)
        assert (status.state, status.held_back) == (State.LOGGED_OFF, 0)
        day = await shift.player.ask(desk.GetDay)
        assert isinstance(day, desk.Day)
        page = await lead.page(shift.number, rows[shift.number])
        compare_facts(shift.truth, facts_of(floor, shift))
        compare_figures(shift.truth, rows[shift.number], page)
        compare_day(shift, day, page)
        compare_history(floor, shift.number, shift.truth)
    compare_orders(floor, [shift.truth for shift in shifts])
    assert floor.service is not None
    await floor.service.end()
    compare_rebuilt(floor.data)


def facts_of(floor: Rig, shift: Shift) -> list[AnyFact]:
    """The agent's facts in the ledger, each of which must be one on a desk's disk, once and in
    its session's order. The sessions as they were begun."""
    kept = [entry for name in shift.desks for entry in floor.outbox(name)]
    ledger = floor.ledger()
    for session in dict.fromkeys(which for which, _, _ in kept):
        recorded = [entry for entry in ledger if entry[0] == session]
        assert recorded == [entry for entry in kept if entry[0] == session]
    return [fact for _, _, fact in kept]


def compare_facts(truth: Truth, facts: Sequence[AnyFact]) -> None:
    """What the ledger tells is what happened: calls, own acts, orders, and no READY but by an
    act of the agent's."""
    ledger = told(facts)
    assert [_lasting(each) for each in ledger.calls] == [_lasting(each) for each in truth.calls]
    assert ledger.acts == truth.acts
    assert ledger.orders == truth.orders
    assert ledger.readied == truth.readied
    assert ledger.restarts == truth.restarts


def compare_figures(truth: Truth, row: FloorRow, page: PersonDay) -> None:
    """The floor and the person's page show the same figures, and they are true."""
    counted = (truth.answered, truth.missed)
    assert (row.calls_answered, row.calls_missed) == counted
    assert (page.calls_answered, page.calls_missed) == counted
    assert (row.state, row.provisional) == (State.LOGGED_OFF, False)
    for shown, known in zip(page.calls, truth.calls, strict=True):
        seen = (shown.answered, shown.missed, shown.ended, shown.outcome)
        assert seen == (known.answered, known.missed, known.ended, known.outcome)
        if known.most_s:
            assert shown.talk_s is not None
            assert known.least_s - ROUNDING_S <= shown.talk_s <= known.most_s + ROUNDING_S
    most_s = truth.unknown_s + truth.restarts * (SEEN_ALIVE_S + ROUNDING_S)
    assert page.unknown_s <= most_s
    assert page.provisional == (page.unknown_s > 0)


def compare_day(shift: Shift, day: desk.Day, page: PersonDay) -> None:
    """Seat and service make the same figures and times of the same facts; of somebody who has
    sat at two desks the second knows only its part."""
    if len(shift.desks) > 1:
        return
    assert (day.calls_answered, day.calls_missed) == (shift.truth.answered, shift.truth.missed)
    assert _worked(day.seconds) == _worked(page.seconds)
    assert day.unknown_s == page.unknown_s


def compare_orders(floor: Rig, truths: Sequence[Truth]) -> None:
    """Every order that was placed has its outcome at the service."""
    rows = select(floor.data, "SELECT order_id, outcome FROM placed_order")
    assert dict(rows) == {order: out for truth in truths for order, out in truth.orders.items()}
    assert OrderOutcome.EXPIRED not in dict(rows).values()


def compare_history(floor: Rig, number: str, truth: Truth) -> None:
    """The history of calls remembers them as they were."""
    rows = select(
        floor.data,
        "SELECT answered, missed, outcome, promised_ms FROM call_history WHERE agent = ?"
        " ORDER BY order_ms, position",
        number,
    )
    assert rows == [
        (each.answered, bool(each.missed), each.outcome, each.promised_ms) for each in truth.calls
    ]


def compare_rebuilt(data: Path) -> None:
    """The ledger and its tables are whole, and tables made anew are the same to the byte."""
    verify(data)
    before = dump(data)
    rebuild(data, lambda done, of: None)
    assert dump(data) == before


def dump(data: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every table of the database, row by row."""
    with contextlib.closing(sqlite3.connect(data / "seatline.db")) as database:
        tables = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        ).fetchall()
        return {
            name: sorted(database.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
            for (name,) in tables
        }


def select(data: Path, query: str, *values: object) -> list[tuple[object, ...]]:
    """What the service's database answers, read beside the service."""
    where = f"file:{data / 'seatline.db'}?mode=ro"
    with contextlib.closing(sqlite3.connect(where, uri=True)) as database:
        return database.execute(query, values).fetchall()


def _lasting(known: CallTruth) -> tuple[object, ...]:
    """All of a call but how long it took."""
    return (
        *(known.answered, known.missed, known.ended, known.released_by),
        *(known.owed, known.held, known.outcome, known.promised_ms),
    )


def _worked(seconds: dict[State, int]) -> dict[State, int]:
    """Seconds in each state but the last, which goes on."""
    return {state: s for state, s in seconds.items() if state is not State.LOGGED_OFF}
