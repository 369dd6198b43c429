"""Studying at a desk: the state first, then time by its signs alone, each second once on the disk;
and whatever ends it keeps the rest and the place."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from agent_client.seat.screen_lock import ScreenLock
from protocol.facts.agent import Reason, State, StateEntered
from protocol.facts.order import OrderKind
from protocol.facts.training import (
    TrainingItemDone,
    TrainingOpened,
    TrainingPostponed,
    TrainingRead,
)
from protocol.rules.agent_state import Happening, Trigger
from protocol.rules.reading_time import Sign
from protocol.wire.errors import Refused
from protocol.wire.training import OwnTraining
from tests.seat.rig import NUMBER, SERVER_MS, Rig, full_disk, play, refusal
from tests.seat.studying import MINUTE, OWN, TASK, Student, assignment, item, offer, stretches
from tests.seat.test_desk import entered
from tests.seat.test_screen_lock import LOCKED

TRAINING = entered(State.NOT_READY, "break", reason=Reason.TRAINING, actor=NUMBER)


def read(seconds: int, section: int = 0, content: str = "c1") -> TrainingRead:
    return TrainingRead(TASK, content, seconds, section)


async def opening(student: Student, content: str = "c1", assignment: str = TASK) -> str:
    """The code with which it is refused, or `done`."""
    try:
        await student.training.open_item(assignment, content)
    except Refused as refused:
        return refused.code
    return "done"


async def studies(rig: Rig, folder: Path) -> Student:
    """Somebody who has just begun."""
    student = Student(rig, folder)
    await rig.work()
    await student.opens()
    return student


def test_the_state_comes_first(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        student = Student(rig, tmp_path)
        await rig.work()
        assert await opening(student) == "done"
        assert rig.new_facts() == [TRAINING, TrainingOpened(TASK, "c1")]
        told = student.last
        assert (told.assignment, told.content, told.credited_s) == (TASK, "c1", 0)
        assert (told.running, told.since_ms) == (True, rig.clock.now_ms())
        assert await opening(student, "c2") == "done"
        assert rig.new_facts() == [TrainingOpened(TASK, "c2")], "it is that state already"

    play(tmp_path, story)


def test_what_is_not_ones_own_is_not_opened(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        student = Student(rig, tmp_path)
        assert await opening(student) == "not_signed_in"
        await rig.work()
        assert await opening(student, "c3") == "unknown_assignment"
        assert await opening(student, assignment="a2") == "unknown_assignment"
        assert rig.new_facts() == []
        student.training.learn((assignment(item("c9", done=True), name="a2", agent="1002"),))
        assert await opening(student, "c9", "a2") == "unknown_assignment"
        student.training.learn((assignment(item("c9", done=True, credited_s=50), name="a2"),))
        assert await opening(student, "c9", "a2") == "done", "completed ones, too"
        await asyncio.sleep(10)
        assert student.last.credited_s == 60

    play(tmp_path, story)


def test_in_a_call_it_is_refused_and_nothing_is_queued(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        student = Student(rig, tmp_path)
        await rig.work()
        await rig.rung()
        assert await opening(student) == "wrong_state"
        await rig.done(rig.desk.answer())
        assert await opening(student) == "wrong_state"
        await rig.done(rig.desk.hang_up())
        assert rig.state is State.ACW
        assert await opening(student) == "wrong_state"
        assert rig.standing.agent.next is None

    play(tmp_path, story)


def test_nobody_studies_behind_a_locked_screen_or_over_a_paper(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        student = Student(rig, tmp_path)
        await rig.work()
        rig.desk.lock()
        assert await opening(student) == "locked"
        rig.desk.unlock()
        rig.desk.take_break(Reason.EXAM)
        rig.standing.ask(Happening(Trigger.EXAM_BEGUN))
        assert await opening(student) == "exam_sitting"

    play(tmp_path, story)


def test_a_turn_that_is_waited_for_opens_nothing(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        student = Student(rig, tmp_path)

        async def queued(_: Reason) -> None:
            """The service has put the person into the queue."""

        student.training._take_break = queued
        await rig.work()
        assert await opening(student) == "turn_needed"
        assert (rig.new_facts(), student.last.assignment) == ([], "")

    play(tmp_path, story)


def test_time_is_told_in_stretches_and_the_rest_at_the_end(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        student = await studies(rig, tmp_path)
        await asyncio.sleep(12)
        student.training.sign(Sign.INPUT, 2)
        await asyncio.sleep(13)
        assert rig.new_facts() == [read(10), read(10, 2)]
        assert (student.last.credited_s, student.last.running) == (20, True)
        student.training.close_item()
        assert rig.new_facts() == [read(5, 2)]
        assert (student.last.assignment, student.last.running) == ("", False)
        row = student.last.own.open[0]
        assert (row.trained_s, row.items[0].credited_s, row.items[0].section) == (25, 25, 2)
        assert rig.standing.agent.reason is Reason.TRAINING, "the state stays"
        student.training.close_item()
        await asyncio.sleep(60)
        assert rig.new_facts() == []

    play(tmp_path, story)


def test_a_page_that_was_turned_to_is_kept_also_without_a_full_second(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        student = await studies(rig, tmp_path)
        student.training.sign(Sign.INPUT, 3)
        student.training.close_item()
        assert rig.new_facts() == [read(0, 3)]

    play(tmp_path, story)


def test_keys_alone_are_no_news(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        student = await studies(rig, tmp_path)
        before = len(student.told)
        for _ in range(9):
            await asyncio.sleep(1)
            student.training.sign(Sign.INPUT, 0)
        assert len(student.told) == before
        await asyncio.sleep(1)
        assert (student.last.credited_s, student.last.since_ms) == (10, rig.clock.now_ms())
        await asyncio.sleep(4)
        student.training.sign(Sign.BLUR, 0)
        assert (student.last.credited_s, student.last.since_ms) == (14, None)
        await asyncio.sleep(60)
        student.training.sign(Sign.FOCUS, 0)
        shown_ms = rig.clock.now_ms() - student.last.since_ms
        assert (student.last.credited_s, shown_ms) == (10, 4000)

    play(tmp_path, story)


def test_without_a_sign_time_counts_up_to_the_idle_limit(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        student = await studies(rig, tmp_path)
        await asyncio.sleep(1000)
        assert sum(student.credited()) == 180
        assert (student.last.running, student.last.since_ms) == (False, None)
        assert student.last.credited_s == 180
        student.training.sign(Sign.INPUT, 0)
        assert student.last.running
        await asyncio.sleep(30)
        student.training.sign(Sign.PLAY, 0)
        await asyncio.sleep(400)
        student.training.sign(Sign.PAUSE, 0)
        student.training.close_item()
        assert sum(student.credited()) == 180 + 430
        assert max(student.credited()) == 10

    play(tmp_path, story)


def test_the_limit_is_the_services(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        student = Student(rig, tmp_path, OwnTraining((assignment(),), idle_s=15))
        await rig.work()
        await student.opens()
        await asyncio.sleep(100)
        assert (student.last.running, student.last.credited_s) == (False, 15)
        student.training.close_item()
        assert student.credited() == [10, 5]

    play(tmp_path, story)


def test_a_window_behind_others_and_a_locked_screen_count_for_nothing(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        student = await studies(rig, tmp_path)
        await asyncio.sleep(10)
        student.training.sign(Sign.BLUR, 0)
        await asyncio.sleep(50)
        assert not student.last.running
        student.training.sign(Sign.FOCUS, 0)
        await asyncio.sleep(10)
        rig.desk.lock()
        assert not student.last.running
        await asyncio.sleep(50)
        student.training.sign(Sign.INPUT, 0)
        await asyncio.sleep(50)
        rig.desk.unlock()
        assert student.last.running
        await asyncio.sleep(10)
        student.training.close_item()
        assert sum(student.credited()) == 30

    play(tmp_path, story)


@pytest.mark.parametrize("sign", [Sign.OPEN, Sign.CLOSE, Sign.LOCK, Sign.UNLOCK])
def test_what_the_desk_knows_itself_no_terminal_tells(tmp_path: Path, sign: Sign) -> None:
    async def story(rig: Rig) -> None:
        student = await studies(rig, tmp_path)
        assert refusal(lambda: student.training.sign(sign, 0)) == "malformed_message"

    play(tmp_path, story)


ENDS: dict[str, Callable[[Rig], object]] = {
    "ready": lambda rig: rig.desk.ready(),
    "dial": lambda rig: rig.desk.dial("sip:4711@customer.invalid"),
    "sign_out": lambda rig: rig.desk.sign_out(),
    "forced out": lambda rig: rig.desk.force(OrderKind.FORCE_SIGN_OUT, "2001"),
    "taken_over": lambda rig: rig.desk.taken_over(),
    "exam": lambda rig: rig.desk.take_break(Reason.EXAM),
}


@pytest.mark.parametrize("how", ENDS)
def test_whatever_ends_the_state_keeps_the_rest_before_it(tmp_path: Path, how: str) -> None:
    async def story(rig: Rig) -> None:
        student = await studies(rig, tmp_path)
        await asyncio.sleep(17)
        ENDS[how](rig)
        facts = rig.new_facts()
        rest = facts.index(read(7))
        states = [at for at, fact in enumerate(facts) if isinstance(fact, StateEntered)]
        assert rest < states[0]
        assert student.last.assignment == ""
        assert refusal(lambda: student.training.sign(Sign.INPUT, 0)) == "not_open"
        await asyncio.sleep(60)
        assert stretches(rig.new_facts()) == []

    play(tmp_path, story)


def test_another_reason_is_no_end(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        student = await studies(rig, tmp_path)
        rig.desk.take_break(Reason.BACKOFFICE)
        await asyncio.sleep(10)
        assert student.credited() == [10]

    play(tmp_path, story)


def test_a_terminal_that_goes_closes_what_is_read(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        student = Student(rig, tmp_path)
        student.training.terminals(1)
        await rig.work()
        await student.opens()
        student.training.terminals(2)
        await asyncio.sleep(4)
        assert student.last.running
        student.training.terminals(1)
        assert rig.new_facts() == [read(4)]
        assert student.last.assignment == ""

    play(tmp_path, story)


def test_one_at_a_time(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        student = await studies(rig, tmp_path)
        await asyncio.sleep(6)
        assert await opening(student, "c2") == "done"
        assert rig.new_facts() == [read(6), TrainingOpened(TASK, "c2")]
        await asyncio.sleep(11)
        assert rig.new_facts() == [read(10, 0, "c2")]
        assert [each.credited_s for each in student.last.own.open[0].items] == [6, 10]

    play(tmp_path, story)


def test_what_is_opened_again_goes_on_where_it_was(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        student = await studies(rig, tmp_path)
        student.training.sign(Sign.INPUT, 4)
        await asyncio.sleep(3)
        assert await opening(student) == "done"
        await asyncio.sleep(10)
        assert rig.new_facts() == [read(3, 4), TrainingOpened(TASK, "c1"), read(10, 4)]

    play(tmp_path, story)


def test_what_is_confirmed_is_done_with_the_time_up_to_then(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        student = Student(rig, tmp_path)
        await rig.work()
        assert refusal(student.training.finish_item) == "not_open"
        await student.opens()
        await asyncio.sleep(6)
        student.training.finish_item()
        assert rig.new_facts() == [read(6), TrainingItemDone(TASK, "c1")]
        row = student.last.own.open[0]
        assert (row.items_done, row.items[0].done, row.trained_s) == (1, True, 6)
        student.training.finish_item()
        await asyncio.sleep(10)
        assert rig.new_facts() == [read(10)], "it is open still"

    play(tmp_path, story)


def test_the_clock_of_the_desk_has_no_say(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        student = await studies(rig, tmp_path)
        await asyncio.sleep(5)
        rig.clock._wall = lambda: SERVER_MS + 24 * 60 * MINUTE
        await asyncio.sleep(5)
        rig.clock._wall = lambda: 0
        student.training.sign(Sign.INPUT, 0)
        await asyncio.sleep(5)
        student.training.close_item()
        assert student.credited() == [10, 5]

    play(tmp_path, story)


@pytest.mark.parametrize("plays", [Sign.PLAY, Sign.PAUSE])
def test_the_time_in_which_the_machine_slept_counts_for_nothing(
    tmp_path: Path, plays: Sign
) -> None:
    async def story(rig: Rig) -> None:
        student = await studies(rig, tmp_path)
        student.training.sign(plays, 0)
        await asyncio.sleep(4)
        awake = rig.clock._mono
        rig.clock._mono = lambda: awake() + 100_000
        student.training.sign(Sign.INPUT, 0)
        await asyncio.sleep(7)
        student.training.close_item()
        assert sum(student.credited()) <= 11

    play(tmp_path, story)


def test_a_full_disk_credits_nothing_twice_and_nothing_is_lost(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        student = await studies(rig, tmp_path)
        await asyncio.sleep(5)
        with full_disk(rig.disk):
            await asyncio.sleep(30)
            assert student.credited() == []
            assert await opening(student, "c2") == "disk_failed"
            assert refusal(student.training.finish_item) == "disk_failed"
            student.training.sign(Sign.INPUT, 4)
        await asyncio.sleep(6)
        student.training.close_item()
        assert sum(student.credited()) in (40, 41)
        assert max(student.credited()) <= 10
        assert student.last.own.open[0].items[0].section == 4

    play(tmp_path, story)


def test_a_lock_on_a_full_disk_counts_from_when_it_was(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        student = await studies(rig, tmp_path)
        await asyncio.sleep(5)
        with full_disk(rig.disk):
            ScreenLock(rig.standing).take(LOCKED)
            await asyncio.sleep(30)
        await asyncio.sleep(1)
        student.training.close_item()
        assert student.credited() == [5]

    play(tmp_path, story)


def test_it_is_offered_only_between_calls(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        offered = OwnTraining((assignment(),), offer(until_ms=SERVER_MS + 60 * MINUTE))
        student = Student(rig, tmp_path, offered)
        assert student.last.own.open == (), "nobody is signed in"
        await rig.sign_in()
        assert student.last.offered
        rig.desk.take_break(Reason.MEAL)
        assert student.last.offered
        rig.desk.ready()
        assert student.last.offered
        call_id = await rig.rung()
        assert not student.last.offered
        await rig.done(rig.desk.answer())
        await rig.done(rig.desk.hold())
        assert not student.last.offered
        rig.phone.far.peer_hangs_up(call_id)
        await asyncio.sleep(0.1)
        assert (rig.state, student.last.offered) == (State.ACW, False)
        rig.desk.acw_done()
        assert student.last.offered
        rig.desk.lock()
        assert not student.last.offered
        rig.desk.unlock()
        assert (rig.standing.agent.reason, student.last.offered) == (Reason.AWAY, False)
        rig.desk.ready()
        assert student.last.offered
        await student.opens()
        assert not student.last.offered
        assert all(not each.offered or each.own.offer is not None for each in student.told)

    play(tmp_path, story)


def test_an_offer_ends_with_its_time(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        student = Student(rig, tmp_path, OwnTraining((assignment(),), offer()))
        await rig.work()
        assert student.last.offered
        await asyncio.sleep(301)
        student.training.look()
        assert not student.last.offered
        assert refusal(student.training.postpone) == "no_offer"

    play(tmp_path, story)


def test_it_is_put_off_three_times_at_most(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        student = Student(rig, tmp_path)
        await rig.work()
        assert refusal(student.training.postpone) == "no_offer"
        for times in range(3):
            student.training.take(OwnTraining((assignment(),), offer(postponed=times)))
            assert student.last.offered
            student.training.postpone()
            assert rig.new_facts() == [TrainingPostponed(TASK)]
            assert not student.last.offered
            student.training.take(OwnTraining((assignment(),), offer(postponed=times)))
            assert not student.last.offered, "the service has not heard of it yet"
            student.known._put_off.clear()  # it has
        student.training.take(OwnTraining((assignment(),), offer(postponed=3)))
        assert student.last.offered
        assert refusal(student.training.postpone) == "postponed_enough"
        assert rig.new_facts() == []

    play(tmp_path, story)


def test_a_recall_is_shown_and_changes_nothing(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        student = await studies(rig, tmp_path)
        called = OwnTraining(OWN.open, recalled_by="2001", recalled_ms=SERVER_MS)
        student.training.take(called)
        assert (student.last.own.recalled_by, student.last.running) == ("2001", True)
        assert rig.standing.agent.reason is Reason.TRAINING

    play(tmp_path, story)
