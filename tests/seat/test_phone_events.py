"""A phone that dies, is not registered, or has no microphone: a fault of nobody's, in facts."""

import asyncio
from pathlib import Path

import pytest

from agent_client.phone import engine
from agent_client.seat.phone_orders import ANSWER_LIMIT_S
from protocol.facts.agent import NextStateChosen, Reason, State
from protocol.facts.call import (
    CallBackOwed,
    CallEnded,
    CallMissed,
    EndCause,
    MissCause,
    ReleasedBy,
)
from protocol.facts.session import PhoneDown, PhoneUp
from protocol.rules.agent_state import Limits
from tests.seat.rig import NUMBER, Rig, outcome, play, refusal, turns
from tests.seat.test_desk import CUSTOMER, CUSTOMER_URI, entered

DOWN = PhoneDown("phone_died")


def lost(call_id: str) -> CallEnded:
    return CallEnded(call_id, EndCause.PHONE_FAULT, ReleasedBy.SYSTEM)


def test_a_phone_that_dies_ends_ready_and_its_return_does_not_bring_it_back(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        rig.phone_dies()
        assert rig.new_facts() == [
            DOWN,
            entered(State.NOT_READY, "phone_down", reason=Reason.SYSTEM_FAULT),
        ]
        assert refusal(rig.desk.ready) == "phone_not_ready"
        await rig.phone_starts()
        (up,) = rig.new_facts()
        assert isinstance(up, PhoneUp)
        assert rig.state is State.NOT_READY
        rig.desk.ready()
        assert rig.new_facts() == [entered(State.READY, "ready", actor=NUMBER)]

    play(tmp_path, story)


def test_a_phone_that_dies_again_and_again_is_told_once(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.sign_in()
        rig.new_facts()
        for _ in range(3):
            rig.phone_dies()
        assert rig.new_facts() == [DOWN]

    play(tmp_path, story)


def test_a_phone_that_dies_while_it_rings_is_no_miss_of_the_agents(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        call_id = await rig.rung()
        rig.phone_dies()
        assert rig.new_facts()[2:] == [
            CallMissed(call_id, MissCause.DEVICE),
            lost(call_id),
            entered(State.NOT_READY, "device_failed", reason=Reason.SYSTEM_FAULT),
            DOWN,
        ]
        assert rig.owed == ()

    play(tmp_path, story)


def test_a_phone_that_dies_while_it_dials(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        call_id = await rig.dialling()
        rig.phone_dies()
        assert rig.new_facts()[2:] == [
            lost(call_id),
            entered(State.ACW, "dial_failed", call_id),
            DOWN,
        ]
        rig.desk.acw_done()
        assert rig.new_facts() == [
            entered(State.NOT_READY, "acw_done", reason=Reason.SYSTEM_FAULT, actor=NUMBER)
        ]

    play(tmp_path, story)


@pytest.mark.parametrize("held", [False, True])
def test_a_phone_that_dies_in_a_call_owes_the_customer_a_call(tmp_path: Path, held: bool) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        call_id = await rig.talking()
        for order in [rig.desk.hold] * held:
            await rig.done(order())
        rig.new_facts()
        rig.phone_dies()
        assert rig.new_facts() == [
            lost(call_id),
            CallBackOwed(call_id, CUSTOMER, CUSTOMER_URI),
            entered(State.ACW, "last_leg_ended", call_id),
            DOWN,
        ]
        assert rig.owed == (CUSTOMER,)
        assert rig.standing.call is None

    play(tmp_path, story)


def test_a_customer_who_is_reached_is_owed_nothing_any_more(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        await rig.talking()
        rig.phone_dies()
        rig.desk.acw_done()
        await rig.phone_starts()
        rig.desk.ready()
        await rig.rung("10086")
        await rig.done(rig.desk.answer())
        assert rig.owed == (CUSTOMER,)
        await rig.done(rig.desk.hang_up())
        rig.desk.acw_done()
        await rig.rung(CUSTOMER)
        await rig.done(rig.desk.answer())
        assert rig.owed == ()

    play(tmp_path, story)


def test_a_phone_that_dies_in_after_call_work(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        await rig.talking()
        await rig.done(rig.desk.hang_up())
        rig.new_facts()
        rig.phone_dies()
        assert rig.new_facts() == [DOWN]
        assert rig.state is State.ACW

    play(tmp_path, story)


def test_an_order_to_a_phone_that_dies_is_refused_at_once(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        await rig.talking()
        order = rig.desk.hang_up()
        rig.phone_dies()
        assert await outcome(order) == "phone_refused"

    play(tmp_path, story)


def test_a_phone_that_does_not_end_a_call_is_given_up(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        await rig.talking()
        rig.engine = FrozenEngine()  # type: ignore[assignment]  # it takes orders, and no more
        assert await outcome(rig.desk.hold()) == "phone_refused"
        assert rig.given_up == 0
        assert await outcome(rig.desk.hang_up()) == "phone_refused"
        assert rig.given_up == 1
        assert rig.clock.monotonic() >= 2 * ANSWER_LIMIT_S * 1000

    play(tmp_path, story)


class FrozenEngine:
    """Does nothing and says nothing."""

    def do(self, command: object) -> None:
        """Nothing."""


def test_a_lost_registration_ends_ready_and_no_call(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        rig.phone.far.registration_changes(None)
        await turns()
        assert rig.new_facts() == [
            PhoneDown("registration_lost"),
            entered(State.NOT_READY, "phone_down", reason=Reason.SYSTEM_FAULT),
        ]
        rig.phone.far.registration_changes(200)
        await turns()
        rig.desk.ready()
        rig.new_facts()
        await rig.talking()
        rig.phone.far.registration_changes(503)
        await turns()
        assert rig.new_facts() == [PhoneDown("registration_lost", 503)]
        assert rig.state is State.TALK

    play(tmp_path, story)


def test_a_call_can_not_begin_while_the_phone_is_down(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        rig.phone.far.registration_changes(None)
        await turns()
        rig.new_facts()
        assert refusal(lambda: rig.desk.dial("sip:a@b.invalid")) == "phone_not_ready"
        await rig.rung()
        assert rig.new_facts() == []

    play(tmp_path, story)


def test_a_microphone_that_goes_ends_ready_but_no_call(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        rig.phone.far.microphone_changes(False)
        await turns()
        assert rig.new_facts() == [
            entered(State.NOT_READY, "microphone_went", reason=Reason.SYSTEM_FAULT)
        ]
        assert refusal(rig.desk.ready) == "no_microphone"
        rig.phone.far.microphone_changes(True)
        await turns()
        assert rig.new_facts() == []
        rig.desk.ready()
        await rig.talking()
        rig.phone.far.microphone_changes(False)
        await turns()
        assert rig.new_facts() == []

    play(tmp_path, story)


def test_an_address_that_changes_is_told(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        rig.events.take(engine.PhoneUp(address="sip:1001@127.0.0.1:9", microphone=True))
        rig.events.take(engine.PhoneUp(address="sip:1001@127.0.0.1:9", microphone=True))
        assert rig.new_facts() == [PhoneUp("sip:1001@127.0.0.1:9")]
        assert rig.state is State.READY

    play(tmp_path, story)


def test_what_is_said_of_another_call_changes_nothing(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        await rig.talking()
        for event in (
            engine.CallEnded(call_id="x", ending=engine.Ending.REMOTE, answered=True),
            engine.CallHeld(call_id="x"),
            engine.CallConnected(call_id="x"),
            engine.CallMuted(call_id="x", muted=True),
            engine.CommandRefused(code="unknown_call", command="dial", call_id="x"),
        ):
            rig.events.take(event)
        assert rig.new_facts() == []
        assert rig.state is State.TALK

    play(tmp_path, story)


def test_a_phone_that_is_put_away_leaves_no_fact(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.sign_in()
        rig.desk.sign_out()
        rig.new_facts()
        rig.events.closed()
        assert rig.new_facts() == []
        assert (rig.events.fault, rig.events.address) == (None, None)

    play(tmp_path, story)


def test_a_choice_made_in_a_call_outlives_the_phone(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        await rig.talking()
        rig.desk.take_break(Reason.MEAL)
        rig.phone_dies()
        assert NextStateChosen(State.NOT_READY, NUMBER, Reason.MEAL) in rig.facts()
        rig.desk.acw_done()
        assert rig.new_facts()[-1] == entered(
            State.NOT_READY, "acw_done", reason=Reason.MEAL, actor=NUMBER
        )

    play(tmp_path, story)


@pytest.mark.parametrize("rejected", [False, True])
def test_a_call_missed_without_a_microphone_is_no_miss_of_the_agents(
    tmp_path: Path, rejected: bool
) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        call_id = await rig.rung()
        rig.phone.far.microphone_changes(False)
        await turns()
        rig.new_facts()
        for order in [rig.desk.reject] * rejected:
            await rig.done(order())
        await asyncio.sleep(21)
        missed, ended, entry = rig.new_facts()
        assert missed == CallMissed(call_id, MissCause.DEVICE)
        assert isinstance(ended, CallEnded)
        assert ended.released_by is ReleasedBy.SYSTEM
        assert entry == entered(State.NOT_READY, "device_failed", reason=Reason.SYSTEM_FAULT)

    play(tmp_path, story)


@pytest.mark.parametrize("refusing", ["reject", "ring_expired"])
def test_a_call_that_is_answered_although_it_was_being_refused_is_hung_up_by_the_agent(
    tmp_path: Path, refusing: str
) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        call_id = await rig.rung()
        answering = rig.desk.answer()
        refuse = {"reject": rig.desk.reject, "ring_expired": lambda: rig.desk.ring_expired(call_id)}
        refused = refuse[refusing]()
        await rig.done(answering)
        await rig.done(rig.desk.hang_up())
        assert CallEnded(call_id, EndCause.BYE, ReleasedBy.AGENT) in rig.facts()
        assert rig.owed == ()
        await asyncio.gather(*filter(None, [refused]), return_exceptions=True)

    play(tmp_path, story)


def test_a_phone_that_dies_while_it_dials_leads_nobody_back_to_ready(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work(Limits(acw_on_failed_outbound=False))
        call_id = await rig.dialling()
        rig.phone_dies()
        assert rig.new_facts()[2:] == [
            lost(call_id),
            entered(State.NOT_READY, "dial_failed", reason=Reason.SYSTEM_FAULT),
            DOWN,
        ]

    play(tmp_path, story)
