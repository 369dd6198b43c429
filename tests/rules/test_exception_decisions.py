"""Who decides an exception, when two have to, and how it stands: against tables written by hand,
and whatever the order."""

from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.facts.agent import Reason, State
from protocol.facts.correction import Overlay
from protocol.rules.exception_decisions import (
    OPEN,
    SECOND_AFTER_DAYS,
    Case,
    Span,
    Standing,
    decided,
    needs_second,
    refusal,
    repeats,
    state_fits,
    unasked,
    withdrawn,
)
from protocol.rules.exceptions import Derived, ExceptionKind, ExceptionStatus

AGENT, LEAD, OTHER, THIRD = "1001", "2001", "3001", "3002"
DAY = date(2026, 11, 20)
PENDING, SECOND, APPROVED, REJECTED, WITHDRAWN = Standing

Said = tuple[str, str, bool]
"""Who, yes or no, and whether a second was needed then."""


def after(proposer: str, *said: Said) -> Case:
    """The case after what was said of it."""
    case = Case(AGENT, proposer)
    for actor, answer, second in said:
        case = decided(case, actor, answer == "yes", second)
    return case


@pytest.mark.parametrize(
    ("proposer", "said", "standing", "deciders"),
    [
        (AGENT, [], PENDING, ""),
        (AGENT, [(LEAD, "yes", False)], APPROVED, "2001"),
        (AGENT, [(LEAD, "no", False)], REJECTED, "2001"),
        (AGENT, [(LEAD, "yes", True)], SECOND, "2001"),
        (AGENT, [(LEAD, "yes", True), (OTHER, "yes", True)], APPROVED, "2001 3001"),
        (AGENT, [(LEAD, "yes", True), (OTHER, "yes", False)], APPROVED, "2001 3001"),
        (AGENT, [(LEAD, "yes", True), (OTHER, "no", False)], REJECTED, "2001 3001"),
        (AGENT, [(LEAD, "yes", True), (LEAD, "no", False)], REJECTED, "2001 2001"),
        (AGENT, [(LEAD, "yes", True), (LEAD, "yes", False)], SECOND, "2001"),
        (AGENT, [(LEAD, "no", False), (OTHER, "yes", False)], REJECTED, "2001"),
        (AGENT, [(LEAD, "yes", False), (OTHER, "no", False)], APPROVED, "2001"),
        (AGENT, [(AGENT, "yes", False)], PENDING, ""),
        (AGENT, [(AGENT, "no", False)], PENDING, ""),
        (AGENT, [(LEAD, "yes", True), (AGENT, "yes", False)], SECOND, "2001"),
        (LEAD, [(LEAD, "yes", False)], APPROVED, "2001"),
        (LEAD, [(LEAD, "yes", True)], SECOND, "2001"),
        (LEAD, [(LEAD, "yes", True), (LEAD, "yes", True)], SECOND, "2001"),
        (LEAD, [(LEAD, "yes", True), (OTHER, "yes", True)], APPROVED, "2001 3001"),
        (LEAD, [(OTHER, "yes", True), (LEAD, "yes", True)], SECOND, "3001"),
        ("system", [(LEAD, "yes", False)], APPROVED, "2001"),
        ("system", [(LEAD, "yes", True), (OTHER, "yes", True)], APPROVED, "2001 3001"),
    ],
)
def test_how_it_stands(proposer: str, said: list[Said], standing: Standing, deciders: str) -> None:
    case = after(proposer, *said)
    assert (case.standing, " ".join(case.deciders)) == (standing, deciders)


@pytest.mark.parametrize(
    ("case", "actor", "approved", "leads", "code"),
    [
        (Case(AGENT, AGENT), AGENT, True, True, "own_case"),
        (Case(AGENT, LEAD), AGENT, False, True, "own_case"),
        (Case(AGENT, AGENT), OTHER, True, False, "not_permitted"),
        (Case(AGENT, AGENT, APPROVED, (LEAD,)), OTHER, False, False, "not_permitted"),
        (Case(AGENT, AGENT, APPROVED, (LEAD,)), OTHER, False, True, "already_decided"),
        (Case(AGENT, AGENT, REJECTED, (LEAD,)), OTHER, True, True, "already_decided"),
        (Case(AGENT, AGENT, WITHDRAWN), OTHER, True, True, "already_decided"),
        (Case(AGENT, AGENT, SECOND, (LEAD,)), LEAD, True, True, "second_by_same"),
        (Case(AGENT, LEAD, SECOND, (OTHER,)), LEAD, True, True, "second_by_same"),
        (Case(AGENT, AGENT, SECOND, (LEAD,)), LEAD, False, True, None),
        (Case(AGENT, AGENT, SECOND, (LEAD,)), OTHER, True, True, None),
        (Case(AGENT, LEAD), LEAD, True, True, None),
        (Case(AGENT, "system"), LEAD, True, True, None),
    ],
)
def test_why_somebody_can_not_decide(
    case: Case, actor: str, approved: bool, leads: bool, code: str | None
) -> None:
    assert refusal(case, actor, approved, leads) == code


@pytest.mark.parametrize(
    ("case", "actor", "approved", "same"),
    [
        (Case(AGENT, AGENT), LEAD, True, False),
        (Case(AGENT, AGENT, SECOND, (LEAD,)), LEAD, True, True),
        (Case(AGENT, AGENT, SECOND, (LEAD,)), OTHER, True, False),
        (Case(AGENT, AGENT, SECOND, (LEAD,)), LEAD, False, False),
        (Case(AGENT, LEAD, SECOND, (LEAD,)), LEAD, True, False),
        (Case(AGENT, LEAD, APPROVED, (LEAD,)), LEAD, True, True),
        (Case(AGENT, AGENT, APPROVED, (LEAD, OTHER)), LEAD, True, True),
        (Case(AGENT, AGENT, APPROVED, (LEAD, OTHER)), OTHER, True, True),
        (Case(AGENT, AGENT, APPROVED, (LEAD,)), LEAD, False, False),
        (Case(AGENT, AGENT, REJECTED, (LEAD,)), LEAD, False, True),
        (Case(AGENT, AGENT, REJECTED, (LEAD, OTHER)), LEAD, True, False),
        (Case(AGENT, AGENT, REJECTED, (LEAD, OTHER)), LEAD, False, False),
        (Case(AGENT, AGENT, WITHDRAWN), LEAD, False, False),
    ],
)
def test_what_is_the_same_again(case: Case, actor: str, approved: bool, same: bool) -> None:
    assert repeats(case, actor, approved) is same


@pytest.mark.parametrize(
    ("asked", "granted", "days", "wanted"),
    [
        ((0, 900), [], 0, False),
        ((0, 901), [], 0, True),
        ((0, 600), [(600, 900)], 0, False),
        ((0, 600), [(600, 901)], 0, True),
        ((0, 600), [(1000, 1301)], 0, True),
        ((0, 900), [(0, 900), (100, 800)], 0, False),
        ((400, 500), [(0, 300), (200, 500)], 0, False),
        ((0, 1), [], SECOND_AFTER_DAYS, False),
        ((0, 1), [], SECOND_AFTER_DAYS + 1, True),
        ((0, 1), [], -5, False),
    ],
)
def test_when_two_have_to_approve(
    asked: tuple[int, int], granted: list[tuple[int, int]], days: int, wanted: bool
) -> None:
    spans = [Span(start * 1000, end * 1000) for start, end in (asked, *granted)]
    assert needs_second(spans[0], spans[1:], DAY, date(2026, 11, 20 + days)) is wanted


spans = st.builds(
    lambda start, length: Span(start * 1000, (start + length) * 1000),
    st.integers(0, 1500),
    st.integers(1, 700),
)


@given(spans, st.lists(spans, max_size=4))
def test_time_that_several_cover_counts_once(asked: Span, granted: list[Span]) -> None:
    seconds = {
        second
        for span in (asked, *granted)
        for second in range(span.start_ms // 1000, span.end_ms // 1000)
    }
    assert needs_second(asked, granted, DAY, DAY) is (len(seconds) > 900)


said = st.tuples(
    st.sampled_from([AGENT, LEAD, OTHER, THIRD]), st.sampled_from(["yes", "no"]), st.booleans()
)
proposers = st.sampled_from([AGENT, LEAD, "system"])


@given(proposers, st.lists(said, max_size=6))
def test_whatever_is_said_two_agree_where_two_have_to_and_an_end_is_an_end(
    proposer: str, everything: list[Said]
) -> None:
    before = after(proposer)
    for number in range(len(everything)):
        now = after(proposer, *everything[: number + 1])
        assert before.standing in OPEN or now == before
        assert AGENT not in now.deciders
        assert now.standing is not SECOND or len(now.deciders) == 1
        was_second = before.standing is SECOND and now.standing is APPROVED
        assert not was_second or len({*now.deciders}) == 2
        assert not was_second or now.deciders[-1] != proposer
        before = now


@given(st.permutations([LEAD, OTHER]), st.booleans())
def test_the_order_of_those_who_approve_does_not_matter(order: list[str], second: bool) -> None:
    case = after(AGENT, *[(actor, "yes", second) for actor in order])
    assert case.standing is APPROVED
    assert case.deciders == tuple(order[: 1 + second])


def test_one_who_rejects_is_enough_at_any_place() -> None:
    for order in permutations([(LEAD, "yes", True), (OTHER, "no", True)]):
        assert after(AGENT, *order).standing is REJECTED


@pytest.mark.parametrize("standing", Standing)
@pytest.mark.parametrize("actor", [AGENT, LEAD, OTHER])
def test_whoever_proposed_it_takes_it_back_while_it_is_open(standing: Standing, actor: str) -> None:
    case = Case(AGENT, LEAD, standing)
    taken = withdrawn(case, actor)
    assert (taken != case) is (actor == LEAD and standing in OPEN)
    assert taken.standing in (standing, WITHDRAWN)


@pytest.mark.parametrize(
    ("what", "state", "reason", "fits"),
    [
        (Overlay.EXCUSE, None, None, True),
        (Overlay.EXCLUDE, None, None, True),
        (Overlay.CORRECT, None, None, False),
        (Overlay.EXCUSE, State.READY, None, True),
        (Overlay.CORRECT, State.TALK, None, True),
        (Overlay.CORRECT, State.NOT_READY, Reason.COACHING, True),
        (Overlay.CORRECT, State.NOT_READY, None, False),
        (Overlay.CORRECT, State.READY, Reason.COACHING, False),
        (Overlay.CORRECT, State.OFFLINE, None, False),
        (Overlay.EXCLUDE, State.READY, None, False),
        (Overlay.EXCUSE, None, Reason.REST, False),
    ],
)
def test_what_may_be_said_of_the_state(
    what: Overlay, state: State | None, reason: Reason | None, fits: bool
) -> None:
    assert state_fits(what, state, reason) is fits


def derived(start_ms: int, end_ms: int, name: str = "a") -> Derived:
    return Derived(
        start_ms,
        end_ms,
        ExceptionKind.EXCLUDE,
        "UNKNOWN_TIME",
        ExceptionStatus.PENDING,
        name,
        actor="system",
    )


def test_what_grew_is_asked_about_from_where_the_question_ended() -> None:
    asked: dict[str, int] = {}
    pieces = []
    for end_ms in (10, 20, 20, 15, 30):
        for each in unasked([derived(0, end_ms)], asked):
            asked[each.exception_id] = each.end_ms
            pieces.append((each.start_ms, each.end_ms))
    assert pieces == [(0, 10), (10, 20), (20, 30)]
    assert len(asked) == 3
    assert list(unasked([derived(40, 50, "b")], asked)) == [derived(40, 50, "b")]
