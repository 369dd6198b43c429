"""The sessions of the last days: the same facts whenever they are read, and each read once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_client.seat.clock import Reading
from agent_client.seat.history import history
from agent_client.seat.outbox import Outbox
from agent_client.seat.recent_sessions import RecentSessions
from protocol.facts.agent import State, StateEntered
from protocol.facts.call import CallHeld
from protocol.facts.record import AnyFact
from protocol.facts.session import SessionAnchored
from protocol.rules.day_segments import SessionFacts, day_segments

ANCHORED = SessionAnchored(0, 0, 0, "boot")


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    made = Outbox(tmp_path / "outbox.db")
    yield made
    made.close()


def enters(state: State) -> StateEntered:
    return StateEntered(state, "test", "1001")


def tell(outbox: Outbox, at_ms: int, *facts: AnyFact) -> None:
    outbox.append(Reading(at_ms, at_ms, at_ms), facts)


def begin(outbox: Outbox, name: str, at_ms: int) -> None:
    outbox.begin(name, Reading(at_ms, at_ms, at_ms), (ANCHORED, enters(State.READY)))


def whole(outbox: Outbox) -> list[SessionFacts]:
    sessions = outbox.sessions()
    told = zip(sessions, history(outbox, sessions), strict=True)
    return [SessionFacts(each.id, facts) for each, facts in told]


def test_a_day_comes_out_as_from_all_facts_however_often_it_was_read(outbox: Outbox) -> None:
    recent = RecentSessions(outbox)
    begin(outbox, "one", 1_000)
    for step, fact in enumerate(
        (CallHeld("c"), enters(State.TALK), CallHeld("c"), CallHeld("d"), enters(State.ACW)), 2
    ):
        tell(outbox, step * 1_000, fact)
        assert day_segments(recent.facts(10_000), 0, 20_000) == day_segments(
            whole(outbox), 0, 20_000
        )
    tell(outbox, 8_000, CallHeld("e"))
    begin(outbox, "two", 15_000)
    assert day_segments(recent.facts(16_000), 0, 20_000) == day_segments(whole(outbox), 0, 20_000)
    assert [each.session for each in recent.facts(16_000)] == ["one", "two"]


def test_what_was_read_is_not_read_again(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(outbox, "one", 1_000)
    recent, asked = RecentSessions(outbox), []
    reads = outbox.timed
    monkeypatch.setattr(
        outbox, "timed", lambda session, after: asked.append(after) or reads(session, after)
    )
    recent.facts(2_000)
    recent.facts(2_000)
    tell(outbox, 3_000, enters(State.LOGGED_OFF))
    recent.facts(4_000)
    assert asked == [0, 2]
