"""Questions as Moodle XML. Texts are plain; the difficulty is a tag; remarks have no place."""

from collections.abc import Iterable, Iterator
from html import escape

from agent_service.question_files import moodle_terms
from agent_service.question_files.option_names import RIGHT, is_named
from agent_service.question_files.points import written_points
from protocol.facts.document import Question
from protocol.facts.exam import QuestionType

DIFFICULTY = "difficulty:"
TYPES = {
    QuestionType.SINGLE: "multichoice",
    QuestionType.MULTI: "multichoice",
    QuestionType.TRUE_FALSE: "truefalse",
    QuestionType.FILL_IN: "shortanswer",
    QuestionType.ESSAY: "essay",
}
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n'
_Answer = tuple[float, str]
"""Percent, and a text."""


def write(questions: Iterable[Question]) -> str:
    """The text of a file."""
    return f"{_HEAD}{''.join(_elements(questions))}</quiz>\n"


def _elements(questions: Iterable[Question]) -> Iterator[str]:
    category = ""
    for each in questions:
        if each.category != category:
            category = each.category
            path = _text(moodle_terms.written_category(category))
            yield f'<question type="category"><category>{path}</category></question>\n'
        yield _question(each)


def _question(question: Question) -> str:
    lines = [
        f'<question type="{TYPES[question.type]}">',
        f"<name>{_text(moodle_terms.title(question))}</name>",
        f'<questiontext format="plain_text">{_text(question.text)}</questiontext>',
        f"<defaultgrade>{written_points(question.half_points)}</defaultgrade>",
        *_how(question),
        *(_answer(question, *each) for each in _answers(question)),
        f"<tags><tag>{_text(f'{DIFFICULTY}{question.difficulty}')}</tag></tags>",
        "</question>\n",
    ]
    return "\n".join(lines)


def _how(question: Question) -> Iterator[str]:
    match question.type:
        case QuestionType.SINGLE:
            yield "<single>true</single>"
        case QuestionType.MULTI:
            yield "<single>false</single>"
        case QuestionType.FILL_IN:
            yield "<usecase>0</usecase>"


def _answers(question: Question) -> Iterator[_Answer]:
    match question.type:
        case QuestionType.TRUE_FALSE:
            is_true = question.key[0] == RIGHT
            yield moodle_terms.WHOLE * is_true, "true"
            yield moodle_terms.WHOLE * (not is_true), "false"
        case QuestionType.FILL_IN:
            for key in question.key:
                yield moodle_terms.WHOLE, moodle_terms.as_answer(key)
        case QuestionType.SINGLE | QuestionType.MULTI:
            several = question.type is QuestionType.MULTI
            right, wrong = moodle_terms.parts(question) if several else (moodle_terms.WHOLE, 0.0)
            for place, option in enumerate(question.options):
                yield right if is_named(question.key, place) else wrong, option


def _answer(question: Question, percent: float, text: str) -> str:
    is_choice = question.type in (QuestionType.SINGLE, QuestionType.MULTI)
    format_ = "plain_text" if is_choice else "moodle_auto_format"
    share = moodle_terms.percent(percent)
    return f'<answer fraction="{share}" format="{format_}">{_text(text)}</answer>'


def _text(text: str) -> str:
    return f"<text>{escape(text, quote=False)}</text>"
