"""Since when a post has been short is on the disk: a start of the service begins no new count."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from agent_service.calls.day_counts import DayCounts
from agent_service.handover.heads import Heads
from agent_service.presence.floor import Floor
from agent_service.presence.row import Presence
from agent_service.rosters.book import make_book
from protocol.facts.agent import State
from protocol.facts.session import LinkLost
from protocol.rules.agent_state import Limits
from protocol.wire.roster import Requirement
from protocol.wire.session import Person, Role
from tests.service.conftest import SETTINGS
from tests.service.shifts import WHERE, Shifts, at, enters, shifts
from tests.service.test_handover_staying import Disk

BOOK = make_book(
    msgspec.structs.replace(
        SETTINGS,
        requirements=(Requirement("10:00", 2, "A"), Requirement("10:30", 2, "A")),
    )
)
TEAM = [Person(number, number, (Role.AGENT,), "A") for number in ("1001", "1002", "1003")]
READY, OFF = enters(State.READY), enters(State.LOGGED_OFF)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Shifts]:
    """Three who are there at ten, where two are required."""
    with shifts(tmp_path / "data") as made:
        for each in TEAM:
            made.begin(each.number, each.number)
            made.tell(each.number, [(at("09:58"), READY)])
        yield made


async def since_at(ledger: Shifts, clock: str) -> int | None:
    """Since when team A is short as the service sees it that starts at a time."""
    ledger.now_ms = at(clock)
    floor = Floor(Limits(), (), DayCounts(WHERE, lambda: ledger.now_ms))
    floor.join(TEAM)
    rows = [ledger.projections.presence.of(each.number) for each in TEAM]
    floor.update(row for row in rows if isinstance(row, Presence))
    heads = Heads(floor, BOOK, lambda: ledger.now_ms)
    await heads.recall(Disk(ledger))
    return heads.post_of("A").short_since_ms


async def test_it_is_short_since_the_one_left_without_whom_it_is(ledger: Shifts) -> None:
    ledger.tell("1001", [(at("10:05"), OFF)])
    assert await since_at(ledger, "10:06") is None
    ledger.tell("1002", [(at("10:10"), OFF)])
    assert await since_at(ledger, "10:12") == at("10:10")
    ledger.tell("1003", [(at("10:25"), OFF)])
    assert await since_at(ledger, "10:31") == at("10:10")
    assert await since_at(ledger, "11:00") is None


async def test_who_is_not_heard_is_not_there(ledger: Shifts) -> None:
    ledger.tell("1001", [(at("10:05"), OFF)])
    ledger.now_ms = at("10:15")
    ledger.record(LinkLost("1002", "1002", at("10:14")))
    assert await since_at(ledger, "10:20") == at("10:14")


async def test_nobody_was_there_before_anything_was_required(ledger: Shifts) -> None:
    for each in TEAM:
        ledger.tell(each.number, [(at("09:59"), OFF)])
    assert await since_at(ledger, "10:20") == at("10:00")
