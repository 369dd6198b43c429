"""What others ask of an agent, and a sign-in that is over."""

from pathlib import Path

import pytest

from protocol.facts.agent import NextStateChosen, Reason, State
from protocol.facts.order import OrderKind, OrderOutcome, OrderSettled
from protocol.rules.agent_state import Choice
from tests.seat.rig import Rig, full_disk, play, refusal
from tests.seat.test_desk import entered

LEAD = "2001"
NOT_READY, SIGN_OUT = OrderKind.FORCE_NOT_READY, OrderKind.FORCE_SIGN_OUT


def settled(outcome: OrderOutcome) -> tuple[OrderSettled, ...]:
    return (OrderSettled("o1", outcome),)


def test_who_is_forced_out_of_ready_is_so_by_the_lead(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        assert rig.desk.force(NOT_READY, LEAD, settled) is OrderOutcome.APPLIED
        assert rig.new_facts() == [
            OrderSettled("o1", OrderOutcome.APPLIED),
            entered(State.NOT_READY, "force_not_ready", reason=Reason.FORCED, actor=LEAD),
        ]

    play(tmp_path, story)


def test_a_force_in_a_call_waits_for_its_end(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        await rig.talking()
        assert rig.desk.force(SIGN_OUT, LEAD, settled) is OrderOutcome.QUEUED
        assert rig.new_facts() == [
            OrderSettled("o1", OrderOutcome.QUEUED),
            NextStateChosen(State.LOGGED_OFF, LEAD),
        ]
        await rig.done(rig.desk.hang_up())
        rig.desk.acw_done()
        assert (rig.state, rig.sign_offs) == (State.LOGGED_OFF, 1)
        assert rig.new_facts()[-2:] == [
            OrderSettled("o1", OrderOutcome.APPLIED),
            entered(State.LOGGED_OFF, "force_sign_out", actor=LEAD),
        ]

    play(tmp_path, story)


def test_who_chooses_for_himself_after_all_is_not_forced(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        await rig.talking()
        rig.desk.force(NOT_READY, LEAD, settled)
        rig.desk.take_break(Reason.MEAL)
        assert rig.new_facts()[-2:] == [
            OrderSettled("o1", OrderOutcome.LAPSED),
            NextStateChosen(State.NOT_READY, "1001", Reason.MEAL),
        ]
        await rig.done(rig.desk.hang_up())
        rig.desk.acw_done()
        assert rig.new_facts()[-1] == entered(
            State.NOT_READY, "acw_done", reason=Reason.MEAL, actor="1001"
        )

    play(tmp_path, story)


def test_who_signs_out_first_is_not_signed_out_by_the_lead(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        await rig.talking()
        rig.desk.force(SIGN_OUT, LEAD, settled)
        await rig.done(rig.desk.hang_up())
        rig.desk.sign_out()
        assert rig.new_facts()[-2:] == [
            OrderSettled("o1", OrderOutcome.APPLIED),
            entered(State.LOGGED_OFF, "sign_out", actor="1001"),
        ]

    play(tmp_path, story)


def test_two_leads_who_force_the_same_are_both_told(tmp_path: Path) -> None:
    def settled_second(outcome: OrderOutcome) -> tuple[OrderSettled, ...]:
        return (OrderSettled("o2", outcome),)

    async def story(rig: Rig) -> None:
        await rig.work()
        await rig.talking()
        rig.desk.force(NOT_READY, LEAD, settled)
        rig.desk.force(NOT_READY, "2002", settled_second)
        await rig.done(rig.desk.hang_up())
        rig.desk.acw_done()
        assert rig.new_facts()[-3:] == [
            OrderSettled("o1", OrderOutcome.APPLIED),
            OrderSettled("o2", OrderOutcome.APPLIED),
            entered(State.NOT_READY, "force_not_ready", reason=Reason.FORCED, actor="2002"),
        ]

    play(tmp_path, story)


def test_a_force_is_no_sign_of_life(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        await rig.talking()
        await rig.done(rig.desk.hang_up())
        rig.desk.force(NOT_READY, LEAD)
        assert not rig.standing.agent.alive

    play(tmp_path, story)


def test_what_can_not_be_forced_is_refused_and_leaves_no_fact(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        assert refusal(lambda: rig.desk.force(SIGN_OUT, LEAD, settled)) == "not_signed_in"
        await rig.sign_in()
        rig.new_facts()
        assert refusal(lambda: rig.desk.force(NOT_READY, LEAD, settled)) == "wrong_state"
        with full_disk(rig.disk):
            assert refusal(lambda: rig.desk.force(SIGN_OUT, LEAD, settled)) == "disk_failed"
        assert rig.new_facts() == []

    play(tmp_path, story)


@pytest.mark.parametrize("how", ["taken_over", "not_confirmed"])
def test_a_sign_in_that_is_over_ends_at_once(tmp_path: Path, how: str) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        getattr(rig.desk, how)()
        assert rig.new_facts() == [entered(State.LOGGED_OFF, how)]
        assert rig.sign_offs == 1

    play(tmp_path, story)


@pytest.mark.parametrize("how", ["taken_over", "not_confirmed"])
def test_a_sign_in_that_is_over_lets_the_call_go_on_and_nothing_be_chosen(
    tmp_path: Path, how: str
) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        await rig.talking()
        getattr(rig.desk, how)()
        assert rig.new_facts() == [NextStateChosen(State.LOGGED_OFF, "system")]
        assert refusal(rig.desk.ready) == "wrong_state"
        assert refusal(lambda: rig.desk.choose_next(Choice(State.READY))) == "wrong_state"
        await rig.done(rig.desk.hang_up())
        assert rig.state is State.ACW
        rig.desk.acw_done()
        assert rig.state is State.LOGGED_OFF

    play(tmp_path, story)
