"""The figures that `calc` computes, by their names."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

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

Figure = Callable[[bytes], object]
"""From an input as JSON to a result that becomes JSON. Raises `BadInput`."""

FIGURES: Mapping[str, Figure] = MappingProxyType(
    {
        "adherence": adherence.figure,
        "attendance": attendance.figure,
        "exam_score": exam_score.figure,
        "exam_stats": exam_stats.figure,
        "exam_timing": exam_timing.figure,
        "fatigue": fatigue.figure,
        "reading_time": reading_time.figure,
        "replay": replay.figure,
        "roster_check": roster_check.figure,
        "team_adherence": team_adherence.figure,
        "training_done": training_done.figure,
        "training_draw": training_draw.figure,
        "training_stats": training_stats.figure,
    }
)
INPUTS: Mapping[str, type[msgspec.Struct]] = MappingProxyType(
    {
        "adherence": adherence.Input,
        "attendance": attendance.Input,
        "exam_score": exam_score.Input,
        "exam_stats": exam_stats.Input,
        "exam_timing": exam_timing.Input,
        "fatigue": fatigue.Input,
        "reading_time": reading_time.Input,
        "replay": replay.Input,
        "roster_check": roster_check.Input,
        "team_adherence": team_adherence.Input,
        "training_done": training_done.Input,
        "training_draw": training_draw.Input,
        "training_stats": training_stats.Input,
    }
)
"""What each is made of."""
