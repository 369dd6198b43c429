"""The figures that `calc` computes, by their names."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import msgspec

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
INPUTS: Mapping[str, type[msgspec.Struct]] = MappingProxyType(
    {
        "adherence": adherence.Input,
        "attendance": attendance.Input,
        "fatigue": fatigue.Input,
        "replay": replay.Input,
        "roster_check": roster_check.Input,
        "team_adherence": team_adherence.Input,
    }
)
"""What each is made of."""
