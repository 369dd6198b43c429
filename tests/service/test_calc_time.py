"""`calc` of attendance, fatigue and rosters: what else they are told, and what makes no sense."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.service.calculated import INPUTS, computed, figure_or_refusal, place_of_fault

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
TIMES = st.datetimes().map(lambda moment: moment.isoformat()) | st.sampled_from(
    ["0001-01-01T00:00:00", "9999-12-31T23:59:59", "0001-01-01T00:00:00+14:00", "soon"]
)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"leave": True}, {"class": "LEAVE", "late_s": None, "leave_s": 32_400}),
        (
            {"leave": [{"start": "2025-03-03T09:00:00", "end": "2025-03-03T09:31:00"}]},
            {"class": "NORMAL", "late_s": 0, "leave_s": 1860},
        ),
        (
            {"unknown": [{"start": "2025-03-03T08:00:00", "end": "2025-03-03T09:30:00"}]},
            {"class": "NORMAL", "late_s": 0, "absent_days": 0.0},
        ),
        ({"presence": {"arrived": "2025-03-03T08:55:00"}}, {"class": "NORMAL", "prep_s": 300}),
        ({"agent": "1001"}, {"agent": "1001", "class": "ABSENT_HALF_DAY"}),
        ({"agent": "1001", "substitute": "1002"}, {"agent": "1002", "absent_days": 0.5}),
        ({"sign_out": None}, {"early_s": None, "class": "ABSENT_HALF_DAY"}),
        ({"config": {"half_day_s": 1860}}, {"class": "LATE", "late_s": 1860}),
        ({"tz": "Europe/Berlin"}, {"class": "ABSENT_HALF_DAY"}),
    ],
)
def test_what_else_attendance_is_told(
    changes: dict[str, object], expected: dict[str, object]
) -> None:
    found = computed("attendance", {**INPUTS["T04"], **changes})
    assert {key: found[key] for key in expected} == expected


def test_the_order_of_intervals_changes_nothing() -> None:
    backwards = INPUTS["F01"]["actual"][::-1]
    assert computed("fatigue", {"actual": backwards}) == computed("fatigue", INPUTS["F01"])


def test_fatigue_foresees_and_tells_what_nobody_knows() -> None:
    lost = {"start": "2025-03-03T15:10:00", "end": "2025-03-03T15:19:00", "state": None}
    found = computed("fatigue", {"actual": [*INPUTS["F02"]["actual"], lost]})
    assert (found["current_run_s"], found["unknown_s"]) == (10_800, 540)
    assert found["longest_run_at_most_s"] == 11_340
    assert found["warn_at"] == "2025-03-03T16:19:00+08:00"


def test_limits_of_a_roster_are_the_usual_ones_unless_given() -> None:
    shifts = {"shifts": INPUTS["R01"]["shifts"]}
    assert computed("roster_check", shifts)["violations"] == ["MIN_REST"]
    assert computed("roster_check", {**shifts, "min_rest_s": 32_400})["violations"] == []


SHIFT = INPUTS["R01"]["shifts"][0]
WORK = INPUTS["F01"]["actual"][0]
BACKWARDS = {"start": "2025-03-03T10:00:00", "end": "2025-03-03T09:00:00"}


@pytest.mark.parametrize(
    ("name", "given_input", "place"),
    [
        ("attendance", {}, "$"),
        ("attendance", {**INPUTS["T01"], "shift_end": "2025-03-03T09:00:00"}, "$.shift_end"),
        ("attendance", {**INPUTS["T01"], "sign_out": "2025-03-03T08:00:00"}, "$.sign_out"),
        ("attendance", {**INPUTS["T01"], "sign_in": "early"}, "$.sign_in"),
        ("attendance", {**INPUTS["T01"], "leave": [BACKWARDS]}, "$.leave[0].end"),
        ("attendance", {**INPUTS["T01"], "unknown": [BACKWARDS]}, "$.unknown[0].end"),
        ("attendance", {**INPUTS["T01"], "config": {"tolerance": 1}}, "$.config"),
        (
            "attendance",
            {
                **INPUTS["T01"],
                "presence": {"arrived": "2025-03-03T09:00:00", "left": "2025-03-03T08:00:00"},
            },
            "$.presence.left",
        ),
        ("fatigue", {"actual": [WORK, WORK]}, "$.actual[1].start"),
        ("fatigue", {"actual": [{**WORK, **BACKWARDS}]}, "$.actual[0].end"),
        ("fatigue", {"actual": [{**WORK, "state": "ASLEEP"}]}, "$.actual[0].state"),
        ("fatigue", {"actual": [], "tz": "Mars/Olympus"}, "$.tz"),
        ("roster_check", {"shifts": [{**SHIFT, **BACKWARDS}]}, "$.shifts[0].end"),
        ("roster_check", {"shifts": [{**SHIFT, "end": SHIFT["start"]}]}, "$.shifts[0].end"),
        ("roster_check", {"shifts": [SHIFT, {**SHIFT, "paid_s": -1}]}, "$.shifts[1].paid_s"),
        ("roster_check", {"shifts": [], "min_rest_s": "long"}, "$.min_rest_s"),
    ],
)
def test_bad_input_says_where(name: str, given_input: object, place: str) -> None:
    assert place_of_fault(name, given_input) == place


@pytest.mark.parametrize("name", ["attendance", "fatigue", "roster_check"])
@settings(deadline=None)
@given(JSON)
def test_whatever_json_it_is_the_answer_is_a_figure_or_a_refusal(name: str, value: object) -> None:
    for inner in (value, {"actual": value, "shifts": value}, {**INPUTS["T01"], "leave": value}):
        figure_or_refusal(name, inner)


@settings(deadline=None)
@given(TIMES, TIMES, TIMES, TIMES)
def test_whatever_times_there_are_the_answer_is_a_figure_or_a_refusal(
    one: str, two: str, three: str, four: str
) -> None:
    shift = {"shift_start": one, "shift_end": two, "sign_in": three, "sign_out": four}
    figure_or_refusal("attendance", shift)
    figure_or_refusal("fatigue", {"actual": [{"start": one, "end": two, "state": "READY"}]})
    spans = [{"start": one, "end": two, "paid_s": 1}, {"start": three, "end": four, "paid_s": 1}]
    figure_or_refusal("roster_check", {"shifts": spans})


@pytest.mark.parametrize(
    "at_nine",
    [
        "2025-03-03T09:00",
        "20250303T090000",
        "2025-03-03 09:00:00",
        "2025-03-03T01:00Z",
        "2025-03-03t01:00:00z",
        "2025-03-03T09:00+08",
        "2025-03-03T09:00:00.000+0800",
    ],
)
def test_times_are_iso_8601(at_nine: str) -> None:
    asked = INPUTS["T01"] | {"shift_start": at_nine}
    assert computed("attendance", asked) == computed("attendance", INPUTS["T01"])


@pytest.mark.parametrize("given_time", ["2025-03-03", "09:00", 9, "2025-03-03T25:00", "", "T"])
def test_what_is_no_time_is_named(given_time: object) -> None:
    asked = INPUTS["T01"] | {"shift_start": given_time}
    assert place_of_fault("attendance", asked) == "$.shift_start"
