"""The rule of adherence against a recount of every second, which knows nothing of the rule."""

import json
from pathlib import Path

import msgspec
import pytest

from agent_service.calc import adherence
from tests.rules.random_days import random_day
from tests.rules.recount import recount

EXAMPLES = sorted((Path(__file__).parent / "examples").glob("A*.json"))
CASES = [json.loads(each.read_text(encoding="utf-8")) for each in EXAMPLES]
DAYS = [case for case in CASES if case["figure"] == "adherence"]
USUAL = 200
MANY = 5000


def figure(given: object) -> dict[str, object]:
    """What the rule makes of an input."""
    found = adherence.figure(json.dumps(given).encode())
    return json.loads(msgspec.json.encode(found))


@pytest.mark.parametrize("case", DAYS, ids=[case["id"] for case in DAYS])
def test_the_recount_gives_the_examples(case: dict[str, dict[str, object]]) -> None:
    found = recount(case["input"])
    assert found == case["expected"]


@pytest.mark.parametrize("first", range(0, USUAL, 20))
def test_the_rule_agrees_with_the_recount(first: int) -> None:
    for seed in range(first, first + 20):
        agrees(seed)


@pytest.mark.prove
@pytest.mark.parametrize("first", range(USUAL, MANY, 100))
def test_the_rule_agrees_on_many_days(first: int) -> None:
    for seed in range(first, first + 100):
        agrees(seed)


def agrees(seed: int) -> None:
    """Every key of the recount is in the figure, with the same value."""
    given = random_day(seed)
    expected, found = recount(given), figure(given)
    assert {key: found[key] for key in expected} == expected, f"seed {seed}"
