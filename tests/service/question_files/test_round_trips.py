"""What is written is read again as the same questions, in each format for what it can hold."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace

from agent_service import sheets
from agent_service.commands.documents_words import question_labels, question_words
from agent_service.documents.essential import essential
from agent_service.question_files import (
    aiken,
    gift_read,
    gift_write,
    moodle_read,
    moodle_write,
    sheet,
)
from agent_service.question_files.reading import Reading
from protocol.facts.document import AnyBody, Difficulty, Question
from protocol.facts.exam import QuestionType
from protocol.i18n import LANGUAGES, load
from tests.service.question_files.asked import WORDS, banks

ONE_POINT = 2
IN_FILES = settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])


def kept(reading: Reading) -> list[AnyBody]:
    """What the bank would keep of it."""
    assert reading.faults == reading.notes == []
    return [essential(each.question) for each in reading.questions]


def plainer(question: Question) -> Question:
    """As formats hold it that know no more than the question itself."""
    return replace(question, difficulty=Difficulty.GENERAL, half_points=ONE_POINT, remark="")


@given(banks(gift_write.holds))
def test_gift_says_the_same(bank: list[Question]) -> None:
    assert kept(gift_read.read(gift_write.write(bank))) == [plainer(each) for each in bank]


@given(banks(aiken.holds, (QuestionType.SINGLE,), WORDS))
def test_aiken_says_the_same_but_for_the_category(bank: list[Question]) -> None:
    same = [replace(plainer(each), category="") for each in bank]
    assert kept(aiken.read(aiken.write(bank))) == same


@given(banks(bool))
def test_moodle_xml_says_the_same_but_for_the_remark(bank: list[Question]) -> None:
    same = [replace(each, remark="") for each in bank]
    assert kept(moodle_read.read(moodle_write.write(bank).encode())) == same


@IN_FILES
@given(banks(bool))
def test_a_table_says_the_same_in_either_language(tmp_path: Path, bank: list[Question]) -> None:
    for language in LANGUAGES:
        file = tmp_path / "questions.xlsx"
        sheets.write(file, sheet.write(bank, question_labels(load(language))), file.suffix)
        reading = sheet.read(sheets.read(file), question_words())
        assert reading.faults == []
        assert [essential(each.question) for each in reading.questions] == bank
