"""What the disk of a desk keeps of an exam: whatever is cut off, the last answer to each question
is there, and nothing older ever stands in place of something newer."""

import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_client.seat.exam_journal import KEEP_MS, ExamJournal
from protocol.facts.exam import SittingKind
from protocol.wire.errors import Code, Refused
from protocol.wire.exams import SavedAnswer, Sheet
from tests.seat.exam_service import ISSUE, MINUTE, QUESTIONS, SITTING, answered
from tests.seat.service import SERVER_MS

DEADLINE_MS = SERVER_MS + 30 * MINUTE


class Server:
    """What the service has of the sitting."""

    def __init__(self) -> None:
        self.saved: dict[str, SavedAnswer] = {}
        self.turn = 0

    def starts(self) -> Sheet:
        self.turn += 1
        number = max((each.number for each in self.saved.values()), default=0)
        return Sheet(
            1,
            SITTING,
            self.turn,
            "November",
            SittingKind.FORMAL,
            answered(self.saved),
            30,
            SERVER_MS,
            DEADLINE_MS,
            number,
        )

    def takes(self, answers: tuple[SavedAnswer, ...]) -> None:
        for each in answers:
            before = self.saved.get(each.question)
            if before is None or before.number < each.number:
                self.saved[each.question] = each


_question = st.sampled_from([each.question for each in QUESTIONS])
_answers = st.tuples(st.just("answer"), _question, st.sampled_from(["A", "B", "C", ""]))
_acts = st.one_of(
    _answers,
    _answers,
    st.sampled_from([("sent",), ("sent, unheard",), ("killed",), ("goes on",), ("asks in vain",)]),
)


class Desk:
    """A desk that is killed, and sends with or without hearing an answer."""

    def __init__(self, file: Path) -> None:
        self.file, self.server = file, Server()
        self.last: dict[str, tuple[str, ...]] = {}
        self.journal = ExamJournal(file)
        self.goes_on()

    def does(self, what: str, *which: str) -> None:
        {
            "answer": self.answers,
            "sent": self.sends,
            "sent, unheard": self.sends_unheard,
            "killed": self.killed,
            "goes on": self.goes_on,
            "asks in vain": self.asks_in_vain,
        }[what](*which)

    def answers(self, question: str, answer: str) -> None:
        self.last[question] = tuple(answer)
        self.journal.answer(SITTING, question, tuple(answer))

    def sends(self) -> None:
        batch = self.journal.unsaved(SITTING)
        self.server.takes(batch)
        self.journal.saved(SITTING, batch, DEADLINE_MS)

    def sends_unheard(self) -> None:
        self.server.takes(self.journal.unsaved(SITTING))

    def killed(self) -> None:
        self.journal.close()
        self.journal = ExamJournal(self.file)

    def asks_in_vain(self) -> None:
        self.journal.asking(ISSUE)
        self.server.starts()

    def goes_on(self) -> None:
        self.journal.asking(ISSUE)
        self.journal.begin(ISSUE, self.server.starts(), SERVER_MS)


@given(st.lists(_acts, max_size=25))
def test_whatever_happens_to_the_desk_the_service_gets_the_last_answer_to_each_question(
    acts: list[tuple[str, ...]],
) -> None:
    with tempfile.TemporaryDirectory(
        dir="/dev/shm" if Path("/dev/shm").is_dir() else None
    ) as folder:
        desk = Desk(Path(folder) / "exams.db")
        try:
            for act in acts:
                desk.does(*act)
            shown = {each.question: each.answer for each in desk.journal.sheet(SITTING).questions}
            assert {name: shown[name] for name in desk.last} == desk.last
            desk.goes_on()
            desk.sends()
            assert {name: each.answer for name, each in desk.server.saved.items()} == desk.last
            assert desk.journal.unsaved_count(SITTING) == 0
        finally:
            desk.journal.close()


def begun(folder: Path) -> tuple[ExamJournal, Server]:
    journal, server = ExamJournal(folder / "exams.db"), Server()
    journal.begin(ISSUE, server.starts(), SERVER_MS)
    return journal, server


@pytest.mark.parametrize("answer", [("B",), ()])
def test_what_another_desk_answered_or_took_back_stands(
    tmp_path: Path, answer: tuple[str, ...]
) -> None:
    journal, server = begun(tmp_path)
    journal.answer(SITTING, "q1", ("A",))
    journal.answer(SITTING, "q3", ("T",))
    server.starts()
    server.takes((SavedAnswer("q1", answer, 1),))
    journal.asking(ISSUE)
    journal.begin(ISSUE, server.starts(), SERVER_MS)
    assert journal.unsaved(SITTING) == (SavedAnswer("q3", ("T",), 3),)
    journal.answer(SITTING, "q1", ("A",))
    assert journal.unsaved(SITTING)[-1] == SavedAnswer("q1", ("A",), 4)
    journal.close()


def test_nothing_is_sent_of_what_goes_on_elsewhere_or_is_over(tmp_path: Path) -> None:
    journal, _ = begun(tmp_path)
    journal.answer(SITTING, "q1", ("A",))
    assert [each.sitting for each in journal.waiting()] == [SITTING]
    journal.goes_on_elsewhere(SITTING)
    assert journal.waiting() == ()
    journal.forget(SITTING)
    assert journal.of(SITTING) is None
    assert journal.unsaved(SITTING) == ()
    journal.close()


def test_what_is_long_over_is_forgotten(tmp_path: Path) -> None:
    journal, server = begun(tmp_path)
    later = msgspec.structs.replace(server.starts(), sitting="s2")
    journal.begin("i2", later, DEADLINE_MS + KEEP_MS + 1)
    assert journal.of(SITTING) is None
    journal.close()


def test_a_seat_without_exams_has_no_file(tmp_path: Path) -> None:
    journal = ExamJournal(tmp_path / "exams.db")
    assert journal.waiting() == ()
    journal.close()
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_put_aside_and_the_exam_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "exams.db"
    file.write_bytes(b"no database at all" * 500)
    journal, _ = begun(tmp_path)
    journal.answer(SITTING, "q1", ("A",))
    assert len(journal.unsaved(SITTING)) == 1
    assert (tmp_path / "exams.damaged").exists()
    journal.close()


def test_a_disk_that_refuses_has_a_code(tmp_path: Path) -> None:
    journal = ExamJournal(tmp_path / "missing" / "exams.db")
    with pytest.raises(Refused) as refused:
        journal.asking(ISSUE)
    assert refused.value.code == Code.DISK_FAILED
