"""Sitting an exam at a seat: no answer that was kept is lost, by whatever ends; no call comes; and
the time is the server's."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from agent_client.seat import exams as exams_module
from agent_client.seat.clock import Clock
from agent_client.seat.process import Seat
from protocol.facts.agent import Reason, State
from protocol.wire import desk
from protocol.wire.desk_exam import (
    AnswerQuestion,
    BeginExam,
    DeskExams,
    HandIn,
    LeaveFocus,
    WatchExams,
)
from protocol.wire.errors import Code
from protocol.wire.exams import SaveAnswers, StartSitting
from protocol.wire.sync import Link
from tests.seat.exam_service import HANDED_IN, ISSUE, MINUTE, OWN, SITTING, ExamService, exam
from tests.seat.rig import full_disk
from tests.seat.service import SERVER_MS, FakeService, eventually, refuses
from tests.seat.sitting import Child, Sitting, sitting

Told = list[DeskExams]


def begins(id_: int) -> desk.AnyRequest:
    return BeginExam(id_, ISSUE)


def answers(question: str, *answer: str) -> Callable[[int], desk.AnyRequest]:
    return lambda id_: AnswerQuestion(id_, question, answer)


@pytest.fixture
def school(service: FakeService) -> ExamService:
    """What the service knows of an exam."""
    return ExamService(service)


@pytest.fixture
async def told(sits: Sitting, service: FakeService) -> Told:
    """What somebody who watches is told, once they are told of an exam."""
    return await watched(sits, service)


async def watched(sits: Sitting, service: FakeService) -> Told:
    seen: Told = []
    sits.client.listen(lambda push: _take(seen, push))
    await sits.client.ask(WatchExams)
    await service.tell(OWN)
    await eventually(lambda: bool(seen) and seen[-1].own == OWN)
    return seen


def _take(seen: Told, push: desk.Pushed) -> None:
    if isinstance(push, DeskExams):
        seen.append(push)


async def begun(sits: Sitting, told: Told) -> None:
    await sits.client.ask(begins)
    await eventually(lambda: told[-1].sheet is not None)


def shown(told: Told) -> dict[str, tuple[str, ...]]:
    """What the paper shows as answered."""
    sheet = told[-1].sheet
    assert sheet is not None
    return {each.question: each.answer for each in sheet.questions if each.answer}


async def test_the_state_comes_before_the_paper_and_stays_after_it(
    sits: Sitting, service: FakeService, school: ExamService, told: Told
) -> None:
    await sits.client.ask(desk.Ready)
    await begun(sits, told)
    assert sits.states()[-1] == (State.NOT_READY, "break", Reason.EXAM)
    assert await sits.refusal(desk.Ready) == "exam_sitting"
    await sits.client.ask(HandIn)
    await eventually(lambda: told[-1].over == HANDED_IN)
    assert told[-1].sheet is None
    assert sits.states()[-1] == (State.NOT_READY, "break", Reason.EXAM), "nobody is made ready"
    assert await sits.refusal(desk.Ready) == "done"


async def test_no_call_comes_while_a_paper_lies_open(
    sits: Sitting, school: ExamService, told: Told
) -> None:
    await sits.client.ask(desk.Ready)
    await begun(sits, told)
    far = Child.made[-1].engine.far
    call_id = far.peer_calls("13800138000")
    await eventually(lambda: call_id not in far._legs)  # the phone has sent the caller on
    assert State.RINGING not in [state for state, _, _ in sits.states()]
    assert sits.status.call is None
    assert told[-1].sheet is not None


async def test_it_is_refused_in_a_call_and_the_service_is_not_asked(
    sits: Sitting, service: FakeService, school: ExamService, told: Told
) -> None:
    await sits.talking()
    await sits.until(lambda status: status.state is State.TALK)
    assert await sits.refusal(begins) == "wrong_state"
    assert sits.status.next_state is None
    assert service.of(StartSitting) == []


async def test_an_answer_is_kept_here_and_then_at_the_service(
    sits: Sitting, school: ExamService, told: Told
) -> None:
    await begun(sits, told)
    await sits.client.ask(answers("q1", "A"))
    await sits.client.ask(answers("q4", "Because\nof 😀"))
    await sits.client.ask(answers("q1", "B"))
    assert shown(told) == {"q1": ("B",), "q4": ("Because\nof 😀",)}
    await eventually(lambda: told[-1].unsaved == 0)
    assert school.answers == {"q1": ("B",), "q4": ("Because\nof 😀",)}
    await sits.client.ask(answers("q1"))
    await eventually(lambda: school.answers["q1"] == ())


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (answers("q1", "A", "B"), Code.BAD_ANSWER),
        (answers("q1", "Z"), Code.BAD_ANSWER),
        (answers("q2", "A", "A"), Code.BAD_ANSWER),
        (answers("q3", "true"), Code.BAD_ANSWER),
        (answers("q4", "x" * 20_001), Code.BAD_ANSWER),
        (answers("q9", "A"), Code.UNKNOWN_QUESTION),
    ],
)
async def test_what_is_no_answer_to_its_question_is_not_kept(
    sits: Sitting,
    school: ExamService,
    told: Told,
    wrong: Callable[[int], desk.AnyRequest],
    code: Code,
) -> None:
    await begun(sits, told)
    assert await sits.refusal(wrong) == code
    assert told[-1].unsaved == 0


async def test_without_the_service_answers_wait_on_the_disk_and_go_out_when_it_is_back(
    sits: Sitting, service: FakeService, school: ExamService, told: Told
) -> None:
    await begun(sits, told)
    await service.close()
    await sits.until(lambda status: status.link is Link.OFFLINE)
    await sits.client.ask(answers("q1", "A"))
    await sits.client.ask(answers("q3", "T"))
    assert told[-1].unsaved == 2
    assert await sits.refusal(HandIn) == Code.SERVICE_UNREACHABLE
    assert told[-1].sheet is not None
    await service.open()
    await eventually(lambda: told[-1].unsaved == 0)
    assert school.answers == {"q1": ("A",), "q3": ("T",)}
    assert [saved.number for saved in school.saved.values()] == [1, 2]


async def test_an_answer_whose_confirmation_was_lost_is_sent_again_with_its_number(
    sits: Sitting, service: FakeService, school: ExamService, told: Told
) -> None:
    await begun(sits, told)
    school.silent = True
    await sits.client.ask(answers("q1", "A"))
    await eventually(lambda: any(each.answers for each in service.of(SaveAnswers)))
    service.cut()
    school.silent = False
    await eventually(lambda: told[-1].unsaved == 0)
    sent = [each.answers for each in service.of(SaveAnswers) if each.answers]
    assert sent[0] == sent[-1]


async def test_a_seat_that_was_killed_goes_on_with_every_answer(
    quick: None, tmp_path: Path, service: FakeService, school: ExamService
) -> None:
    async with sitting(tmp_path, service) as sits:
        await sits.enrol_and_sign_in()
        told = await watched(sits, service)
        await begun(sits, told)
        await sits.client.ask(answers("q1", "A"))
        await eventually(lambda: told[-1].unsaved == 0)
        school.silent = True
        await sits.client.ask(answers("q1", "B"))
        await sits.client.ask(answers("q2", "A", "C"))
        await service.close()
        await sits.until(lambda status: status.link is Link.OFFLINE)
    school.silent = False
    await service.open()
    async with sitting(tmp_path, service) as sits:
        await sits.until(lambda status: status.state is State.NOT_READY)
        assert school.answers.get("q2", ("A", "C")) == ("A", "C")
        await eventually(lambda: school.answers == {"q1": ("B",), "q2": ("A", "C")})
        told = await watched(sits, service)
        await begun(sits, told)
        assert shown(told) == {"q1": ("B",), "q2": ("A", "C")}
        assert service.of(StartSitting)[-1].issue == ISSUE
        await sits.client.ask(answers("q3", "F"))
        await eventually(lambda: told[-1].unsaved == 0)
        assert sorted(saved.number for saved in school.saved.values()) == [2, 3, 4]


async def test_a_terminal_that_opens_anew_sees_the_paper_as_it_lies(
    sits: Sitting, service: FakeService, school: ExamService, told: Told
) -> None:
    await begun(sits, told)
    await sits.client.ask(answers("q1", "A"))
    again: Told = []
    sits.client.listen(lambda push: _take(again, push))
    await sits.client.ask(WatchExams)
    await eventually(lambda: bool(again))
    assert shown(again) == {"q1": ("A",)}
    await sits.client.ask(begins)
    assert len(service.of(StartSitting)) == 1, "it lies open at this desk"


async def test_what_lies_open_can_be_gone_on_with_while_the_service_is_away(
    sits: Sitting, service: FakeService, school: ExamService, told: Told
) -> None:
    await begun(sits, told)
    await sits.client.ask(answers("q1", "A"))
    await sits.client.ask(desk.SignOut)
    await eventually(lambda: told[-1].sheet is None)
    await service.close()
    await sits.until(lambda status: status.link is Link.OFFLINE)
    await sits.client.ask(lambda id_: desk.SignIn(id_, "pa55word"))
    await begun(sits, told)
    assert shown(told) == {"q1": ("A",)}
    assert told[-1].deadline_ms == school.deadline_ms


async def test_what_was_never_begun_here_needs_the_service(
    sits: Sitting, service: FakeService, school: ExamService, told: Told
) -> None:
    await service.close()
    await sits.until(lambda status: status.link is Link.OFFLINE)
    before = sits.states()
    assert await sits.refusal(begins) == Code.SERVICE_UNREACHABLE
    assert sits.states() == before, "nobody leaves the line for nothing"


async def test_another_desk_takes_the_turn_with_a_word_and_this_one_can_come_back(
    sits: Sitting, school: ExamService, told: Told
) -> None:
    await begun(sits, told)
    await sits.client.ask(answers("q1", "A"))
    await eventually(lambda: told[-1].unsaved == 0)
    school.other_desk(q1=("B",))
    await sits.client.ask(answers("q1", "A"))
    await sits.client.ask(answers("q3", "T"))
    await eventually(lambda: told[-1].ended == Code.NOT_YOUR_TURN)
    assert told[-1].sheet is None
    assert school.answers == {"q1": ("B",)}
    await begun(sits, told)
    await eventually(lambda: told[-1].unsaved == 0)
    assert school.answers["q1"] == ("B",), "what was answered there stands"


async def test_answers_of_this_desk_fill_what_the_other_desk_left_empty(
    sits: Sitting, service: FakeService, school: ExamService, told: Told
) -> None:
    await begun(sits, told)
    await service.close()
    await sits.client.ask(answers("q1", "A"))
    await sits.client.ask(answers("q3", "T"))
    school.other_desk(q1=("B",))
    await service.open()
    await eventually(lambda: told[-1].ended == Code.NOT_YOUR_TURN)
    await begun(sits, told)
    await eventually(lambda: told[-1].unsaved == 0)
    assert school.answers == {"q1": ("B",), "q3": ("T",)}


async def test_a_restored_service_is_told_again_what_it_had_confirmed(
    sits: Sitting, school: ExamService, told: Told
) -> None:
    await begun(sits, told)
    await sits.client.ask(answers("q1", "A"))
    await eventually(lambda: told[-1].unsaved == 0)
    await sits.client.ask(desk.SignOut)
    school.saved.clear()
    await sits.sign_in()
    await begun(sits, told)
    await eventually(lambda: school.answers == {"q1": ("A",)})


async def test_an_exam_that_the_server_has_ended_is_over_here_with_its_result(
    sits: Sitting, school: ExamService, told: Told
) -> None:
    await begun(sits, told)
    school.code = Code.EXAM_OVER
    await sits.client.ask(answers("q1", "A"))
    await eventually(lambda: told[-1].over == HANDED_IN)
    assert told[-1].sheet is None
    assert told[-1].unsaved == 1, "what was not taken is said"
    assert await sits.refusal(answers("q1", "B")) == Code.EXAM_OVER


async def test_handing_in_sends_the_rest_along(
    sits: Sitting, service: FakeService, school: ExamService, told: Told
) -> None:
    await begun(sits, told)
    service.answers[SaveAnswers] = refuses(Code.LEDGER_UNAVAILABLE)
    await sits.client.ask(answers("q1", "A"))
    await sits.client.ask(answers("q2", "B"))
    await sits.client.ask(HandIn)
    assert school.handed_in
    assert school.answers == {"q1": ("A",), "q2": ("B",)}
    assert await sits.refusal(HandIn) == Code.EXAM_OVER


async def test_one_answer_that_the_service_never_takes_keeps_no_other_back(
    sits: Sitting, school: ExamService, told: Told
) -> None:
    await begun(sits, told)
    school.bad = {"q1"}
    await sits.client.ask(answers("q1", "A"))
    await sits.client.ask(answers("q2", "B"))
    await sits.client.ask(answers("q3", "T"))
    await eventually(lambda: school.answers == {"q2": ("B",), "q3": ("T",)})
    await eventually(lambda: told[-1].unsaved == 1)
    await sits.client.ask(HandIn)
    assert school.handed_in


async def test_at_the_deadline_the_rest_is_handed_in_by_itself(
    sits: Sitting, service: FakeService, school: ExamService, told: Told
) -> None:
    await begun(sits, told)
    service.answers[SaveAnswers] = refuses(Code.LEDGER_UNAVAILABLE)
    await sits.client.ask(answers("q1", "A"))
    passes(sits.seat, 30 * MINUTE)
    await eventually(lambda: told[-1].over == HANDED_IN)
    assert school.answers == {"q1": ("A",)}


async def test_without_the_service_the_deadline_ends_it_here_and_says_what_is_missing(
    sits: Sitting, service: FakeService, school: ExamService, told: Told
) -> None:
    await begun(sits, told)
    await service.close()
    await sits.client.ask(answers("q1", "A"))
    passes(sits.seat, 30 * MINUTE)
    assert await sits.refusal(answers("q1", "B")) == Code.EXAM_OVER
    passes(sits.seat, 6_000)
    await eventually(lambda: told[-1].sheet is None)
    assert (told[-1].ended, told[-1].unsaved) == (Code.EXAM_OVER, 1)
    assert await sits.refusal(desk.Ready) == "done"


async def test_time_that_is_given_is_heard_of_with_the_next_answer(
    sits: Sitting, school: ExamService, told: Told
) -> None:
    await begun(sits, told)
    school.deadline_ms += 10 * MINUTE
    await sits.client.ask(answers("q1", "A"))
    await eventually(lambda: told[-1].deadline_ms == school.deadline_ms)
    passes(sits.seat, 35 * MINUTE)
    assert await sits.refusal(answers("q1", "B")) == "done"


async def test_time_that_is_given_is_heard_of_without_an_answer_too(
    quick: None,
    tmp_path: Path,
    service: FakeService,
    school: ExamService,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exams_module, "SAVE_EVERY_S", 0.02)
    async with sitting(tmp_path, service) as sits:
        await sits.enrol_and_sign_in()
        told = await watched(sits, service)
        await begun(sits, told)
        school.deadline_ms += 10 * MINUTE
        await eventually(lambda: told[-1].deadline_ms == school.deadline_ms)


async def test_a_wrong_clock_of_the_desk_gains_nothing(
    sits: Sitting, school: ExamService, told: Told
) -> None:
    await begun(sits, told)
    sits.seat.clock._wall = lambda: SERVER_MS - 24 * 60 * MINUTE  # the desk's own clock is set back
    passes(sits.seat, 31 * MINUTE)
    assert await sits.refusal(answers("q1", "A")) == Code.EXAM_OVER


async def test_what_has_not_begun_takes_nobody_out_of_the_line(
    sits: Sitting, service: FakeService, school: ExamService, told: Told
) -> None:
    later = msgspec.structs.replace(OWN, open=(exam(start_ms=SERVER_MS + MINUTE * 60),))
    await service.tell(later)
    await eventually(lambda: told[-1].own == later)
    await sits.client.ask(desk.Ready)
    assert await sits.refusal(begins) == Code.OUTSIDE_WINDOW
    assert sits.states()[-1][0] is State.READY


async def test_a_refusal_leaves_no_paper_and_lets_the_agent_choose(
    sits: Sitting, service: FakeService, school: ExamService, told: Told
) -> None:
    service.answers[StartSitting] = refuses(Code.EXAM_OVER)
    assert await sits.refusal(begins) == Code.EXAM_OVER
    assert told[-1].sheet is None
    assert await sits.refusal(desk.Ready) == "done"


async def test_looking_away_is_noted_with_the_next_answer(
    sits: Sitting, school: ExamService, told: Told
) -> None:
    await begun(sits, told)
    await sits.client.ask(LeaveFocus)
    await sits.client.ask(LeaveFocus)
    await sits.client.ask(answers("q1", "A"))
    await eventually(lambda: school.focus_left == 2)


async def test_on_a_full_disk_an_answer_is_refused_and_the_paper_stays(
    sits: Sitting, school: ExamService, told: Told
) -> None:
    await begun(sits, told)
    await sits.client.ask(answers("q1", "A"))
    with full_disk(sits.place.exams):
        assert await sits.refusal(answers("q1", "B")) == Code.DISK_FAILED
    assert shown(told) == {"q1": ("A",)}
    assert await sits.refusal(answers("q1", "B")) == "done"


async def test_nothing_of_a_paper_stays_on_the_desk_once_it_is_handed_in(
    sits: Sitting, school: ExamService, told: Told
) -> None:
    await begun(sits, told)
    await sits.client.ask(answers("q4", "my essay"))
    await sits.client.ask(HandIn)
    assert sits.seat.exams._journal.of(SITTING) is None
    assert sits.place.exams.stat().st_mode & 0o077 == 0


def passes(seat: Seat, ms: int) -> None:
    """So much time passes on the machine, and what waits for the time looks again."""
    clock: Clock = seat.clock
    mono = clock._mono
    clock._mono = lambda: mono() + ms
    seat.exams.wake()
