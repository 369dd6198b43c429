"""How often one may ask."""

import pytest

from agent_service.allowance import Allowance
from protocol.wire.errors import Refused


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def spent(allowance: Allowance, who: str) -> int:
    """How often it may be asked at once."""
    for times in range(1000):
        try:
            allowance.spend(who)
        except Refused:
            return times
    raise AssertionError("no limit")


def test_so_many_at_once_and_so_many_a_second_after_that() -> None:
    clock = Clock()
    allowance = Allowance(5, 0.5, clock)
    assert spent(allowance, "1001") == 5
    with pytest.raises(Refused) as refused:
        allowance.spend("1001")
    assert (refused.value.code, refused.value.params) == ("too_many_requests", {"wait_s": 2})
    clock.now_s += 2
    assert spent(allowance, "1001") == 1
    clock.now_s += 3_600
    assert spent(allowance, "1001") == 5


def test_each_has_an_own_account() -> None:
    allowance = Allowance(3, 1, Clock())
    assert spent(allowance, "1001") == 3
    assert spent(allowance, "1002") == 3


def test_accounts_that_are_full_again_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent_service.allowance._REMEMBERED", 10)
    clock = Clock()
    allowance = Allowance(2, 1, clock)
    for number in range(10):
        allowance.spend(str(number))
        clock.now_s += 0.5
    allowance.spend("new")
    assert spent(allowance, "9") == 1
    assert spent(allowance, "0") == 2
