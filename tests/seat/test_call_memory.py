"""The memory of calls keeps up with the disk, and says what a fold of the whole disk says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_client.seat.call_memory import CallMemory
from agent_client.seat.calls import CallLog
from agent_client.seat.clock import Reading
from agent_client.seat.outbox import Outbox, Session
from protocol.facts.call import (
    CallAnswered,
    CallBackOwed,
    CallDialled,
    CallMissed,
    CallOffered,
    MissCause,
)
from protocol.facts.record import AnyFact
from protocol.facts.session import SessionAnchored, SessionProvisional
from protocol.facts.wrap_up import CallBackSettled
from protocol.rules.placing import Timed

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


async def test_what_was_read_beside_the_loop_is_kept_up_with_the_disk(
    tmp_path: Path, outbox: Outbox
) -> None:
    outbox.begin("s1", at(1, 1), [SessionAnchored(1, 1, 1, "boot"), CallOffered("a", "138")])
    memory = CallMemory(outbox)
    await memory.read(tmp_path / "outbox.db")
    outbox.append(at(3, 3), [CallAnswered("a")])
    outbox.begin("s2", at(4, 4), [SessionAnchored(4, 4, 1, "boot"), CallOffered("b", "139")])
    assert list(memory.log) == list(CallMemory(outbox).log)
    assert [(each.id, each.answered) for each in memory.log] == [("a", True), ("b", False)]


async def test_a_disk_that_can_not_be_read_beside_the_loop_is_read_when_asked(
    tmp_path: Path, outbox: Outbox, caplog: pytest.LogCaptureFixture
) -> None:
    outbox.begin("s1", at(1, 1), [SessionAnchored(1, 1, 1, "boot"), CallOffered("a", "138")])
    memory = CallMemory(outbox)
    await memory.read(tmp_path)
    assert "the calls could not be read" in caplog.text
    assert [each.id for each in memory.log] == ["a"]


def test_a_new_session_reads_no_older_one_again_where_all_have_their_time(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox.begin("s1", at(1, 1), [SessionAnchored(1, 1, 1, "boot"), CallOffered("a", "138")])
    memory = CallMemory(outbox)
    assert memory.log.find("a") is not None
    read: list[str] = []
    real = outbox.timed

    def timed(session: Session, *others: Any) -> list[tuple[int, Timed]]:
        read.append(f"{session.id} from {others[0] + 1}")
        return real(session, *others)

    monkeypatch.setattr(outbox, "timed", timed)
    outbox.begin("s2", at(4, 4), [SessionAnchored(4, 4, 1, "boot"), CallOffered("b", "139")])
    assert memory.log.find("b") is not None
    assert read == ["s1 from 3", "s2 from 1"]


CALLS = st.sampled_from(["a", "b", "c"])
FACTS = st.one_of(
    st.builds(CallOffered, CALLS, st.sampled_from(["138", "139"])),
    st.builds(CallDialled, CALLS, st.sampled_from(["138", "139"])),
    st.builds(CallAnswered, CALLS),
    st.builds(CallMissed, CALLS, st.just(MissCause.TIMEOUT)),
    st.builds(CallBackOwed, CALLS, st.just("138")),
    st.builds(CallBackSettled, CALLS, st.just("why")),
)


@given(st.lists(FACTS, max_size=30))
def test_who_is_owed_a_call_is_who_a_look_at_all_calls_finds(facts: list[AnyFact]) -> None:
    log = CallLog(enumerate(facts))
    found = {each.peer for each in log if each.owed and each.cut_off}
    assert set(log.cut_off()) == found
