"""Codes are stable and unambiguous."""

from protocol.rules.agent_state import Refusal
from protocol.wire.errors import Code, Refused


def test_a_code_means_one_thing() -> None:
    assert set(Code).isdisjoint(Refusal)


def test_a_code_is_its_name() -> None:
    assert [each for each in [*Code, *Refusal] if each != each.name.lower()] == []


def test_a_refusal_shows_its_code_and_parameters() -> None:
    assert str(Refused(Code.SEQUENCE_GAP, expected=3)) == "sequence_gap (expected=3)"
    assert str(Refused(Code.NO_CALL)) == "no_call"
