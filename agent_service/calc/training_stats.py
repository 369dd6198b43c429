"""The figure `training_stats`: JSON in, the rule `agent_service.training.statistics`, JSON out."""

from typing import Annotated

import msgspec
from msgspec import Meta

from agent_service.calc.input import decode, decoder
from agent_service.training.statistics import Assigned, tally
from protocol.rules.rounding import percent
from protocol.rules.training_progress import hms


class _Assigned(msgspec.Struct, frozen=True):
    completed: bool
    trained_s: Annotated[int, Meta(ge=0, le=(1 << 53) - 1)]


class _Task(msgspec.Struct, frozen=True):
    task: str
    assignments: tuple[_Assigned, ...]


class Input(msgspec.Struct, frozen=True):
    """What is given: the assignments of tasks that were not withdrawn."""

    tasks: tuple[_Task, ...]


class _Row(msgspec.Struct, frozen=True):
    task: str
    participants: int
    not_done: int
    done: int
    completion_pct: float | None
    total_hms: str


class _Output(msgspec.Struct, frozen=True):
    rows: tuple[_Row, ...]


_decoder = decoder(Input)


def figure(given: bytes) -> _Output:
    """The figure of one input. Raises `BadInput`."""
    return _Output(tuple(_row(each) for each in decode(_decoder, given).tasks))


def _row(task: _Task) -> _Row:
    found = tally(Assigned(each.completed, each.trained_s) for each in task.assignments)
    return _Row(
        task.task,
        found.participants,
        found.not_done,
        found.done,
        percent(found.done, found.participants),
        hms(found.trained_s),
    )
