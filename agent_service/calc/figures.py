"""The figures that `calc` computes, by their names."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from agent_service.calc import replay

Figure = Callable[[bytes], object]
"""From an input as JSON to a result that becomes JSON. Raises `BadInput`."""

FIGURES: Mapping[str, Figure] = MappingProxyType({"replay": replay.figure})
