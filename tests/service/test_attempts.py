"""Guessing passwords is slow, for a number and for a desk."""

import pytest

from agent_service.accounts import attempts
from agent_service.accounts.attempts import Attempts
from protocol.wire.errors import Refused


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_tries_are_counted_for_each_key_and_forgotten_after_the_wait() -> None:
    clock = Clock()
    tried = Attempts(2, 60, clock)
    tried.begin("agent 1", "desk a")
    tried.begin("agent 1", "desk b")
    with pytest.raises(Refused) as refused:
        tried.begin("agent 1", "desk c")
    assert refused.value.params == {"wait_s": 60}
    tried.begin("agent 2", "desk a")
    with pytest.raises(Refused):
        tried.begin("agent 3", "desk a")
    clock.now_s += 59.5
    with pytest.raises(Refused) as refused:
        tried.begin("agent 1", "desk c")
    assert refused.value.params == {"wait_s": 1}
    clock.now_s += 0.5
    tried.begin("agent 1", "desk c")


def test_a_refused_try_counts_for_nobody() -> None:
    clock = Clock()
    tried = Attempts(1, 60, clock)
    tried.begin("agent 1", "desk a")
    with pytest.raises(Refused):
        tried.begin("agent 2", "desk a")
    tried.begin("agent 2", "desk b")


def test_the_right_password_ends_the_count() -> None:
    tried = Attempts(1, 60, Clock())
    tried.begin("agent 1", "desk a")
    tried.succeeded("agent 1", "desk a")
    tried.begin("agent 1", "desk a")


def test_an_attack_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "_KEPT", 10)
    tried = Attempts(5, 60, Clock())
    for number in range(100):
        tried.begin(f"agent {number}")
    assert len(tried._counts) <= 11
