"""Calls of the site's day, counted as the seat counts them."""

from datetime import date
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from agent_service.calls.day_counts import Counts, DayCounts
from agent_service.calls.row import CallRow
from protocol.facts.call import Direction
from protocol.rules.local_day import day_bounds

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 11, 23)
MIDNIGHT, END = day_bounds(DAY, SHANGHAI)


class Clock:
    """A clock that a test sets."""

    def __init__(self, now_ms: int) -> None:
        self.now_ms = now_ms

    def __call__(self) -> int:
        return self.now_ms


def call(name: str, answered_ms: int | None = None, missed_ms: int | None = None) -> CallRow:
    return CallRow(
        "1001",
        name,
        direction=Direction.INBOUND,
        answered=answered_ms is not None,
        answered_ms=answered_ms,
        missed_ms=missed_ms,
    )


def counting(now_ms: int = END - 1) -> tuple[DayCounts, Clock]:
    clock = Clock(now_ms)
    return DayCounts(SHANGHAI, clock), clock


def test_calls_count_on_the_day_on_which_they_were_answered_or_missed() -> None:
    counts, _ = counting()
    counts.take([call("a", MIDNIGHT - 1), call("b", MIDNIGHT), call("c", None, END - 1)])
    counts.take([call("d", END), call("e", None, MIDNIGHT - 1), call("f")])
    assert counts.of("1001") == Counts(answered=1, missed=1)
    assert counts.of("1002") == Counts()


def test_a_call_counts_once_however_often_its_row_changes() -> None:
    counts, _ = counting()
    heard: list[str] = []
    counts.changed = heard.extend
    for _ in range(3):
        counts.take([call("a", MIDNIGHT)])
    assert (counts.of("1001"), heard) == (Counts(answered=1), ["1001"])


def test_a_call_that_the_agent_made_is_not_one_that_the_agent_answered() -> None:
    counts, _ = counting()
    dialled = msgspec.structs.replace(call("a", MIDNIGHT), direction=Direction.OUTBOUND)
    counts.take([dialled])
    assert counts.of("1001") == Counts()


def test_at_midnight_nobody_has_taken_a_call() -> None:
    counts, clock = counting()
    heard: list[str] = []
    counts.take([call("a", MIDNIGHT)])
    counts.changed = heard.extend
    counts.turn()
    assert (counts.day, heard) == (DAY, [])
    clock.now_ms = END
    counts.turn()
    assert (counts.day, counts.of("1001"), heard) == (date(2026, 11, 24), Counts(), ["1001"])


def test_a_commit_after_midnight_counts_on_the_new_day() -> None:
    counts, clock = counting()
    counts.take([call("a", MIDNIGHT), call("b", END - 1)])
    clock.now_ms = END + 5
    counts.take([call("c", END + 5), call("b", END - 1)])
    assert counts.of("1001") == Counts(answered=1)


rows = st.builds(
    call,
    st.sampled_from("abcd"),
    st.none() | st.integers(MIDNIGHT - 9, END + 9),
    st.none() | st.integers(MIDNIGHT - 9, END + 9),
)


@given(st.lists(rows, unique_by=lambda row: row.call_id))
def test_order_and_repetition_make_no_difference(calls: list[CallRow]) -> None:
    one, other = counting()[0], counting()[0]
    one.take(calls)
    for row in reversed([*calls, *calls]):
        other.take([row])
    assert one.of("1001") == other.of("1001")
