"""Numbers that are no customers: no state, no call in the record, and an answer for who dialled."""

import asyncio
from collections.abc import Awaitable
from pathlib import Path

import pytest

from agent_client.seat.desk import SERVICE_CODE_LIMIT_S
from agent_client.seat.side_calls import LISTEN_S
from protocol.facts.agent import State
from protocol.wire.errors import Refused
from protocol.wire.session import SipAccount
from tests.seat.rig import NUMBER, Rig, play, refusal, turns

ACCOUNT = SipAccount(
    NUMBER, "exchange.invalid", ready_code="", pause_code="*72", service_codes=("*7*", "12117")
)


async def dials(rig: Rig, code: str) -> "asyncio.Task[str]":
    """A code is dialled; how it comes out is known later."""

    async def whole() -> str:
        asked = rig.desk.dial(code)
        assert asked is not None
        try:
            await asked
        except Refused as refused:
            return str(refused)
        return "done"

    dialling = asyncio.create_task(whole())
    await turns()
    return dialling


async def ready(rig: Rig) -> None:
    rig.account = ACCOUNT
    await rig.work()


def only_leg(rig: Rig) -> str:
    (leg,) = rig.phone.far._legs
    return leg


@pytest.mark.parametrize(
    ("code", "status", "comes_out"),
    [
        ("*71", 603, "phone_refused (detail=603)"),
        ("*71", 486, "phone_refused (detail=486)"),
        ("*72", 486, "done"),  # how a feature code of the queue ends by design
    ],
)
def test_a_code_that_is_refused_says_how(
    tmp_path: Path, code: str, status: int, comes_out: str
) -> None:
    async def story(rig: Rig) -> None:
        await ready(rig)
        dialling = await dials(rig, code)
        rig.phone.far.peer_refuses(only_leg(rig), status)
        assert await dialling == comes_out
        assert (rig.state, rig.new_facts()) == (State.READY, [])

    play(tmp_path, story)


def test_an_announcement_is_listened_to_until_it_is_over(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await ready(rig)
        dialling = await dials(rig, "12117")
        leg = only_leg(rig)
        rig.phone.far.peer_answers(leg)
        assert await dialling == "done"
        await asyncio.sleep(LISTEN_S / 2)
        assert only_leg(rig) == leg
        rig.phone.far.peer_hangs_up(leg)
        await turns()
        assert (rig.state, rig.new_facts()) == (State.READY, [])

    play(tmp_path, story)


async def listening(rig: Rig) -> None:
    """The agent has an announcement in the ear."""
    await ready(rig)
    dialling = await dials(rig, "12117")
    rig.phone.far.peer_answers(only_leg(rig))
    await dialling


def test_an_announcement_is_cut_off_when_it_does_not_end(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await listening(rig)
        await asyncio.sleep(LISTEN_S + 1)
        assert rig.phone.far._legs == {}

    play(tmp_path, story)


def test_an_announcement_can_be_hung_up(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await listening(rig)
        await rig.done(rig.desk.hang_up())
        assert rig.phone.far._legs == {}
        assert refusal(rig.desk.hang_up) == "no_call"

    play(tmp_path, story)


def test_a_customers_call_ends_an_announcement(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await listening(rig)
        call_id = await rig.rung()
        assert (only_leg(rig), rig.state) == (call_id, State.RINGING)

    play(tmp_path, story)


def test_a_code_that_does_not_answer_is_given_up(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await ready(rig)
        dialling = await dials(rig, "*71")
        await asyncio.sleep(SERVICE_CODE_LIMIT_S + 1)
        assert await dialling == "phone_refused (detail=no_answer)"
        assert rig.phone.far._legs == {}

    play(tmp_path, story)


def test_a_phone_that_dies_meanwhile_is_the_answer(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await ready(rig)
        dialling = await dials(rig, "*71")
        rig.phone_dies()
        assert await dialling == "phone_refused (detail=phone_died)"

    play(tmp_path, story)


def test_codes_can_not_be_dialled_in_a_call_or_by_nobody(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await ready(rig)
        await rig.talking()
        assert await refused(rig.desk.dial("*71")) == "wrong_state"
        await rig.done(rig.desk.hang_up())
        rig.desk.sign_out()
        assert await refused(rig.desk.dial("*71")) == "not_signed_in"

    play(tmp_path, story)


async def refused(asked: Awaitable[None] | None) -> str:
    """The code with which dialling a code is refused."""
    assert asked is not None
    with pytest.raises(Refused) as refusal:
        await asked
    return refusal.value.code


def test_any_other_number_is_a_customer(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await ready(rig)
        assert rig.desk.dial("12118") is None
        assert rig.state is State.DIALING

    play(tmp_path, story)


def test_no_code_is_dialled_behind_a_locked_screen(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await ready(rig)
        rig.desk.lock()
        assert await (await dials(rig, "*71")) == "locked"

    play(tmp_path, story)
