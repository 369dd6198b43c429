"""The figures that `calc` computes, by their names."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from agent_service.calc import (
    adherence,
    attendance,
    fatigue,
    replay,
    roster_check,
    team_adherence,
)

Figure = Callable[[bytes], object]
"""From an input as JSON to a result that becomes JSON. Raises `BadInput`."""

FIGURES: Mapping[str, Figure] = MappingProxyType(
    {
        "adherence": adherence.figure,
        "attendance": attendance.figure,
        "fatigue": fatigue.figure,
        "replay": replay.figure,
        "roster_check": roster_check.figure,
        "team_adherence": team_adherence.figure,
    }
)
