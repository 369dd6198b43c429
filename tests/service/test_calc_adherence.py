"""`calc adherence` and `calc team_adherence`: what else they are told, and what is refused."""

import json
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_service.calc.input import BadInput
from protocol.rules.day_rules import AdherenceRules, DayRules, version
from tests.service.calculated import INPUTS, computed, figure_or_refusal, place_of_fault
from tests.service.processes import run

A05 = INPUTS["A05"]
SEGMENT = A05["schedule"][0]
ACTUAL = A05["actual"][1]
LAST = {"start": "9999-12-31T20:00:00Z", "end": "9999-12-31T21:00:00Z", "activity": "WORK"}
FIRST = {"start": "0001-01-01T00:00:00Z", "end": "0001-01-01T01:00:00Z", "activity": "WORK"}
EXCEPTION = {
    "start": "2025-03-03T10:00:00",
    "end": "2025-03-03T11:00:00",
    "kind": "excuse",
    "reason": "COACHING",
    "status": "approved",
}


def test_unknown_time_makes_a_range_that_says_so() -> None:
    offline = {"start": "2025-03-03T17:00:00", "end": "2025-03-03T18:00:00", "state": "OFFLINE"}
    found = computed(
        "adherence", {"schedule": [{**offline, "activity": "WORK"}], "actual": [offline]}
    )
    assert (found["provisional"], found["unknown_s"]) == (True, 3600)
    assert (found["adherence_pct"], found["adherence_high_pct"]) == (0.0, 100.0)
    assert (found["conformance_pct"], found["conformance_high_pct"]) == (0.0, 100.0)


def test_the_version_of_the_rules_is_told() -> None:
    assert computed("adherence", A05)["rule_version"] == version(DayRules())
    rules = DayRules(adherence=AdherenceRules(grace_s=5))
    assert computed("adherence", {**A05, "config": {"grace_s": 5}})["rule_version"] == version(
        rules
    )


@pytest.mark.parametrize(
    ("config", "out_s"),
    [
        ({}, 0),
        ({"acw_limit_s": 20}, 140),
        ({"break_floats": False}, 690),
        ({"overrun_cap_s": 600}, 180),
        ({"work_reasons": ["MEAL"]}, 0),
    ],
)
def test_a_rule_can_be_another(config: dict[str, object], out_s: int) -> None:
    assert computed("adherence", {**A05, "config": config})["out_of_adherence_s"] == out_s


def test_keys_that_mean_nothing_here_and_the_order_of_intervals_change_nothing() -> None:
    other = {**A05, "note": 1, "actual": A05["actual"][::-1], "schedule": A05["schedule"][::-1]}
    assert computed("adherence", other) == computed("adherence", A05)


def test_a_time_with_an_offset_needs_no_zone() -> None:
    segment = {
        "start": "2025-03-03T01:00:00Z",
        "end": "2025-03-03T04:00:00+02:00",
        "activity": "WORK",
    }
    found = computed("adherence", {"schedule": [segment], "actual": [], "tz": "America/Lima"})
    assert (found["business_date"], found["scheduled_s"]) == ("2025-03-02", 3600)
    (deviation,) = found["deviations"]
    assert datetime.fromisoformat(deviation["start"]) == datetime.fromisoformat(segment["start"])
    assert deviation["start"] == "2025-03-02T20:00:00-05:00"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"schedule": None}, "$.schedule"),
        ({"schedule": [{**SEGMENT, "activity": "LUNCH"}]}, "$.schedule[0].activity"),
        ({"schedule": [{**SEGMENT, "end": "2025-03-03T08:00:00"}]}, "$.schedule[0].end"),
        ({"schedule": [SEGMENT, SEGMENT]}, "$.schedule[1].start"),
        ({"actual": [{**ACTUAL, "state": "READY"}]}, "$.actual[0].reason"),
        ({"actual": [{**ACTUAL, "state": "FLYING"}]}, "$.actual[0].state"),
        ({"actual": [{**ACTUAL, "reason": "LUNCH"}]}, "$.actual[0].reason"),
        ({"actual": [{**ACTUAL, "start": "2025-03-03T18:00:00"}]}, "$.actual[0].end"),
        ({"actual": [{**ACTUAL, "start": "today"}]}, "$.actual[0].start"),
        (
            {"actual": [ACTUAL, {**ACTUAL, "start": "2025-03-03T10:44:59.5"}]},
            "$.actual[1].start",
        ),
        ({"exceptions": [{**EXCEPTION, "kind": "forget"}]}, "$.exceptions[0].kind"),
        ({"exceptions": [{**EXCEPTION, "status": "maybe"}]}, "$.exceptions[0].status"),
        ({"exceptions": [{**EXCEPTION, "end": "2025-03-03T09:59:59"}]}, "$.exceptions[0].end"),
        ({"config": {"grace": 60}}, "$.config"),
        ({"config": {"grace_s": -1}}, "$.config.grace_s"),
        ({"config": {"work_reasons": ["FISHING"]}}, "$.config.work_reasons[0]"),
        ({"tz": "Mars/Olympus"}, "$.tz"),
        ({"schedule": [{**SEGMENT, "end": "2025-03-10T09:00:01"}]}, "$.schedule[0].end"),
        ({"schedule": [LAST]}, "$"),
        ({"schedule": [FIRST], "tz": "America/Lima"}, "$"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(
    change: dict[str, object], place: str
) -> None:
    assert place_of_fault("adherence", {**A05, **change}) == place


def test_an_overlap_names_the_other_interval() -> None:
    later = {**ACTUAL, "start": "2025-03-03T10:40:00", "end": "2025-03-03T10:50:00"}
    with pytest.raises(BadInput) as refused:
        computed("adherence", {**A05, "actual": [later, ACTUAL]})
    assert refused.value.params == {"place": "$.actual[0].start", "detail": "< $.actual[1].end"}


async def test_a_refusal_is_one_line_and_exit_code_two() -> None:
    given_input = json.dumps({**A05, "schedule": [SEGMENT, SEGMENT]})
    code, out, err = await run("calc", "adherence", given=given_input)
    assert (code, out) == (2, "")
    (line,) = err.splitlines()
    assert line.endswith("[bad_input]")


ROW = {"agent": "1001", "scheduled_s": 100, "in_s": 50}


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ({**ROW, "in_s": 101}, "$.rows[0].in_s"),
        ({**ROW, "in_s": -1}, "$.rows[0].in_s"),
        ({**ROW, "scheduled_s": 1.5}, "$.rows[0].scheduled_s"),
        ({"agent": "1001"}, "$.rows[0]"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused(row: dict[str, object], place: str) -> None:
    assert place_of_fault("team_adherence", {"rows": [row]}) == place


def test_a_team_without_plans_has_no_figure() -> None:
    found = computed("team_adherence", {"rows": []})
    assert (found["team_adherence_pct"], found["agents_counted"]) == (None, 0)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None)
@given(
    st.fixed_dictionaries({}, optional=dict.fromkeys(SEGMENT, JSON)),
    st.fixed_dictionaries({}, optional=dict.fromkeys(ACTUAL, JSON)),
    st.fixed_dictionaries({}, optional=dict.fromkeys(EXCEPTION, JSON)),
)
def test_whatever_it_holds_the_answer_is_a_figure_or_a_refusal(
    segment: dict[str, object], actual: dict[str, object], exception: dict[str, object]
) -> None:
    changed = {
        "schedule": [{**SEGMENT, **segment}],
        "actual": [{**ACTUAL, **actual}],
        "exceptions": [{**EXCEPTION, **exception}],
    }
    figure_or_refusal("adherence", changed)
