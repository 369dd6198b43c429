"""Which line a call is of, what holds for it, and which numbers are no customers."""

import pytest

from protocol.rules.agent_state import Limits
from protocol.rules.lines import (
    Line,
    is_service_code,
    limits_on,
    line_named,
    line_of,
    line_of_outgoing,
)

SALES = Line("sales", {}, called=("800", "801"), ring_timer_s=5, acw_extensions=0)
HELP = Line("help", {}, called=("900", "801"))


def test_a_line_is_known_by_what_is_dialled_and_by_its_name() -> None:
    assert line_of((SALES, HELP), "900") is HELP
    assert line_of((SALES, HELP), "801") is SALES
    assert line_of((SALES, HELP), "80") is None
    assert line_of((SALES, HELP), "") is None
    assert line_named((SALES, HELP), "help") is HELP
    assert line_named((), "help") is None


@pytest.mark.parametrize(("lines", "name"), [((), ""), ((HELP,), "help"), ((SALES, HELP), "")])
def test_a_call_out_is_of_the_only_line(lines: tuple[Line, ...], name: str) -> None:
    assert line_of_outgoing(lines) == name


def test_a_line_changes_only_the_limits_that_it_names() -> None:
    usual = Limits(ring_timer_s=20, acw_limit_s=90, acw_extensions=3)
    assert limits_on(usual, SALES) == Limits(ring_timer_s=5, acw_limit_s=90, acw_extensions=0)
    assert limits_on(usual, HELP) == usual
    assert limits_on(usual, None) == usual


@pytest.mark.parametrize(
    ("target", "codes", "is_one"),
    [
        ("*71", ("*71",), True),
        ("*72", ("*71",), False),
        ("*72", ("*7*",), True),
        ("*7", ("*7*",), True),
        ("12117", ("12117", "*7*"), True),
        ("121171", ("12117",), False),
        ("13800138000", (), False),
        ("sip:*71@exchange.invalid", ("*7*",), False),
    ],
)
def test_a_service_code_is_named_or_begins_as_one(
    target: str, codes: tuple[str, ...], is_one: bool
) -> None:
    assert is_service_code(target, codes) is is_one
