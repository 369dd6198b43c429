"""What must always hold of scores, of the clock of sittings and of shares of answers."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from agent_service.exams.scoring import Answered, score
from agent_service.exams.statistics import answer_row
from agent_service.exams.timing import Came, ClosedBy, SittingEvent, Times, sitting
from protocol.facts.exam import MultiMode, QuestionType

OPTIONS = st.frozensets(st.sampled_from("ABCDEF")).map(lambda each: tuple(sorted(each)))
EVENTS = st.lists(
    st.builds(Came, st.sampled_from(SittingEvent), st.integers(0, 4_000), st.integers(0, 300)),
    max_size=12,
).map(lambda given: sorted(given, key=lambda each: each.at_ms))
GRACE_MS = 5


@given(OPTIONS.filter(bool), OPTIONS, st.integers(1, 50))
def test_no_mode_gives_more_than_all_points_and_all_of_them_only_for_what_is_right(
    key: tuple[str, ...], chosen: tuple[str, ...], points: int
) -> None:
    asked = Answered(QuestionType.MULTI, Fraction(points), key, chosen)
    found = [score(asked, mode) for mode in MultiMode]
    assert all(each is not None and 0 <= each <= points for each in found)
    assert [each == points for each in found] == [chosen == key] * len(found)
    assert found[0] in (0, found[1])


@given(EVENTS, st.integers(1, 2_000), st.integers(0, 3_600))
def test_nothing_is_taken_when_the_time_is_over(
    events: list[Came], duration_ms: int, started_ms: int
) -> None:
    found = sitting(Times(0, 3_601, duration_ms, started_ms), events, GRACE_MS)
    extra_ms = sum(
        came.extra_ms
        for came, taken in zip(events, found.events, strict=True)
        if taken.accepted and came.kind is SittingEvent.EXTEND
    )
    assert found.deadline_ms == min(started_ms + duration_ms, 3_601) + extra_ms
    assert started_ms <= found.submitted_ms <= found.deadline_ms
    submissions = [
        number
        for number, taken in enumerate(found.events)
        if taken.accepted and taken.kind is SittingEvent.SUBMIT
    ]
    assert len(submissions) == (found.closed_by is ClosedBy.CANDIDATE)
    for came, taken in zip(events, found.events, strict=True):
        late_ms = GRACE_MS if came.kind is SittingEvent.SUBMIT else 0
        assert not taken.accepted or started_ms <= came.at_ms <= found.deadline_ms + late_ms
        assert taken.remaining_s >= 0
    after = found.events[submissions[0] + 1 :] if submissions else ()
    assert not any(taken.accepted for taken in after)


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_both_shares_are_a_hundred_together(right: int, wrong: int) -> None:
    row = answer_row("q", right, wrong)
    shares = [each for each in (row.right_pct, row.wrong_pct) if each is not None]
    assert round(sum(shares) * 100) == (10_000 if right + wrong else 0)
    assert row.answered == right + wrong
