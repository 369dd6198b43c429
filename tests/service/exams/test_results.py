"""What may be shown of a result, and that no key is told before its time."""

import msgspec
import pytest

from agent_service.session import Conversation
from protocol.facts.document import Question
from protocol.facts.exam import QuestionType, SittingKind
from protocol.wire import codec
from protocol.wire.exams import ResultState
from protocol.wire.session import FromService
from tests.service.client import Client
from tests.service.conftest import SignedIn
from tests.service.exams.exam_requests import (
    ESSAY,
    MINUTE_MS,
    MULTI,
    SINGLE,
    StillTime,
    answers,
    correct,
    essays,
    exams,
    extend,
    issue,
    mark,
    paper_of,
    result,
    sat,
    save,
    sittings,
    start,
    statistics,
    submit,
    void,
)
from tests.service.roster_requests import refusal

KEYS = ("钥匙一号", "钥匙二号", "改后的钥匙")
SECRET = Question("暗号是？", QuestionType.FILL_IN, key=KEYS[:2], remark="答案在第三页：钥匙一号")


class Tapped:
    """All that the service says to a client, as it goes over the wire."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.said: list[tuple[str, bytes]] = []
        encode = Conversation.send

        def send(peer: Conversation, message: FromService) -> None:
            who = "" if peer.person is None else peer.person.number
            self.said.append((who, codec.encode(message)))
            encode(peer, message)

        monkeypatch.setattr(Conversation, "send", send)

    def to(self, number: str) -> list[bytes]:
        return [frame for who, frame in self.said if who == number]


@pytest.fixture
def tapped(monkeypatch: pytest.MonkeyPatch) -> Tapped:
    return Tapped(monkeypatch)


def holds_key(frame: bytes) -> bool:
    """Whether a text of a key is in a message, or the right options beside a question."""
    told = msgspec.json.decode(frame).get("questions", ())
    named = any(each.get("right") for each in told)
    return named or any(key in frame.decode() for key in KEYS)


@pytest.mark.parametrize("kind", SittingKind)
async def test_no_message_to_a_candidate_holds_a_key_before_the_window_ends(
    trainer: Client,
    wang: Client,
    tapped: Tapped,
    time: StillTime,
    kind: SittingKind,
) -> None:
    paper, (secret, single, multi, essay) = await paper_of(
        trainer, (SECRET, 20), (SINGLE, 2), (MULTI, 2), (ESSAY, 2)
    )
    exam = (await issue(trainer, paper, ["1001", "1002"], sitting=kind)).issue
    await exams(wang)
    sheet = await start(wang, exam)
    await save(wang, sheet, *answers(**{secret: ["不知道"], single: "C"}))
    sheet = await start(wang, exam)
    await refusal(save(wang, sheet, *answers(9, **{single: ["钥匙"]})))
    row = await submit(wang, sheet, *answers(3, **{multi: "ABC", essay: ["写了"]}))
    await correct(trainer, exam, secret, KEYS[2])
    (waiting,) = await essays(trainer, exam)
    await mark(trainer, exam, waiting.essay, 1, "再想想")
    await refusal(start(wang, exam)) if kind is SittingKind.FORMAL else await start(wang, exam)
    shown = await result(wang, row.sitting)
    assert (shown.keys_shown, shown.row.state) == (False, ResultState.FINAL)
    assert {each.score for each in shown.questions} == {None, 0.5}
    assert {each.remark for each in shown.questions} == {"", "再想想"}
    await refusal(sittings(wang, exam))
    await refusal(statistics(wang))
    await refusal(essays(wang, exam))
    await exams(wang)
    time.passes(120 * MINUTE_MS)
    assert not (await result(wang, row.sitting)).keys_shown
    frames = tapped.to("1001")
    assert len(frames) > 12
    assert not any(map(holds_key, frames))
    time.passes(5_001)
    shown = await result(wang, row.sitting)
    assert shown.keys_shown
    assert {each.question: each.right for each in shown.questions} == {
        secret: (KEYS[2],),
        single: ("C",),
        multi: ("A", "B", "C"),
        essay: (),
    }
    assert {each.score for each in shown.questions} == {0.0, 1.0, 0.5}
    assert holds_key(tapped.to("1001")[-1])
    assert b"\xe7\xac\xac\xe4\xb8\x89\xe9\xa1\xb5" not in b"".join(tapped.to("1001"))


async def test_keys_wait_for_whoever_was_given_more_time(
    trainer: Client, wang: Client, signed_in: SignedIn, time: StillTime
) -> None:
    paper, (single,) = await paper_of(trainer, (SINGLE, 2))
    exam = await issue(trainer, paper, ["1001", "1002"], minutes=30)
    mine = await sat(wang, exam.issue, **{single: "C"})
    li = await signed_in("1002")
    late = await start(li, exam.issue)
    await extend(trainer, late.sitting, 1_800)
    time.passes(40 * MINUTE_MS)
    shown = await result(wang, mine.sitting)
    assert (shown.keys_shown, shown.keys_from_ms) == (False, exam.end_ms + 1_800_000)
    assert (await result(trainer, mine.sitting)).keys_shown
    time.passes(25 * MINUTE_MS)
    assert (await result(wang, mine.sitting)).keys_shown


async def test_keys_wait_while_the_paper_is_a_formal_exam_of_somebody(
    trainer: Client, wang: Client, time: StillTime
) -> None:
    paper, (single,) = await paper_of(trainer, (SINGLE, 2))
    practice = await issue(trainer, paper, minutes=30, sitting=SittingKind.MOCK)
    mine = await sat(wang, practice.issue, **{single: "A"})
    exam = await issue(trainer, paper, minutes=60)
    voided = await issue(trainer, paper, ["1002"], minutes=600)
    await void(trainer, voided.issue)
    time.passes(40 * MINUTE_MS)
    sheet = await start(wang, exam.issue)
    shown = await result(wang, mine.sitting)
    assert (shown.keys_shown, shown.keys_from_ms) == (False, exam.end_ms)
    assert [each.right for each in shown.questions] == [()]
    await extend(trainer, sheet.sitting, 1_800)
    time.passes(30 * MINUTE_MS)
    assert not (await result(wang, mine.sitting)).keys_shown
    time.passes(25 * MINUTE_MS)
    assert (await result(wang, mine.sitting)).keys_shown


async def test_a_leader_who_does_not_teach_never_sees_questions(
    trainer: Client, wang: Client, signed_in: SignedIn, tapped: Tapped
) -> None:
    paper, (secret,) = await paper_of(trainer, (SECRET, 2))
    leader = await signed_in("2001")
    exam = (await issue(leader, paper, ["1001"])).issue
    row = await sat(wang, exam, **{secret: ["不知道"]})
    assert await sittings(leader, exam) == (row,)
    (told,) = await exams(leader, own=False)
    assert (told.issue, told.begun, told.submitted) == (exam, 1, 1)
    for asked in (
        result(leader, row.sitting),
        essays(leader, exam),
        correct(leader, exam, secret, "x"),
        statistics(leader),
        mark(leader, exam, "x", 1),
    ):
        assert await refusal(asked) == "not_permitted"
    other = (await issue(trainer, paper, ["1001"])).issue
    assert await refusal(sittings(leader, other)) == "not_permitted"
    assert not any(SECRET.text in frame.decode() for frame in tapped.to("2001"))


async def test_what_was_voided_is_told_as_voided(trainer: Client, wang: Client) -> None:
    paper, (single,) = await paper_of(trainer, (SINGLE, 2))
    exam = (await issue(trainer, paper)).issue
    row = await sat(wang, exam, **{single: "C"})
    assert (row.state, row.passed) == (ResultState.FINAL, True)
    await void(trainer, exam)
    shown = (await result(wang, row.sitting)).row
    assert (shown.state, shown.score, shown.passed) == (ResultState.VOIDED, None, None)
