"""What `agent-service calc` makes of an input, and the recorded cases of it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agent_service.calc.figures import FIGURES
from agent_service.calc.input import BadInput

_EXAMPLES = Path(__file__).parents[1] / "rules" / "examples"

CASES: list[dict[str, Any]] = [
    json.loads(path.read_text(encoding="utf-8")) for path in sorted(_EXAMPLES.glob("*.json"))
]
"""Of every figure, with `id`, `figure`, `input` and `expected`."""
INPUTS: Mapping[str, dict[str, Any]] = {case["id"]: case["input"] for case in CASES}


def encoded(value: object) -> bytes:
    return json.dumps(value).encode()


def computed(figure: str, given_input: object) -> dict[str, Any]:
    """What is printed for an input."""
    found = FIGURES[figure].compute(encoded(given_input))
    printed: dict[str, Any] = json.loads(msgspec.json.encode(found))
    return printed


def place_of_fault(figure: str, given_input: object) -> object:
    with pytest.raises(BadInput) as refused:
        computed(figure, given_input)
    return refused.value.params["place"]


def figure_or_refusal(figure: str, given_input: object) -> None:
    """Anything but a result or `BadInput` is raised."""
    try:
        computed(figure, given_input)
    except BadInput as bad:
        assert bad.params["place"]
