"""A business date put together: corrections, exceptions of people and of the system, incidents."""

from zoneinfo import ZoneInfo

from protocol.facts.agent import Reason, State
from protocol.facts.correction import Overlay
from protocol.facts.shift import Activity, PlannedSegment
from protocol.rules.day_figure import Applied, DayFigure, DayMade, day_figure
from protocol.rules.day_rules import DayRules
from protocol.rules.day_segments import DaySegment
from protocol.rules.exceptions import SYSTEM, DerivedReason, ExceptionStatus
from protocol.rules.incident import Incident

WHERE = ZoneInfo("Asia/Shanghai")
MINUTE = 60_000
NINE = 1_792_112_400_000
"""09:00 in Shanghai, on some day."""
PENDING, APPROVED, REJECTED = ExceptionStatus


def at(minute: int) -> int:
    return NINE + minute * MINUTE


def was(start: int, end: int, state: State | None, reason: Reason | None = None) -> DaySegment:
    return DaySegment(at(start), at(end), state, reason)


def granted(
    start: int, end: int, what: Overlay, status: ExceptionStatus = APPROVED, **more: object
) -> Applied:
    told = {"code": "COACHING", "actor": "1002"} | more
    return Applied("e", at(start), at(end), what, status=status, **told)  # type: ignore[arg-type]


def made(
    recorded: list[DaySegment],
    *applied: Applied,
    incidents: tuple[Incident, ...] = (),
    until: int = 120,
) -> DayFigure:
    plan = [PlannedSegment(at(0), at(120), Activity.WORK)]
    window = (at(-240), at(600))
    day = DayMade("1001", plan, recorded, applied, incidents, DayRules(), at(until), window)
    return day_figure(day, WHERE)


UNKNOWN = [was(0, 60, State.READY), was(60, 90, None), was(90, 120, State.READY)]
FAULT = [
    was(0, 60, State.READY),
    was(60, 90, State.NOT_READY, Reason.SYSTEM_FAULT),
    was(90, 120, State.READY),
]


def test_what_is_planned_later_is_not_counted_yet() -> None:
    figure = made([was(0, 30, State.READY)], until=30).figure
    assert (figure.scheduled_s, figure.out_of_adherence_s) == (1800, 0)


def test_unknown_time_is_proposed_and_makes_the_figure_a_range() -> None:
    found = made(UNKNOWN)
    assert [each.reason for each in found.derived] == [DerivedReason.UNKNOWN_TIME]
    assert found.figure.provisional
    assert found.figure.in_adherence_high_s - found.figure.in_adherence_s == 1800


def of_system(status: ExceptionStatus, code: DerivedReason, start: int = 60) -> Applied:
    return granted(start, 90, Overlay.EXCLUDE, status, code=code, actor=SYSTEM)


def test_unknown_time_that_is_excluded_is_settled() -> None:
    figure = made(UNKNOWN, of_system(APPROVED, DerivedReason.UNKNOWN_TIME)).figure
    assert (figure.provisional, figure.excluded_s, figure.out_of_adherence_s) == (False, 1800, 0)


def test_unknown_time_that_somebody_refused_to_exclude_counts_and_is_settled_too() -> None:
    figure = made(UNKNOWN, of_system(REJECTED, DerivedReason.UNKNOWN_TIME)).figure
    assert (figure.provisional, figure.out_of_adherence_s) == (False, 1800)


def test_an_exclusion_by_the_system_falls_away_when_facts_tell_what_was() -> None:
    known = [was(0, 120, State.READY)]
    figure = made(known, of_system(APPROVED, DerivedReason.UNKNOWN_TIME)).figure
    assert (figure.excluded_s, figure.in_adherence_s) == (0, 7200)


def test_an_exclusion_by_a_person_stays_whatever_the_facts_tell() -> None:
    leave = granted(60, 90, Overlay.EXCLUDE, code="LEAVE")
    assert made([was(0, 120, State.READY)], leave).figure.excluded_s == 1800


def test_what_grew_since_it_was_asked_about_is_proposed_from_there_on() -> None:
    longer = [was(0, 60, State.READY), was(60, 120, State.NOT_READY, Reason.SYSTEM_FAULT)]
    (first,) = made(longer, until=90).derived
    asked = granted(60, 90, Overlay.EXCLUDE, APPROVED, code="SYSTEM_FAULT", actor=SYSTEM)
    named = Applied(
        first.exception_id, asked.start_ms, asked.end_ms, asked.what, asked.code, APPROVED, SYSTEM
    )
    (rest,) = made(longer, named).derived
    assert (rest.start_ms, rest.end_ms) == (at(90), at(120))
    assert rest.exception_id != first.exception_id


def test_a_confirmed_incident_excludes_what_was_lost_to_it_and_no_more() -> None:
    incident = Incident("i", at(0), at(80), "", "3001", "the switch")
    figure = made(FAULT, incidents=(incident,)).figure
    assert (figure.excluded_s, figure.pending_review_s) == (1200, 600)


def test_nobody_gets_their_own_time_excluded_by_an_incident_they_confirmed() -> None:
    for who in (("1001", "the switch", "3001"), ("3001", "the switch", "1001")):
        own = Incident("i", at(0), at(120), "", *who)
        assert made(FAULT, incidents=(own,)).figure.excluded_s == 0


def test_a_correction_puts_another_state_in_the_place_and_the_raw_figure_stays() -> None:
    rest = [was(0, 60, State.READY), was(60, 120, State.NOT_READY, Reason.REST)]
    ready = granted(60, 90, Overlay.CORRECT, state=State.READY)
    found = made(rest, ready)
    assert (found.raw.out_of_adherence_s, found.figure.out_of_adherence_s) == (3600, 1800)
    assert [each.state for each in found.counted] == [
        State.READY,
        State.READY,
        State.NOT_READY,
    ]


def test_a_correction_of_another_date_or_of_what_is_to_come_changes_nothing_here() -> None:
    early = [was(-300, 60, State.NOT_READY, Reason.REST)]
    yesterday = granted(-300, -240, Overlay.CORRECT, state=State.READY)
    assert made(early, yesterday).figure.actual_work_s == 0
    rest = [was(0, 60, State.NOT_READY, Reason.REST)]
    ahead = granted(30, 120, Overlay.CORRECT, state=State.READY)
    found = made(rest, ahead, until=60)
    assert found.counted[-1].until_ms == at(60)


def test_preparation_is_no_overtime_also_before_the_shift_has_begun() -> None:
    ready = [was(-20, -5, State.READY)]
    figure = made(ready, until=-5).figure
    assert (figure.pre_shift_work_s, figure.overtime_work_s) == (900, 0)


def test_a_correction_that_waits_changes_nothing() -> None:
    rest = [was(0, 60, State.READY), was(60, 120, State.NOT_READY, Reason.REST)]
    waits = granted(60, 90, Overlay.CORRECT, PENDING, state=State.READY)
    assert made(rest, waits).figure == made(rest).figure
