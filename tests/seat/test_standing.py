"""The timers of a state, the desk that nobody sits at, and a session that begins after another."""

import asyncio
from pathlib import Path

import pytest

from agent_client.seat.clock import Anchor, Reading
from agent_client.seat.standing import Standing
from protocol.facts.agent import Reason, State
from protocol.facts.call import CallBackOwed, CallEnded, EndCause, ReleasedBy
from protocol.facts.session import SessionAnchored
from protocol.rules.agent_state import Limits
from protocol.wire.errors import Refused
from tests.seat.rig import NUMBER, SERVER_MS, Rig, play, signed_in, turns
from tests.seat.test_desk import CUSTOMER, CUSTOMER_URI, entered


async def in_acw(rig: Rig) -> None:
    await rig.work()
    await rig.talking()
    await rig.done(rig.desk.hang_up())
    rig.new_facts()


def test_who_follows_is_told_though_another_follower_fails(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(rig: Rig) -> None:
        told: list[State] = []

        def fails() -> None:
            raise ZeroDivisionError

        rig.standing.follow(fails)
        rig.standing.follow(lambda: told.append(rig.state))
        await rig.work()
        assert told[-1] is State.READY
        assert rig.state is State.READY
        assert "a change could not be followed" in caplog.text

    play(tmp_path, story)


def test_acw_that_runs_out_without_a_sign_of_life_is_away(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await in_acw(rig)
        assert rig.standing.until_ms == rig.clock.now_ms() + 120_000  # type: ignore[operator]
        await asyncio.sleep(119.9)
        assert rig.state is State.ACW
        await asyncio.sleep(0.2)
        assert rig.new_facts() == [entered(State.NOT_READY, "acw_expired", reason=Reason.AWAY)]

    play(tmp_path, story)


def test_acw_that_runs_out_after_a_sign_of_life_is_ready_again(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await in_acw(rig)
        rig.standing.sign_of_life()
        assert rig.new_facts() == []
        await asyncio.sleep(121)
        assert rig.new_facts() == [entered(State.READY, "acw_expired")]

    play(tmp_path, story)


def test_a_sign_of_life_before_the_calls_end_does_not_count(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        call_id = await rig.talking()
        rig.standing.sign_of_life()
        rig.phone.far.peer_hangs_up(call_id)
        await turns()
        await asyncio.sleep(121)
        assert rig.new_facts()[-1] == entered(State.NOT_READY, "acw_expired", reason=Reason.AWAY)

    play(tmp_path, story)


def test_the_timer_of_an_earlier_acw_does_not_end_a_later_one(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await in_acw(rig)
        await asyncio.sleep(100)
        rig.desk.acw_done()
        await rig.talking()
        await rig.done(rig.desk.hang_up())
        await asyncio.sleep(100)
        assert rig.state is State.ACW

    play(tmp_path, story)


def test_ready_at_a_desk_without_a_terminal_is_away_after_a_minute(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work(terminals=0)
        await asyncio.sleep(59)
        rig.standing.sign_of_life()
        await asyncio.sleep(59)
        assert rig.state is State.READY
        await asyncio.sleep(2)
        assert rig.new_facts() == [entered(State.NOT_READY, "desk_left", reason=Reason.AWAY)]

    play(tmp_path, story)


def test_a_terminal_that_is_closed_and_opened_again_in_time_is_not_away(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        await asyncio.sleep(1000)
        rig.standing.terminals(0)
        await asyncio.sleep(50)
        rig.standing.terminals(1)
        await asyncio.sleep(1000)
        assert rig.state is State.READY
        rig.standing.terminals(0)
        await asyncio.sleep(61)
        assert rig.state is State.NOT_READY

    play(tmp_path, story)


def test_nobody_is_away_in_a_call(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        await rig.talking()
        rig.standing.terminals(0)
        await asyncio.sleep(1000)
        assert rig.state is State.TALK

    play(tmp_path, story)


def test_misses_are_allowed_as_often_as_the_operator_says(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work(Limits(max_no_answer=2, ring_timer_s=5))
        await rig.rung()
        await asyncio.sleep(6)
        assert rig.state is State.READY
        await rig.rung()
        await asyncio.sleep(6)
        assert (rig.state, rig.standing.agent.reason) == (State.NOT_READY, Reason.NO_ANSWER)

    play(tmp_path, story)


@pytest.mark.parametrize(("apart_s", "state"), [(50, State.NOT_READY), (70, State.READY)])
def test_misses_may_count_within_a_time_only(tmp_path: Path, apart_s: int, state: State) -> None:
    async def story(rig: Rig) -> None:
        await rig.work(Limits(max_no_answer=2, no_answer_window_s=60))
        await rig.rung()
        await rig.done(rig.desk.reject())
        await asyncio.sleep(apart_s)
        await rig.talking()
        await rig.done(rig.desk.hang_up())
        rig.desk.acw_done()
        await rig.rung()
        await rig.done(rig.desk.reject())
        assert rig.state is state

    play(tmp_path, story)


def restart(rig: Rig, session: str, *, resumed: bool = True) -> Standing:
    """Another seat on the same disk, a minute after the first was killed."""
    standing = Standing(rig.outbox, rig.clock, lambda: None, lambda: None, lambda _: None)
    now_ms = rig.clock.monotonic()
    rig.clock.fix(Anchor(SERVER_MS + now_ms + 60_000, now_ms, 2, "boot"))
    standing.begin(session, signed_in(), "test", resumed=resumed)
    standing.close()
    return standing


def test_a_seat_that_was_killed_in_a_call_says_so_when_it_returns(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        call_id = await rig.talking()
        rig.outbox.seen_alive(SERVER_MS + 5)
        rig.standing.agent = (again := restart(rig, "s2")).agent
        anchored, *rest = rig.facts()
        assert isinstance(anchored, SessionAnchored)
        assert (anchored.previous_session, anchored.previous_alive_ms) == ("s1", SERVER_MS + 5)
        assert rest == [
            CallEnded(call_id, EndCause.SEAT_LOST, ReleasedBy.UNKNOWN),
            CallBackOwed(call_id, CUSTOMER, CUSTOMER_URI),
            entered(State.NOT_READY, "seat_restarted", reason=Reason.SYSTEM_FAULT),
        ]
        assert rig.owed == (CUSTOMER,)
        assert again.call is None

    play(tmp_path, story)


def test_a_seat_that_was_killed_twice_ends_the_call_once(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        await rig.talking()
        restart(rig, "s2")
        rig.standing.agent = restart(rig, "s3").agent
        assert [type(fact).__name__ for fact in rig.facts()] == ["SessionAnchored", "StateEntered"]
        assert rig.owed == (CUSTOMER,)

    play(tmp_path, story)


def test_a_customer_who_called_again_is_not_owed_a_call_after_a_restart(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        await rig.talking()
        rig.phone_dies()
        rig.desk.acw_done()
        await rig.phone_starts()
        rig.desk.ready()
        await rig.talking()
        assert rig.owed == ()
        await rig.done(rig.desk.hang_up())
        rig.standing.agent = restart(rig, "s2").agent
        assert rig.owed == ()

    play(tmp_path, story)


def test_a_seat_that_ended_signed_out_begins_as_somebody_signs_in(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.sign_in()
        rig.desk.sign_out()
        rig.standing.agent = restart(rig, "s2", resumed=False).agent
        assert rig.facts()[1:] == [entered(State.NOT_READY, "sign_in", actor=NUMBER)]

    play(tmp_path, story)


def test_who_signs_in_anew_after_a_seat_died_has_no_fault_of_its(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        call_id = await rig.talking()
        rig.standing.agent = restart(rig, "s2", resumed=False).agent
        assert rig.facts()[1:] == [
            CallEnded(call_id, EndCause.SEAT_LOST, ReleasedBy.UNKNOWN),
            CallBackOwed(call_id, CUSTOMER, CUSTOMER_URI),
            entered(State.NOT_READY, "sign_in", actor=NUMBER),
        ]

    play(tmp_path, story)


def test_a_session_can_not_begin_twice(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.sign_in()
        with pytest.raises(Refused) as refused:
            rig.standing.begin("s1", signed_in(), "test", resumed=False)
        assert refused.value.code == "disk_failed"
        assert rig.state is State.NOT_READY

    play(tmp_path, story)


def test_one_events_fault_does_not_stop_those_after_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_: Reading) -> None:
        raise ZeroDivisionError

    async def story(rig: Rig) -> None:
        await rig.work()
        rig.standing.happened(fails)
        await rig.talking()
        assert rig.state is State.TALK

    play(tmp_path, story)
    assert "ZeroDivisionError" in caplog.text
