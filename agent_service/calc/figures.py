"""The figures that `calc` computes, by their names."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from agent_service.calc import (
    adherence,
    attendance,
    exam_score,
    exam_stats,
    exam_timing,
    fatigue,
    reading_time,
    replay,
    roster_check,
    team_adherence,
    training_done,
    training_draw,
    training_stats,
)


class Figure(NamedTuple):
    """One of them."""

    made_of: type[msgspec.Struct]
    """What an input says."""
    compute: Callable[[bytes], object]
    """From JSON to what is printed as JSON. Raises `BadInput`."""


FIGURES: Mapping[str, Figure] = MappingProxyType(
    {
        "adherence": Figure(adherence.Input, adherence.figure),
        "attendance": Figure(attendance.Input, attendance.figure),
        "exam_score": Figure(exam_score.Input, exam_score.figure),
        "exam_stats": Figure(exam_stats.Input, exam_stats.figure),
        "exam_timing": Figure(exam_timing.Input, exam_timing.figure),
        "fatigue": Figure(fatigue.Input, fatigue.figure),
        "reading_time": Figure(reading_time.Input, reading_time.figure),
        "replay": Figure(replay.Input, replay.figure),
        "roster_check": Figure(roster_check.Input, roster_check.figure),
        "team_adherence": Figure(team_adherence.Input, team_adherence.figure),
        "training_done": Figure(training_done.Input, training_done.figure),
        "training_draw": Figure(training_draw.Input, training_draw.figure),
        "training_stats": Figure(training_stats.Input, training_stats.figure),
    }
)
