"""A disk that takes no more: what is asked is refused, what happens waits, and the call goes on."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from agent_client.seat.standing import DISK_RETRY_S
from protocol.facts.agent import Reason, State
from protocol.facts.call import CallEnded, CallHeld, EndCause, ReleasedBy
from tests.seat.rig import SERVER_MS, Rig, full_disk, outcome, play, refusal, signed_in, turns
from tests.seat.test_desk import entered

ASKED: dict[str, Callable[[Rig], object]] = {
    "break": lambda rig: rig.desk.take_break(Reason.MEAL),
    "dial": lambda rig: rig.desk.dial("sip:a@b.invalid"),
    "sign_out": lambda rig: rig.desk.sign_out(),
}


@pytest.mark.parametrize("act", ASKED.values(), ids=ASKED.keys())
def test_what_is_asked_is_refused_and_nothing_changes(
    tmp_path: Path, act: Callable[[Rig], object]
) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        before, shown = rig.standing.agent, len(rig.screens)
        with full_disk(rig.disk):
            assert refusal(lambda: act(rig)) == "disk_failed"
            await turns()
        assert rig.standing.agent == before
        assert rig.standing.call is None
        assert len(rig.screens) == shown
        assert rig.new_facts() == []
        assert refusal(lambda: act(rig)) == "done"

    play(tmp_path, story)


def test_nobody_is_signed_in_by_a_disk_that_is_full(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.sign_in()
        rig.desk.sign_out()
        with full_disk(rig.disk):
            code = refusal(lambda: rig.standing.begin("s2", signed_in(), "test", resumed=False))
        assert code == "disk_failed"
        assert rig.state is State.LOGGED_OFF
        assert [session.id for session in rig.outbox.sessions()] == ["s1"]

    play(tmp_path, story)


def test_what_happens_waits_in_order_with_the_time_at_which_it_happened(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        call_id = await rig.talking()
        with full_disk(rig.disk):
            held = rig.desk.hold()
            await turns()
            assert call_id in rig.phone.far._legs
            await asyncio.sleep(3)
            rig.phone.far.peer_hangs_up(call_id)
            await turns()
            assert refusal(lambda: rig.desk.take_break(Reason.MEAL)) == "disk_failed"
            assert (rig.state, rig.new_facts()) == (State.TALK, [])
            await asyncio.sleep(5)
        at_ms = SERVER_MS
        await asyncio.sleep(DISK_RETRY_S)
        assert await outcome(held) == "done"
        assert rig.new_facts() == [
            CallHeld(call_id),
            entered(State.HOLD, "call_held", call_id, actor="1001"),
            CallEnded(call_id, EndCause.BYE, ReleasedBy.PEER),
            entered(State.ACW, "last_leg_ended", call_id),
        ]
        (session,) = rig.outbox.sessions()
        times = [at for at, _ in rig.outbox.facts(session)][-4:]
        assert times == [at_ms, at_ms, at_ms + 3000, at_ms + 3000]
        rig.desk.take_break(Reason.MEAL)

    play(tmp_path, story)


def test_a_call_that_can_not_be_recorded_is_not_taken(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        with full_disk(rig.disk):
            first = await rig.rung()
            assert first not in rig.phone.far._legs
            rig.phone.far.registration_changes(None)  # waits
            await turns()
            second = await rig.rung()
            assert second not in rig.phone.far._legs
        await asyncio.sleep(DISK_RETRY_S)
        assert rig.state is State.NOT_READY
        assert [type(fact).__name__ for fact in rig.new_facts()] == ["PhoneDown", "StateEntered"]

    play(tmp_path, story)


def test_a_phone_that_dies_on_a_full_disk_is_recorded_once(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        await rig.talking()
        with full_disk(rig.disk):
            rig.phone_dies()
            await asyncio.sleep(10 * DISK_RETRY_S)
            assert rig.new_facts() == []
        await asyncio.sleep(DISK_RETRY_S)
        kinds = [type(fact).__name__ for fact in rig.new_facts()]
        assert kinds == ["CallEnded", "CallBackOwed", "StateEntered", "PhoneDown"]

    play(tmp_path, story)


def test_a_full_disk_is_tried_no_oftener_the_more_happens(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        with full_disk(rig.disk):
            for present in (False, True) * 20:
                rig.phone.far.microphone_changes(present)
                await turns()
            await asyncio.sleep(10 * DISK_RETRY_S)
        assert caplog.text.count("not recorded yet") <= 11
        await asyncio.sleep(DISK_RETRY_S)
        assert rig.standing.agent.microphone

    play(tmp_path, story)


def test_what_waits_gets_a_last_try_when_the_seat_ends(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        with full_disk(rig.disk):
            rig.phone.far.microphone_changes(False)
            await turns()
        rig.standing.close()
        assert not rig.standing.waits
        assert rig.state is State.NOT_READY

    play(tmp_path, story)


def test_what_a_seat_could_not_write_to_its_end_is_said_in_its_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        with full_disk(rig.disk):
            rig.phone.far.microphone_changes(False)
            await turns()
            rig.standing.close()
        assert "what happened 1 times is not on this disk" in caplog.text

    play(tmp_path, story)


def test_a_full_disk_is_no_fault_of_the_phone(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        await rig.talking()
        with full_disk(rig.disk):
            assert await outcome(rig.desk.hang_up()) == "phone_refused"
            assert rig.standing.waits
        await asyncio.sleep(DISK_RETRY_S)
        assert rig.state is State.ACW

    play(tmp_path, story)


def test_timers_run_on_a_full_disk_and_are_recorded_later(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        await rig.talking()
        await rig.done(rig.desk.hang_up())
        rig.new_facts()
        with full_disk(rig.disk):
            rig.standing.sign_of_life()
            await asyncio.sleep(130)
            assert (rig.state, rig.new_facts()) == (State.ACW, [])
        await asyncio.sleep(DISK_RETRY_S)
        assert rig.new_facts() == [entered(State.READY, "acw_expired")]

    play(tmp_path, story)


def test_the_log_says_what_the_disk_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        with full_disk(rig.disk):
            rig.phone_dies()
        await asyncio.sleep(DISK_RETRY_S)

    play(tmp_path, story)
    assert re.search(r"not recorded yet: disk_failed \(detail=.*(full|I/O)", caplog.text)
