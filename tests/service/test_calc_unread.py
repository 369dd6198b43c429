"""A slip of the pen in an input of `calc` changes no figure silently."""

import pytest

from agent_service.calc.figures import FIGURES
from agent_service.calc.input import BadInput
from agent_service.calc.unread import unread
from tests.service.calculated import encoded
from tests.service.test_calc import Calculator, calculator

__all__ = ["calculator"]

SEGMENT = {"start": "2026-11-22T09:00:00", "end": "2026-11-22T18:00:00"}
EVENT = {
    "session": "s",
    "seq": 1,
    "mono_ms": 0,
    "received": "2026-11-22T09:00:00",
    "state": "READY",
}


@pytest.mark.parametrize(
    ("figure", "given", "places"),
    [
        ("fatigue", {"actual": []}, []),
        ("fatigue", {"actual": [], "excptions": [{"a": 1}]}, ["$.excptions"]),
        (
            "fatigue",
            {"actual": [SEGMENT | {"state": None, "raeson": "REST"}]},
            ["$.actual[0].raeson"],
        ),
        (
            "replay",
            {
                "events": [EVENT | {"wall": 1}],
                "anchors": {"s": {"server": "2026-11-22T09:00:00", "mono_ms": 0, "mono": 1}},
            },
            ["$.events[0].wall", "$.anchors.s.mono"],
        ),
        (
            "attendance",
            {
                "shift_start": SEGMENT["start"],
                "shift_end": SEGMENT["end"],
                "sign_in": None,
                "leave": [SEGMENT | {"kind": "x"}],
                "\u001b[2J": 1,
            },
            ["$.leave[0].kind", '$."\\u001b[2J"'],
        ),
    ],
)
def test_names_that_a_figure_does_not_know_are_told(
    figure: str, given: object, places: list[str]
) -> None:
    assert unread(FIGURES[figure].made_of, encoded(given)) == places


def test_they_are_told_beside_the_result(calculator: Calculator) -> None:
    code, out, err = calculator.run("team_adherence", given=b'{"rows": [], "row": 1}')
    assert (code, out.count(b"\n")) == (0, 1)
    assert "$.row" in err


def test_no_name_stands_twice_in_an_object(calculator: Calculator) -> None:
    with pytest.raises(BadInput, match="'rows' × 2"):
        unread(FIGURES["team_adherence"].made_of, b'{"rows": [], "rows": []}')
    code, out, err = calculator.run("team_adherence", given=b'{"rows": [], "rows": []}')
    assert (code, out) == (2, b"")
    assert err.endswith("[bad_input]\n")


def test_a_team_is_weighted_by_what_was_not_excluded(calculator: Calculator) -> None:
    rows = [
        {"agent": "1001", "scheduled_s": 32_400, "excluded_s": 1200, "in_s": 31_200},
        {"agent": "1002", "scheduled_s": 3600, "excluded_s": 3600, "in_s": 0},
    ]
    _, out, _ = calculator.run("team_adherence", given=encoded({"rows": rows}))
    assert b'"team_adherence_pct":100.0,"agents_counted":1' in out
    rows[1]["in_s"] = 1
    code, _, err = calculator.run("team_adherence", given=encoded({"rows": rows}))
    assert (code, "$.rows[1].in_s" in err) == (2, True)
