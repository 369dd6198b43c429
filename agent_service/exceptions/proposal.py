"""What may be proposed: pure."""

import contextlib
import re
from datetime import UTC, date, datetime, timedelta, tzinfo

from agent_service.identity import name_of_act
from agent_service.orders.text import check_text
from protocol.facts.correction import ExceptionProposed
from protocol.facts.shift import IncidentConfirmed
from protocol.rules.exception_decisions import state_fits
from protocol.rules.local_day import day_bounds
from protocol.wire.errors import Code, Refused
from protocol.wire.exceptions import MAX_EVIDENCE, MAX_EVIDENCE_TEXT, ProposeException
from protocol.wire.incidents import ConfirmIncident

HOUR_MS = 3_600_000
_BEFORE_MS, _AFTER_MS = 12 * HOUR_MS, 36 * HOUR_MS
"""How far what belongs to a business date may lie outside its local day."""
_LONGEST_MS = 7 * 24 * HOUR_MS
"""Of an incident."""
_code = re.compile(r"[A-Z][A-Z0-9_]{0,63}")


def proposal(
    message: ProposeException, actor: str, where: tzinfo, now_ms: int
) -> ExceptionProposed:
    """The fact that a proposal makes. Raises `Refused` with `malformed_message`, `bad_text` or
    `bad_interval`."""
    if not _code.fullmatch(message.code):
        raise Refused(Code.MALFORMED_MESSAGE, detail="code")
    if not state_fits(message.what, message.state, message.reason):
        raise Refused(Code.MALFORMED_MESSAGE, detail="state")
    check_evidence(message.evidence)
    _check_interval(message, where, now_ms)
    return ExceptionProposed(
        exception=name_of_act(actor, key=message.key),
        agent=message.agent,
        day=message.day,
        start_ms=message.start_ms,
        end_ms=message.end_ms,
        what=message.what,
        code=message.code,
        text=check_text(message.text),
        actor=actor,
        evidence=message.evidence,
        state=message.state,
        reason=message.reason,
    )


def incident(message: ConfirmIncident, actor: str, where: tzinfo, now_ms: int) -> IncidentConfirmed:
    """The fact that a confirmation makes: nobody knows how long a fault will last, so that one
    which goes on is confirmed as far as it has come. Raises `Refused` likewise, and with
    `incident_ahead`."""
    start_ms, end_ms = message.start_ms, message.end_ms
    if not start_ms < end_ms <= start_ms + _LONGEST_MS:
        raise _bad_interval(start_ms, end_ms, where)
    if end_ms > now_ms:
        raise Refused(Code.INCIDENT_AHEAD, end=_shown(end_ms, where), now=_shown(now_ms, where))
    return IncidentConfirmed(
        name_of_act(actor, key=message.key),
        start_ms,
        end_ms,
        message.team,
        actor,
        check_text(message.text),
    )


def check_evidence(evidence: tuple[str, ...]) -> None:
    """Each is a line of its own. Raises `Refused` with `malformed_message`."""
    fits = len(evidence) <= MAX_EVIDENCE and all(
        each.isprintable() and 0 < len(each) <= MAX_EVIDENCE_TEXT for each in evidence
    )
    if not fits:
        raise Refused(Code.MALFORMED_MESSAGE, detail="evidence")


def _check_interval(message: ProposeException, where: tzinfo, now_ms: int) -> None:
    """Whether it can belong to the business date. What the state was in truth is known of the
    past alone."""
    from_ms, until_ms = _bounds(message.day, where)
    latest_ms = until_ms + _AFTER_MS
    if message.state is not None:
        latest_ms = min(latest_ms, now_ms)
    if not from_ms - _BEFORE_MS <= message.start_ms < message.end_ms <= latest_ms:
        raise _bad_interval(message.start_ms, message.end_ms, where)


def _bounds(day: date, where: tzinfo) -> tuple[int, int]:
    try:
        return day_bounds(day, where)
    except (OverflowError, ValueError) as error:
        raise Refused(Code.MALFORMED_MESSAGE, detail="day") from error


def _bad_interval(start_ms: int, end_ms: int, where: tzinfo) -> Refused:
    return Refused(Code.BAD_INTERVAL, start=_shown(start_ms, where), end=_shown(end_ms, where))


def _shown(ms: int, where: tzinfo) -> str:
    """As the clock at the site shows it; where the calendar ends, as UTC."""
    instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
    with contextlib.suppress(OverflowError):
        instant = instant.astimezone(where)
    return instant.isoformat(" ", "minutes")
