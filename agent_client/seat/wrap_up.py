"""What a call was about and what was promised in it: checked, and written when it is new."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from agent_client.seat.call_memory import CallMemory
from agent_client.seat.call_rows import is_of_day, wrapped_up
from agent_client.seat.calls import CallRecord
from agent_client.seat.clock import Clock
from agent_client.seat.instants import milliseconds
from agent_client.seat.standing import Standing
from protocol.facts.agent import State
from protocol.facts.record import AnyFact
from protocol.facts.wrap_up import CallBackPromised, CallBackSettled, CallWrappedUp
from protocol.rules.lines import CodeItem, line_named
from protocol.wire.desk_call import MAX_NOTE, SettleCallBack, WrapUp
from protocol.wire.errors import Code, Refused
from protocol.wire.texts import TextFault, bad_text

WITHDRAWN = "withdrawn"
"""The reason of a call-back whose promise was taken back in the wrap-up."""

_EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
_LATEST = datetime(9999, 1, 1, tzinfo=UTC)


class WrapUps:
    """Takes what the agent tells of calls."""

    def __init__(self, standing: Standing, clock: Clock, memory: CallMemory) -> None:
        self._standing = standing
        self._clock = clock
        self._memory = memory

    def wrap_up(self, request: WrapUp, midnight_ms: int) -> None:
        """Record what a call of the day that began at `midnight_ms` was about. What is recorded
        already is not written again.

        Raises `Refused`: `unknown_call`, `unknown_code`, `bad_text`, `bad_time`, `disk_failed`.
        """
        self._need_somebody()
        known = self._call(request.call_id, midnight_ms)
        self._check_codes(request, known.line)
        self._check_time(request.call_back_at, known)
        facts = (*_told(request, known), *_promised(request, known))
        if facts:
            self._standing.record(facts)

    def settle(self, request: SettleCallBack) -> None:
        """A call-back that is owed needs no call any more. Raises `Refused`."""
        self._need_somebody()
        known = self._memory.log.find(request.call_id)
        if known is None or not known.owed:
            raise Refused(Code.UNKNOWN_CALL)
        reason = request.reason.strip()
        if not 1 <= len(reason) <= MAX_NOTE:
            raise bad_text(TextFault.TOO_LONG if reason else TextFault.EMPTY, MAX_NOTE)
        self._standing.record((CallBackSettled(known.id, reason=reason),))

    def _need_somebody(self) -> None:
        if self._standing.agent.state is State.LOGGED_OFF:
            raise Refused("not_signed_in")

    def _call(self, call_id: str, midnight_ms: int) -> CallRecord:
        log = self._memory.log
        known = log.find(call_id) if call_id else log.last()
        anchored = self._clock.anchor is not None
        if known is None or not is_of_day(known, midnight_ms, anchored=anchored):
            raise Refused(Code.UNKNOWN_CALL)
        return known

    def _check_codes(self, request: WrapUp, line_name: str) -> None:
        signed_in = self._standing.sign_in
        line = line_named(signed_in.lines if signed_in else (), line_name)
        if len(request.note) > MAX_NOTE:
            raise bad_text(TextFault.TOO_LONG, MAX_NOTE)
        _need_codes(line.categories if line else (), (request.category,), line_name)
        _need_codes(line.outcomes if line else (), (request.outcome,), line_name)
        _need_codes(line.actions if line else (), request.actions, line_name)

    def _check_time(self, at: datetime | None, known: CallRecord) -> None:
        """A promise is for a time to come, and one that every zone's calendar has. One that was
        recorded may have passed meanwhile."""
        if at is None:
            return
        if at.tzinfo is None or not _EARLIEST <= at <= _LATEST:
            raise Refused(Code.BAD_TIME)
        due_ms, now_ms = milliseconds(at), self._clock.now_ms()
        recorded = known.promised is not None and known.promised.due_ms == due_ms
        if not recorded and now_ms is not None and due_ms <= now_ms:
            raise Refused(Code.BAD_TIME)


def _need_codes(known: Sequence[CodeItem], told: Iterable[str], line: str) -> None:
    """Each code is one of the line's; empty says that none was chosen."""
    codes = {each.code for each in known}
    for code in told:
        if code and code not in codes:
            raise Refused(Code.UNKNOWN_CODE, line=line, code=code)


def _told(request: WrapUp, known: CallRecord) -> tuple[AnyFact, ...]:
    before = wrapped_up(known)
    actions = tuple(dict.fromkeys(request.actions))
    told = (request.category, request.outcome, actions, request.note)
    if told == (before.category, before.outcome, before.actions, before.note):
        return ()
    return (CallWrappedUp(known.id, known.line, *told),)


def _promised(request: WrapUp, known: CallRecord) -> tuple[AnyFact, ...]:
    before_ms = known.promised.due_ms if known.promised else None
    due_ms = None if request.call_back_at is None else milliseconds(request.call_back_at)
    if due_ms == before_ms:
        return ()
    if due_ms is None:
        return (CallBackSettled(known.id, reason=WITHDRAWN),)
    return (CallBackPromised(known.id, known.peer, due_ms, request.note, known.peer_uri),)
