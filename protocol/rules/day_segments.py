"""What an agent's day was made of: stretches of one state each, and those that nobody knows. Pure.

A state lasts until the next one is entered. It is not known to last where its seat stopped telling:
when it died, from the last sign of its running until the next session's first state; when it can't
be heard, from then until its facts arrive; and around facts, or a whole session, whose time nobody
knows.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import msgspec

from protocol.facts.agent import AcwExtended, Reason, State, StateEntered
from protocol.facts.call import CallDialled, CallOffered
from protocol.facts.session import FactsLost, SessionAnchored, SessionProvisional
from protocol.rules.placing import Placed, Unread
from protocol.rules.state_time import StateChange

_DAY_S = 86_400


class SessionFacts(msgspec.Struct, frozen=True):
    """The facts of one session of an agent, in order."""

    session: str
    facts: Sequence[Placed]
    lost_ms: int | None = None
    """Since when its seat has not been heard (server time in ms); null while it is."""
    heard_ms: int | None = None
    """When the last of its facts came (server time in ms); null where it is not known."""


class DaySegment(msgspec.Struct, frozen=True, gc=False):
    """The agent was in `state` from `from_ms` until `until_ms`; null: nobody knows in which."""

    from_ms: int
    until_ms: int
    state: State | None
    reason: Reason | None = None
    trigger: str = ""
    actor: str = ""
    call_id: str | None = None
    """The call of RINGING, DIALING, TALK, HOLD, CONSULT and ACW."""
    line: str = ""
    """Of ACW: the line of business that its call belongs to."""
    acw_extra_s: int = 0
    """Of ACW: the seconds that it was given in addition to its limit."""
    text: str = ""
    """What the agent said of it."""

    @property
    def is_there(self) -> bool:
        """Whether the agent is known to have been signed in."""
        return self.state not in (None, State.OFFLINE, State.LOGGED_OFF)


class _Mark(msgspec.Struct, frozen=True, gc=False):
    """From `at_ms` on it is so."""

    at_ms: int
    entered: StateEntered | None


class _Calls:
    """What is known of calls beside their states."""

    def __init__(self, sessions: Iterable[SessionFacts]) -> None:
        self._lines: dict[str | None, str] = {}
        self._extra_s: dict[str | None, int] = {}
        for each in sessions:
            for _, fact in each.facts:
                if isinstance(fact, CallOffered | CallDialled):
                    self._lines[fact.call_id] = fact.line
                elif isinstance(fact, AcwExtended):
                    given_s = self.extra_of(fact.call_id) + max(0, fact.seconds)
                    self._extra_s[fact.call_id] = min(_DAY_S, given_s)

    def line_of(self, call_id: str | None) -> str:
        """Its line of business; empty for none."""
        return self._lines.get(call_id, "")

    def extra_of(self, call_id: str | None) -> int:
        """The seconds that its after-call work was given in addition."""
        return self._extra_s.get(call_id, 0)


def day_segments(sessions: Iterable[SessionFacts], from_ms: int, until_ms: int) -> list[DaySegment]:
    """The segments in [from_ms, until_ms), in order, each beginning where the one before ends.
    Time before the first fact of all is in none."""
    told = list(sessions)
    given = [*told, *_wholly_lost(told)]
    marks = _marks(_in_order(given, from_ms), _left_open(given), until_ms)
    calls = _Calls(told)
    return [
        _segment(mark, begin_ms, end_ms, calls)
        for mark, end in pairwise([*marks, _Mark(until_ms, None)])
        if (begin_ms := max(mark.at_ms, from_ms)) < (end_ms := min(end.at_ms, until_ms))
    ]


def changes_of(segments: Iterable[DaySegment]) -> list[StateChange]:
    """The same as changes of state, to be summed by `state_time`."""
    return [StateChange(segment.from_ms, segment.state) for segment in segments]


def _segment(mark: _Mark, from_ms: int, until_ms: int, calls: _Calls) -> DaySegment:
    entered = mark.entered
    if entered is None:
        return DaySegment(from_ms, until_ms, None)
    call_id = entered.call_id
    worked_on = call_id if entered.state is State.ACW else None
    return DaySegment(
        from_ms,
        until_ms,
        entered.state,
        entered.reason,
        entered.trigger,
        entered.actor,
        call_id,
        calls.line_of(worked_on),
        calls.extra_of(worked_on),
        entered.text,
    )


def _in_order(sessions: Iterable[SessionFacts], from_ms: int) -> list[tuple[int, SessionFacts]]:
    """The sessions with the first instant that is known of each. One with none may have run since
    the seat before it was alive, or since the end of what is known before it."""
    ordered: list[tuple[int, bool, SessionFacts]] = []
    ends: dict[str | None, int] = {}
    for session in sessions:
        at = _began_ms(session)
        if at is None and session.facts:
            before, alive_ms = _before(session)
            end_ms = ends.get(before, -1) if alive_ms else max(ends.values(), default=from_ms)
            ordered.append((max(alive_ms or 0, end_ms), False, session))
        elif at is not None:
            ordered.append((at, True, session))
            ends[session.session] = _last_ms(session)
    ordered.sort(key=lambda each: each[:2])
    return [(at, session) for at, _, session in ordered]


def _before(session: SessionFacts) -> tuple[str | None, int | None]:
    """The session that a session followed at its desk, and when that was last alive."""
    for _, fact in session.facts:
        if isinstance(fact, SessionAnchored | SessionProvisional):
            return fact.previous_session, fact.previous_alive_ms
    return None, None


def _began_ms(session: SessionFacts) -> int | None:
    return next((at for at, _ in session.facts if at is not None), None)


def _losses(sessions: Sequence[SessionFacts]) -> list[FactsLost]:
    return [fact for each in sessions for _, fact in each.facts if isinstance(fact, FactsLost)]


def _wholly_lost(sessions: Sequence[SessionFacts]) -> list[SessionFacts]:
    """Sessions of which nothing is here but that they are lost, and since when."""
    here = {session.session for session in sessions}
    return [
        SessionFacts(fact.lost_session, ((fact.since_ms, fact),))
        for fact in _losses(sessions)
        if fact.lost_session and fact.lost_session not in here and fact.since_ms is not None
    ]


def _left_open(sessions: Sequence[SessionFacts]) -> set[str | None]:
    """Sessions after which nobody knows, though they ended by signing out: facts of theirs are
    lost."""
    return {fact.lost_session for fact in _losses(sessions)}


def _marks(
    ordered: Sequence[tuple[int, SessionFacts]], left_open: set[str | None], until_ms: int
) -> list[_Mark]:
    marks: list[_Mark] = []
    followed = [*ordered[1:], (until_ms, None)]
    for (began_ms, session), (end_ms, following) in zip(ordered, followed, strict=False):  # or none
        if _began_ms(session) is None:
            marks += _unplaced(session, began_ms, end_ms)
            continue
        marks += _marks_of(session, end_ms)
        known_ms = _known_until_ms(session, following, end_ms)
        ended = _is_off(marks) and session.session not in left_open and not _after_loss(following)
        if not ended and known_ms < end_ms:
            last_ms = marks[-1].at_ms if marks else began_ms
            marks.append(_Mark(max(known_ms, last_ms), None))
    return marks


def _unplaced(session: SessionFacts, began_ms: int, end_ms: int) -> Iterator[_Mark]:
    """A session of which no instant is known: nobody knows what was, until another begins; or, if
    it signed out, until its facts came."""
    yield _Mark(began_ms, None)
    entered = [fact for _, fact in session.facts if isinstance(fact, StateEntered)]
    if session.heard_ms is None or not entered or entered[-1].state is not State.LOGGED_OFF:
        return
    if began_ms <= session.heard_ms < end_ms:
        yield _Mark(session.heard_ms, entered[-1])


def _marks_of(session: SessionFacts, end_ms: int) -> Iterator[_Mark]:
    """What the session tells up to its end: what an earlier seat still says after a later one
    has begun is not counted. A state without an instant makes unknown what follows the last one
    with."""
    last_ms = None
    for at, fact in session.facts:
        if at is None and isinstance(fact, StateEntered | Unread) and last_ms is not None:
            yield _Mark(last_ms, None)
        if at is None:
            continue
        if last_ms is None or at > last_ms:
            last_ms = at
        if last_ms >= end_ms:
            return
        if isinstance(fact, StateEntered):
            yield _Mark(last_ms, fact)
        elif isinstance(fact, Unread):
            yield _Mark(last_ms, None)


def _after_loss(following: SessionFacts | None) -> bool:
    """Whether the desk of the next session lost facts and can't tell which."""
    return following is not None and any(not fact.lost_session for fact in _losses([following]))


def _is_off(marks: Sequence[_Mark]) -> bool:
    entered = marks[-1].entered if marks else None
    return entered is not None and entered.state is State.LOGGED_OFF


def _last_ms(session: SessionFacts) -> int:
    return max((at for at, _ in session.facts if at is not None), default=0)


def _known_until_ms(session: SessionFacts, following: SessionFacts | None, end_ms: int) -> int:
    """Up to when the session's last state is known to have lasted, if it did not sign out."""
    last_ms = _last_ms(session)
    if following is None:
        return end_ms if session.lost_ms is None else max(last_ms, session.lost_ms)
    before, alive_ms = _before(following)
    if before == session.session:
        last_ms = max(last_ms, alive_ms or 0)
    return min(last_ms, end_ms)
