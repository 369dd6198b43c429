"""Questions as GIFT. Difficulty, points and remarks have no place there."""

from collections.abc import Iterable, Iterator

from agent_service.question_files import moodle_terms
from agent_service.question_files.gift_marks import escaped
from agent_service.question_files.option_names import is_named
from protocol.facts.document import Question
from protocol.facts.exam import QuestionType

ARROW = "->"
"""What makes a pair of two texts, and can't be escaped."""
_PREFIXES = ("%", "[")
"""What an option must not begin with that says no weight and no format of its own."""


def holds(question: Question) -> bool:
    """Whether GIFT can say it."""
    fill_in = question.type is QuestionType.FILL_IN
    return not (fill_in and any(ARROW in each for each in question.key))


def write(questions: Iterable[Question]) -> str:
    """The text of a file."""
    return "\n\n".join(_blocks(questions)) + "\n"


def _blocks(questions: Iterable[Question]) -> Iterator[str]:
    category = ""
    for each in questions:
        if each.category != category:
            category = each.category
            yield f"$CATEGORY: {moodle_terms.written_category(category)}"
        title = escaped(moodle_terms.title(each))
        yield f"::{title}::[plain]{escaped(each.text)}{{{_answers(each)}}}"


def _answers(question: Question) -> str:
    match question.type:
        case QuestionType.ESSAY:
            return ""
        case QuestionType.TRUE_FALSE:
            return question.key[0]
        case QuestionType.FILL_IN:
            keys = (moodle_terms.as_answer(each) for each in question.key)
            return _lines(f"=%100%{escaped(each)}" for each in keys)
        case QuestionType.SINGLE:
            return _lines(_single(question))
        case QuestionType.MULTI:
            return _lines(_several(question))


def _single(question: Question) -> Iterator[str]:
    for place, option in enumerate(question.options):
        right = is_named(question.key, place)
        sign, weight = ("=", "%100%") if right else ("~", "%0%")
        yield f"{sign}{weight if option.startswith(_PREFIXES) else ''}{_option(option)}"


def _several(question: Question) -> Iterator[str]:
    right, wrong = moodle_terms.parts(question)
    for place, option in enumerate(question.options):
        percent = right if is_named(question.key, place) else wrong
        yield f"~%{moodle_terms.percent(percent)}%{_option(option)}"


def _option(option: str) -> str:
    format_ = "[plain]" if option.startswith(_PREFIXES) else ""
    return format_ + escaped(option)


def _lines(answers: Iterable[str]) -> str:
    return "".join(f"\n\t{answer}" for answer in answers) + "\n"
