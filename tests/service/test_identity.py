"""An act that comes again has the same name."""

import pytest

from agent_service.identity import name_of_act
from protocol.wire.errors import Refused


def test_the_same_key_of_the_same_actor_is_the_same_act() -> None:
    name = name_of_act("1001", key="k")
    assert name == name_of_act("1001", key="k")
    others = {
        name_of_act("1002", key="k"),
        name_of_act("1001", key="l"),
        name_of_act("100", key="1k"),
    }
    assert len(others | {name}) == 4


def test_without_a_key_each_is_another() -> None:
    assert name_of_act("1001", key="") != name_of_act("1001", key="")


def test_a_name_stays_what_it_was_in_the_ledger() -> None:
    assert name_of_act("1001", key="k") == "d9835a198dbdee50846d2c5191ced853"


def test_a_key_has_an_end() -> None:
    name_of_act("1001", key="k" * 64)
    with pytest.raises(Refused, match="malformed_message"):
        name_of_act("1001", key="k" * 65)
