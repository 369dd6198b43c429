"""The state table against a recorded one: every state, every trigger (`transitions.txt`)."""

from pathlib import Path

import pytest

from protocol.facts.agent import State
from protocol.rules.agent_state import AgentState, Happening, Limits, Trigger
from protocol.rules.agent_state_table import Stepped, step
from tests.rules.agents import MEAL, agent, shown

COLUMNS, *ROWS = (
    line.split()
    for line in Path(__file__).with_name("transitions.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
)
CELLS = [
    pytest.param(State(state), Trigger(trigger), cell, id=f"{trigger}-{state}")
    for trigger, *cells in ROWS
    for state, cell in zip(COLUMNS, cells, strict=True)
]
CALLS = {Trigger.CALL_OFFERED: "c2", Trigger.DIAL: "c2"}
"""Triggers that bring a call of their own; all others concern `c1`."""


def as_written(before: AgentState, stepped: Stepped) -> str:
    """What a step did, in the notation of `transitions.txt`."""
    after = stepped.after
    if stepped.refusal is not None:
        return f"!{stepped.refusal}"
    if after.next != before.next:
        return f">{shown(after.next)}"
    return str(shown(after))


def as_meant(before: AgentState, cell: str) -> str:
    """A cell, with its dot spelt out."""
    return str(shown(before)) if cell == "." else cell


def test_the_recorded_table_is_whole() -> None:
    assert [State(name) for name in COLUMNS] == list(State)
    assert sorted(name for name, *_ in ROWS) == sorted(Trigger)


@pytest.mark.parametrize(("state", "trigger", "cell"), CELLS)
def test_every_state_meets_every_trigger(state: State, trigger: Trigger, cell: str) -> None:
    before = agent(state, alive=state is State.ACW)
    stepped = step(before, Happening(trigger, CALLS.get(trigger, "c1"), MEAL), Limits())
    assert as_written(before, stepped) == as_meant(before, cell)


@pytest.mark.parametrize(
    ("state", "trigger", "cell"), [cell for cell in CELLS if cell.values[2].startswith("!")]
)
def test_a_refusal_changes_nothing(state: State, trigger: Trigger, cell: str) -> None:
    before = agent(state)
    assert step(before, Happening(trigger, "c1", MEAL), Limits()).after == before
