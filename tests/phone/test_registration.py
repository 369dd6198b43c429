"""When a registration is renewed, lost and found again."""

import asyncio
from collections.abc import Callable, Coroutine

import pytest

from agent_client.phone.registration import ANSWER_S, RENEW_S, RETRY_S, Registration
from tests.phone.clock import in_no_time


class Registrar:
    """Answers each REGISTER with the status it has at the time; None is silence."""

    def __init__(self, status: int | None) -> None:
        self.status = status
        self.asked_at: list[float] = []
        self.told: list[tuple[float, str, int | None]] = []
        self.registration = Registration(self._renew, self._up, self._down)

    def _renew(self) -> None:
        loop = asyncio.get_running_loop()
        self.asked_at.append(loop.time())
        if self.status is not None:
            loop.call_soon(self.registration.answered, self.status)

    def _up(self) -> None:
        self.told.append((asyncio.get_running_loop().time(), "up", None))

    def _down(self, code: str, status: int | None) -> None:
        self.told.append((asyncio.get_running_loop().time(), code, status))

    @property
    def news(self) -> list[tuple[str, int | None]]:
        return [(code, status) for _, code, status in self.told]


def play(
    status: int | None, story: Callable[[Registrar], Coroutine[None, None, None]]
) -> Registrar:
    async def run() -> Registrar:
        registrar = Registrar(status)
        registrar.registration.start()
        await story(registrar)
        registrar.registration.stop()
        return registrar

    return in_no_time(run())


def test_it_is_renewed_and_told_once() -> None:
    async def an_hour(registrar: Registrar) -> None:
        await asyncio.sleep(3600)

    registrar = play(200, an_hour)
    assert registrar.news == [("up", None)]
    assert len(registrar.asked_at) == pytest.approx(3600 / RENEW_S, abs=2)


def test_a_dead_registrar_is_noticed_within_half_a_minute_and_found_again() -> None:
    async def dies_and_returns(registrar: Registrar) -> None:
        await asyncio.sleep(100)
        registrar.status = None
        await asyncio.sleep(200)
        registrar.status = 200
        await asyncio.sleep(100)

    registrar = play(200, dies_and_returns)
    assert registrar.news == [("up", None), ("registration_lost", None), ("up", None)]
    _, (lost_at, _, _), (back_at, _, _) = registrar.told
    assert lost_at - 100 <= RENEW_S + ANSWER_S + 1
    assert back_at - 300 <= RETRY_S + ANSWER_S + 1


@pytest.mark.parametrize("status", [401, 403, 404, 407])
def test_a_wrong_password_is_told_once_and_not_tried_again(status: int) -> None:
    async def an_hour(registrar: Registrar) -> None:
        await asyncio.sleep(3600)

    registrar = play(status, an_hour)
    assert registrar.news == [("registration_failed", status)]
    assert len(registrar.asked_at) == 1


def test_an_account_that_is_barred_in_mid_shift_is_tried_seldom() -> None:
    async def barred(registrar: Registrar) -> None:
        await asyncio.sleep(100)
        registrar.status = 403
        await asyncio.sleep(600)
        registrar.status = 200
        await asyncio.sleep(100)

    registrar = play(200, barred)
    assert registrar.news == [("up", None), ("registration_lost", 403), ("up", None)]
    assert len([at for at in registrar.asked_at if 100 < at < 700]) <= 11


def test_a_registrar_that_comes_later_is_found() -> None:
    async def comes_later(registrar: Registrar) -> None:
        await asyncio.sleep(60)
        registrar.status = 503
        await asyncio.sleep(60)
        registrar.status = 200
        await asyncio.sleep(60)

    registrar = play(None, comes_later)
    assert registrar.news == [
        ("registration_failed", None),
        ("registration_failed", 503),
        ("up", None),
    ]
