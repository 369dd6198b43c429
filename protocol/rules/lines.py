"""Lines of business: how their calls are treated, and the codes that describe them. Pure."""

from collections.abc import Sequence
from typing import Annotated

import msgspec

from protocol.rules.agent_state import Limits, Seconds


class CodeItem(msgspec.Struct, frozen=True):
    """One code with its labels. Codes are retired, never deleted."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
    labels: dict[str, str]
    """What people read, by language (`en`, `zh_CN`)."""
    retired: bool = False


class Line(msgspec.Struct, frozen=True):
    """One line, as the operator configured it. What is null or empty is as for all calls."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
    labels: dict[str, str]
    """What people read, by language (`en`, `zh_CN`)."""
    called: tuple[str, ...] = ()
    """What callers dial (or the exchange calls) to reach it."""
    auto_answer: bool = False
    """Calls are connected by themselves, after a tone in the agent's ear."""
    ring_timer_s: Seconds | None = None
    acw_limit_s: Seconds | None = None
    acw_extension_s: Seconds | None = None
    acw_extensions: Annotated[int, msgspec.Meta(ge=0, le=100)] | None = None
    wrap_up_needed: bool = False
    """Whether an outcome is asked for before the next call. It is asked, and never blocks."""
    categories: tuple[CodeItem, ...] = ()
    outcomes: tuple[CodeItem, ...] = ()
    actions: tuple[CodeItem, ...] = ()


def line_of(lines: Sequence[Line], called: str) -> Line | None:
    """The line that a dialled number belongs to. The first one that names it."""
    return next((line for line in lines if called in line.called), None)


def line_named(lines: Sequence[Line], name: str) -> Line | None:
    """The line of a name."""
    return next((line for line in lines if line.name == name), None)


def line_of_outgoing(lines: Sequence[Line]) -> str:
    """The name of the line that a call out belongs to: the only one there is, else none."""
    return lines[0].name if len(lines) == 1 else ""


def is_service_code(target: str, codes: Sequence[str]) -> bool:
    """Whether a number is no customer's. A code that ends in `*` stands for all that begin so."""
    return any(
        target.startswith(code[:-1]) if code.endswith("*") else target == code for code in codes
    )


def limits_on(limits: Limits, line: Line | None) -> Limits:
    """The limits in force for a call of a line."""
    if line is None:
        return limits
    own = {
        name: getattr(line, name)
        for name in ("ring_timer_s", "acw_limit_s", "acw_extension_s", "acw_extensions")
        if getattr(line, name) is not None
    }
    return msgspec.structs.replace(limits, **own)
