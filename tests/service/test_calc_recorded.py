"""`agent-service calc`: every recorded case comes out as written."""

import json
from collections import Counter
from itertools import takewhile

import pytest

from agent_service.calc.figures import FIGURES
from tests.service.calculated import CASES
from tests.service.processes import run

FIGURES_RECORDED = sorted({case["figure"] for case in CASES})


@pytest.mark.parametrize("figure", FIGURES_RECORDED)
async def test_every_recorded_case_comes_out_as_written(figure: str) -> None:
    """In one run of the command, a line a case."""
    cases = [case for case in CASES if case["figure"] == figure]
    lines = "\n".join(json.dumps(case["input"]) for case in cases)
    code, out, err = await run("calc", figure, "--lines", given=lines)
    assert (code, err) == (0, "")
    for case, line in zip(cases, out.splitlines(), strict=True):
        found = json.loads(line)
        assert {key: found[key] for key in case["expected"]} == case["expected"], case["id"]


def test_no_case_is_missing() -> None:
    kinds = Counter("".join(takewhile(str.isalpha, case["id"])) for case in CASES)
    assert kinds == {"A": 32, "T": 6, "F": 2, "R": 2, "TR": 7, "X": 11}


def test_every_figure_has_a_case() -> None:
    assert set(FIGURES_RECORDED) <= set(FIGURES)
