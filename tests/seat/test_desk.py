"""Whole flows at the desk, each told by the exact list of facts that is on the disk after it."""

import asyncio
from pathlib import Path

from agent_client.phone.engine import Close
from protocol.facts.agent import NextStateChosen, Reason, State, StateEntered
from protocol.facts.call import (
    CallAnswered,
    CallBackOwed,
    CallDialled,
    CallEnded,
    CallHeld,
    CallMissed,
    CallMuted,
    CallOffered,
    CallResumed,
    EndCause,
    MissCause,
    ReleasedBy,
)
from protocol.facts.session import PhoneUp, SessionAnchored
from protocol.rules.agent_state import Choice, Limits
from tests.seat.rig import NUMBER, SERVER_MS, Rig, outcome, play, refusal, signed_in, turns

CUSTOMER = "13800138000"
CUSTOMER_URI = "sip:13800138000@peer.invalid"


def entered(
    state: State,
    trigger: str,
    call_id: str | None = None,
    reason: Reason | None = None,
    actor: str = "system",
) -> StateEntered:
    return StateEntered(state, trigger, actor, reason, call_id)


def offered(rig: Rig, call_id: str) -> CallOffered:
    """The offer on the disk, once it is known to be this call's."""
    (fact,) = [each for each in rig.facts() if isinstance(each, CallOffered)]
    assert (fact.call_id, fact.peer, fact.peer_name) == (call_id, CUSTOMER, "Li")
    return fact


def test_signing_in_begins_a_session_with_its_anchor(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.sign_in()
        anchored, entry, up = rig.new_facts()
        assert isinstance(anchored, SessionAnchored)
        assert (anchored.server_ms, anchored.boot_id) == (SERVER_MS, "boot")
        assert anchored.previous_session is None
        assert entry == entered(State.NOT_READY, "sign_in", actor=NUMBER)
        assert isinstance(up, PhoneUp)
        assert rig.events.address == up.address

    play(tmp_path, story)


def test_an_incoming_call_from_ring_to_ready(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        call_id = await rig.rung()
        assert rig.state is State.RINGING
        assert rig.standing.until_ms == SERVER_MS + 20_000
        await rig.done(rig.desk.answer())
        rig.phone.far.peer_hangs_up(call_id)
        await turns()
        assert rig.state is State.ACW
        rig.desk.acw_done()
        offer = offered(rig, call_id)
        assert rig.new_facts() == [
            offer,
            entered(State.RINGING, "call_offered", call_id),
            CallAnswered(call_id, offer.sip_call_id),
            entered(State.TALK, "call_answered", call_id, actor=NUMBER),
            CallEnded(call_id, EndCause.BYE, ReleasedBy.PEER),
            entered(State.ACW, "last_leg_ended", call_id),
            entered(State.READY, "acw_done", actor=NUMBER),
        ]
        assert rig.screens[-4:] == [State.RINGING, State.TALK, State.ACW, State.READY]

    play(tmp_path, story)


def test_a_rejected_call_is_the_agents_miss(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        call_id = await rig.rung()
        await rig.done(rig.desk.reject())
        assert rig.new_facts() == [
            offered(rig, call_id),
            entered(State.RINGING, "call_offered", call_id),
            CallMissed(call_id, MissCause.REJECT),
            CallEnded(call_id, EndCause.REJECTED, ReleasedBy.AGENT, 486),
            entered(State.NOT_READY, "call_rejected", reason=Reason.NO_ANSWER, actor=NUMBER),
        ]

    play(tmp_path, story)


def test_the_ring_timer_ends_the_ringing(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        call_id = await rig.rung()
        await asyncio.sleep(19.9)
        assert rig.state is State.RINGING
        await asyncio.sleep(0.2)
        assert rig.new_facts() == [
            offered(rig, call_id),
            entered(State.RINGING, "call_offered", call_id),
            CallMissed(call_id, MissCause.TIMEOUT),
            CallEnded(call_id, EndCause.NO_ANSWER, ReleasedBy.SYSTEM, 480),
            entered(State.NOT_READY, "ring_expired", reason=Reason.NO_ANSWER),
        ]

    play(tmp_path, story)


def test_a_caller_who_leaves_is_nobodys_miss(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        call_id = await rig.rung()
        rig.phone.far.peer_hangs_up(call_id)
        await turns()
        assert rig.new_facts() == [
            offered(rig, call_id),
            entered(State.RINGING, "call_offered", call_id),
            CallEnded(call_id, EndCause.CALLER_LEFT, ReleasedBy.PEER, 487),
            entered(State.READY, "caller_left"),
        ]

    play(tmp_path, story)


def test_an_answer_that_meets_the_callers_cancel_is_no_call(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        call_id = await rig.rung()
        rig.phone.far.peer_hangs_up(call_id)
        assert await outcome(rig.desk.answer()) in ("phone_refused", "no_call")
        await turns()
        assert [type(fact) for fact in rig.new_facts()][2:] == [CallEnded, StateEntered]
        assert rig.state is State.READY

    play(tmp_path, story)


def test_a_rejection_that_meets_the_callers_cancel_is_no_miss(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        call_id = await rig.rung()
        rig.phone.far.peer_hangs_up(call_id)
        assert await outcome(rig.desk.reject()) in ("phone_refused", "done")
        await turns()
        assert rig.new_facts()[2:] == [
            CallEnded(call_id, EndCause.CALLER_LEFT, ReleasedBy.PEER, 487),
            entered(State.READY, "caller_left"),
        ]

    play(tmp_path, story)


def test_a_call_that_the_network_loses_while_it_rings(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        call_id = await rig.rung()
        rig.phone.far.fails(call_id)
        await turns()
        assert rig.new_facts()[2:] == [
            CallEnded(call_id, EndCause.FAILED, ReleasedBy.SYSTEM, 408),
            entered(State.READY, "caller_left"),
        ]

    play(tmp_path, story)


def test_the_agent_hangs_up(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        call_id = await rig.talking()
        await rig.done(rig.desk.hang_up())
        assert rig.new_facts() == [
            CallEnded(call_id, EndCause.BYE, ReleasedBy.AGENT),
            entered(State.ACW, "last_leg_ended", call_id),
        ]

    play(tmp_path, story)


def test_hanging_up_twice_at_once_is_hanging_up(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        await rig.talking()
        first, second = rig.desk.hang_up(), rig.desk.hang_up()
        assert (await outcome(first), await outcome(second)) == ("done", "done")

    play(tmp_path, story)


def test_a_dialled_call_that_is_answered(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        call_id = await rig.dialling()
        assert rig.state is State.DIALING
        rig.phone.far.peer_answers(call_id)
        await turns()
        await rig.done(rig.desk.hang_up())
        answered = [each for each in rig.facts() if isinstance(each, CallAnswered)]
        assert rig.new_facts() == [
            CallDialled(call_id, "sip:4711@customer.invalid"),
            entered(State.DIALING, "dial", call_id, actor=NUMBER),
            *answered,
            entered(State.TALK, "call_answered", call_id),
            CallEnded(call_id, EndCause.BYE, ReleasedBy.AGENT),
            entered(State.ACW, "last_leg_ended", call_id),
        ]

    play(tmp_path, story)


def test_a_dialled_call_that_is_refused(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        call_id = await rig.dialling()
        rig.phone.far.peer_refuses(call_id, 486)
        await turns()
        assert rig.new_facts()[2:] == [
            CallEnded(call_id, EndCause.FAILED, ReleasedBy.PEER, 486),
            entered(State.ACW, "dial_failed", call_id),
        ]

    play(tmp_path, story)


def test_a_dialled_call_that_the_network_loses_is_nobodys(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work(Limits(acw_on_failed_outbound=False))
        call_id = await rig.dialling()
        rig.phone.far.fails(call_id)
        await turns()
        assert rig.new_facts()[2:] == [
            CallEnded(call_id, EndCause.FAILED, ReleasedBy.SYSTEM, 408),
            entered(State.READY, "dial_failed"),
        ]

    play(tmp_path, story)


def test_a_dialled_call_that_is_given_up(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        call_id = await rig.dialling()
        await rig.done(rig.desk.hang_up())
        assert rig.new_facts()[2:] == [
            CallEnded(call_id, EndCause.CANCELLED, ReleasedBy.AGENT, 487),
            entered(State.ACW, "dial_failed", call_id),
        ]

    play(tmp_path, story)


def test_a_number_that_the_phone_will_not_dial_is_a_failed_call(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        rig.desk.dial("4711")  # a direct phone has no registrar to dial a number at
        await turns()
        dialled, _, ended, entry = rig.new_facts()
        assert isinstance(dialled, CallDialled)
        assert ended == CallEnded(dialled.call_id, EndCause.FAILED, ReleasedBy.SYSTEM)
        assert entry == entered(State.ACW, "dial_failed", dialled.call_id)

    play(tmp_path, story)


def test_hold_resume_and_mute(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        call_id = await rig.talking()
        await rig.done(rig.desk.mute(True))
        assert rig.standing.call is not None
        assert rig.standing.call.muted
        await rig.done(rig.desk.hold())
        assert rig.standing.call.muted
        await rig.done(rig.desk.mute(False))
        await rig.done(rig.desk.resume())
        assert not rig.standing.call.muted
        assert rig.new_facts() == [
            CallMuted(call_id, True),
            CallHeld(call_id),
            entered(State.HOLD, "call_held", call_id, actor=NUMBER),
            CallMuted(call_id, False),
            CallResumed(call_id),
            entered(State.TALK, "call_resumed", call_id, actor=NUMBER),
        ]

    play(tmp_path, story)


def test_a_break_chosen_in_a_call_follows_it(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        call_id = await rig.talking()
        rig.desk.take_break(Reason.MEAL)
        rig.desk.choose_next(Choice(State.NOT_READY, Reason.REST))
        rig.desk.choose_next(None)
        rig.desk.take_break(Reason.MEAL)
        await rig.done(rig.desk.hang_up())
        rig.desk.acw_done()
        assert rig.new_facts() == [
            NextStateChosen(State.NOT_READY, NUMBER, Reason.MEAL),
            NextStateChosen(State.NOT_READY, NUMBER, Reason.REST),
            NextStateChosen(None, NUMBER),
            NextStateChosen(State.NOT_READY, NUMBER, Reason.MEAL),
            CallEnded(call_id, EndCause.BYE, ReleasedBy.AGENT),
            entered(State.ACW, "last_leg_ended", call_id),
            entered(State.NOT_READY, "acw_done", reason=Reason.MEAL, actor=NUMBER),
        ]

    play(tmp_path, story)


def test_signing_out_in_a_call_waits_for_its_end(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        await rig.talking()
        rig.desk.sign_out()
        assert (rig.state, rig.sign_offs) == (State.TALK, 0)
        await rig.done(rig.desk.hang_up())
        assert (rig.state, rig.sign_offs) == (State.ACW, 0)
        rig.desk.acw_done()
        assert (rig.state, rig.sign_offs) == (State.LOGGED_OFF, 1)
        assert rig.new_facts()[-1] == entered(State.LOGGED_OFF, "acw_done", actor=NUMBER)
        assert refusal(rig.desk.ready) == "not_signed_in"

    play(tmp_path, story)


def test_a_second_call_finds_the_line_busy_and_leaves_no_fact(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        await rig.talking()
        second = rig.phone.far.peer_calls("10086")
        await turns()
        assert second not in rig.phone.far._legs
        assert rig.new_facts() == []
        assert rig.state is State.TALK

    play(tmp_path, story)


def test_a_call_to_somebody_who_is_not_ready_is_busy_and_leaves_no_fact(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.sign_in()
        caller = rig.phone.far
        rig.new_facts()
        call_id = await rig.rung()
        assert call_id not in caller._legs
        assert rig.new_facts() == []
        rig.desk.sign_out()
        rig.new_facts()
        await rig.rung()
        assert rig.new_facts() == []

    play(tmp_path, story)


def test_what_can_not_be_done_is_refused_and_leaves_no_fact(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        assert refusal(rig.desk.ready) == "not_signed_in"
        await rig.work()
        refused = {
            "no_call": (rig.desk.answer, rig.desk.hang_up, rig.desk.hold, rig.desk.reject),
            "wrong_state": (rig.desk.acw_done, lambda: rig.desk.choose_next(None)),
            "reason_automatic": (lambda: rig.desk.take_break(Reason.SYSTEM_FAULT),),
        }
        for code, acts in refused.items():
            assert [refusal(act) for act in acts] == [code] * len(acts)
        await rig.rung()
        assert refusal(rig.desk.hang_up) == "wrong_state"
        await rig.done(rig.desk.answer())
        rig.new_facts()
        assert [refusal(rig.desk.resume), refusal(rig.desk.answer)] == ["wrong_state"] * 2
        assert rig.new_facts() == []

    play(tmp_path, story)


def test_a_person_without_a_phone_is_never_ready(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.sign_in()
        rig.standing.sign_in = signed_in(sip=None)
        assert refusal(rig.desk.ready) == "no_phone"
        assert refusal(lambda: rig.desk.dial("sip:a@b")) == "no_phone"

    play(tmp_path, story)


def test_a_call_that_nobody_hears_any_more_is_ended_by_nobody(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        call_id = await rig.talking()
        rig.phone.far.peer_dies(call_id)
        await asyncio.sleep(40)
        assert rig.new_facts()[:2] == [
            CallEnded(call_id, EndCause.RTP_LOSS, ReleasedBy.SYSTEM),
            entered(State.ACW, "last_leg_ended", call_id),
        ]

    play(tmp_path, story)


def test_a_seat_that_stops_in_a_call_owes_a_call_and_blames_nobody(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        call_id = await rig.talking()
        rig.phone.do(Close())
        await turns()
        assert rig.new_facts() == [
            CallEnded(call_id, EndCause.BYE, ReleasedBy.SYSTEM),
            CallBackOwed(call_id, CUSTOMER, CUSTOMER_URI),
            entered(State.ACW, "last_leg_ended", call_id),
        ]
        assert rig.owed == (CUSTOMER,)

    play(tmp_path, story)


def test_a_seat_that_stops_while_it_rings_blames_nobody(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        call_id = await rig.rung()
        rig.phone.do(Close())
        await turns()
        missed, ended, entry = rig.new_facts()[2:]
        assert missed == CallMissed(call_id, MissCause.DEVICE)
        assert isinstance(ended, CallEnded)
        assert (ended.cause, ended.released_by) == (EndCause.FAILED, ReleasedBy.SYSTEM)
        assert entry == entered(State.NOT_READY, "device_failed", reason=Reason.SYSTEM_FAULT)

    play(tmp_path, story)
