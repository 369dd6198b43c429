"""What a screen has to show, told by the facts alone: written apart from the seat's own fold."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import msgspec

from protocol.facts import agent, call
from protocol.facts.agent import Reason, State
from protocol.facts.record import AnyFact, read_fact

_IN_A_CALL = {State.RINGING, State.DIALING, State.TALK, State.HOLD, State.CONSULT}
_NEW_CALL = {State.RINGING, State.DIALING}


class Shown(msgspec.Struct, frozen=True):
    """What follows from the facts of one session."""

    state: State = State.LOGGED_OFF
    reason: Reason | None = None
    call_id: str | None = None
    next: tuple[State, Reason | None] | None = None
    muted: bool = False
    locked: bool = False
    open_calls: frozenset[str] = frozenset()


def read_disk(file: Path) -> list[list[AnyFact]]:
    """The facts of each session, read over a connection of its own."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        numbers = [row[0] for row in database.execute("SELECT number FROM session ORDER BY number")]
        bodies = {
            number: database.execute(
                "SELECT body FROM fact WHERE session = ? ORDER BY seq", (number,)
            ).fetchall()
            for number in numbers
        }
    sessions = ([read_fact(body) for (body,) in bodies[number]] for number in numbers)
    return [[fact for fact in facts if fact is not None] for facts in sessions]


def read_seqs(file: Path) -> list[list[int]]:
    """The numbers of the facts of each session."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        rows = database.execute("SELECT session, seq FROM fact ORDER BY session, seq").fetchall()
    sessions = sorted({number for number, _ in rows})
    return [[seq for number, seq in rows if number == each] for each in sessions]


def fold(facts: Iterable[AnyFact]) -> Shown:
    """One session's facts, in order."""
    shown = Shown()
    for fact in facts:
        shown = _after(shown, fact)
    return shown


def _after(shown: Shown, fact: AnyFact) -> Shown:
    replace = msgspec.structs.replace
    match fact:
        case agent.StateEntered(state=state):
            kept = shown.next if state in _IN_A_CALL - _NEW_CALL | {State.ACW} else None
            muted = shown.muted and state in _IN_A_CALL - _NEW_CALL
            return replace(
                shown,
                state=state,
                reason=fact.reason,
                call_id=fact.call_id,
                next=kept,
                muted=muted,
                locked=shown.locked and state is not State.LOGGED_OFF,
            )
        case agent.DeskLocked(locked=locked):
            return replace(shown, locked=locked)
        case agent.NextStateChosen(state=state):
            return replace(shown, next=None if state is None else (state, fact.reason))
        case call.CallMuted(muted=muted):
            return replace(shown, muted=muted)
        case call.CallOffered(call_id=begun) | call.CallDialled(call_id=begun):
            return replace(shown, open_calls=shown.open_calls | {begun})
        case call.CallEnded(call_id=over):
            return replace(shown, open_calls=shown.open_calls - {over})
        case _:
            return shown
