"""Whom the agent speaks to: who is put through, who hears nothing, and who gets the keys."""

from functools import partial
from pathlib import Path

from agent_client.phone.engine import CallPeerChanged as PeerChanged
from protocol.facts.call import (
    CallBackOwed,
    CallEnded,
    CallMuted,
    CallPeerChanged,
    DigitsSent,
    EndCause,
    ReleasedBy,
)
from tests.seat.rig import Rig, play, refusal, turns
from tests.seat.test_consultation import EXPERT, consulting, second_leg


def test_an_agent_who_is_put_through_to_a_customer_owes_it_to_the_customer(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        call_id = await rig.talking()
        rig.events.take(PeerChanged(call_id, "13900139000", "Wu", "sip:139@peer.invalid"))
        rig.events.take(PeerChanged("another", "1"))
        assert rig.standing.call is not None
        assert (rig.standing.call.peer, rig.standing.call.peer_name) == ("13900139000", "Wu")
        rig.phone_dies()
        assert rig.new_facts()[:3] == [
            CallPeerChanged(call_id, "13900139000", "Wu", "sip:139@peer.invalid"),
            CallEnded(call_id, EndCause.PHONE_FAULT, ReleasedBy.SYSTEM),
            CallBackOwed(call_id, "13900139000", "sip:139@peer.invalid"),
        ]
        assert rig.owed == ("13900139000",)

    play(tmp_path, story)


def test_an_expert_may_hand_the_agent_on(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        _, expert = await consulting(rig)
        rig.events.take(PeerChanged(expert, "8002"))
        assert rig.standing.call is not None
        assert rig.standing.call.consultation is not None
        assert rig.standing.call.consultation.peer == "8002"
        assert rig.new_facts() == [CallPeerChanged(expert, "8002")]

    play(tmp_path, story)


def test_muted_is_muted_for_everybody(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        customer = await rig.talking()
        await rig.done(rig.desk.mute(True))
        await rig.desk.consultation.begin(EXPERT)
        expert = second_leg(rig)
        heard = Orders(rig)
        rig.phone.far.peer_answers(expert)
        await turns()
        assert heard.muted == [(expert, True)]
        await rig.done(rig.desk.mute(False))
        assert heard.muted[1:] == [(expert, False), (customer, False)]
        rig.phone.far.peer_hangs_up(customer)
        await turns()
        rig.new_facts()
        await rig.done(rig.desk.mute(True))
        assert rig.new_facts() == [CallMuted(expert, True)]
        assert rig.standing.call is not None
        assert rig.standing.call.muted

    play(tmp_path, story)


class Orders:
    """Which legs the phone is told to mute."""

    def __init__(self, rig: Rig) -> None:
        self.muted: list[tuple[str, bool]] = []
        self._mute = rig.phone.far.mute
        rig.phone.far.mute = self._muted  # type: ignore[method-assign]  # listens in

    def _muted(self, call_id: str, muted: bool) -> None:
        self.muted.append((call_id, muted))
        self._mute(call_id, muted)


def test_keys_go_to_whom_the_agent_talks_to_and_only_their_number_is_kept(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        customer = await rig.talking()
        await rig.done(rig.desk.send_digits("12#"))
        assert rig.new_facts() == [DigitsSent(customer, 3)]
        await rig.desk.consultation.begin(EXPERT)
        expert = second_leg(rig)
        assert refusal(lambda: rig.desk.send_digits("1")) == "wrong_state"
        rig.phone.far.peer_answers(expert)
        await turns()
        rig.new_facts()
        await rig.done(rig.desk.send_digits("0"))
        assert rig.new_facts() == [DigitsSent(expert, 1)]
        assert rig.phone.far.digits == {customer: "12#", expert: "0"}

    play(tmp_path, story)


def test_keys_that_are_none_or_go_nowhere_are_refused(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        assert refusal(lambda: rig.desk.send_digits("1")) == "no_call"
        await rig.talking()
        for digits in ("", "a", "1 2", "１", "1" * 33):
            assert refusal(partial(rig.desk.send_digits, digits)) == "bad_digits"
        await rig.done(rig.desk.hold())
        assert refusal(lambda: rig.desk.send_digits("1")) == "wrong_state"

    play(tmp_path, story)
