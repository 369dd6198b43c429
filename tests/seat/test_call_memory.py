"""The memory of calls keeps up with the disk, and says what a fold of the whole disk says."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_client.seat.call_memory import CallMemory
from agent_client.seat.clock import Reading
from agent_client.seat.outbox import Outbox
from protocol.facts.call import CallAnswered, CallOffered
from protocol.facts.session import SessionAnchored, SessionProvisional

SERVER_MS = 1_800_000_000_000


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    made = Outbox(tmp_path / "outbox.db")
    yield made
    made.close()


def at(mono_ms: int, occurred_ms: int | None = None) -> Reading:
    return Reading(occurred_ms, 0, mono_ms)


def test_an_empty_disk_remembers_nothing(outbox: Outbox) -> None:
    memory = CallMemory(outbox)
    assert list(memory.log) == []
    assert memory.log.last() is None


def test_what_is_written_is_remembered_session_after_session(outbox: Outbox) -> None:
    memory = CallMemory(outbox)
    for session, call_id in (("s1", "a"), ("s2", "b")):
        outbox.begin(session, at(1, 1), [SessionAnchored(1, 1, 1, "boot")])
        assert memory.log.find(call_id) is None
        outbox.append(at(2, 2), [CallOffered(call_id, "138")])
        outbox.append(at(3, 3), [CallAnswered(call_id)])
        known = memory.log.find(call_id)
        assert known is not None
        assert (known.at_ms, known.answered_ms) == (2, 3)
    assert [each.id for each in memory.log] == ["a", "b"]
    assert list(CallMemory(outbox).log) == list(memory.log)


def test_calls_from_before_the_clock_was_set_get_their_time_with_it(outbox: Outbox) -> None:
    memory = CallMemory(outbox)
    outbox.begin("s1", at(1_000), [SessionProvisional("boot"), CallOffered("a", "138")])
    (unplaced,) = memory.log
    assert unplaced.at_ms is None
    outbox.append(at(9_000, SERVER_MS), [SessionAnchored(SERVER_MS, 9_000, 4, "boot")])
    (placed,) = memory.log
    assert placed.at_ms == SERVER_MS - 8_000
