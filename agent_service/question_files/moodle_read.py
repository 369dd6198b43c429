"""Questions out of Moodle XML."""

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from agent_service.question_files import moodle_terms, xml_tree
from agent_service.question_files.moodle_terms import Weighed
from agent_service.question_files.moodle_write import DIFFICULTY
from agent_service.question_files.option_names import RIGHT, WRONG
from agent_service.question_files.plain_text import plain
from agent_service.question_files.points import read_half_points
from agent_service.question_files.reading import Found, Reading
from agent_service.question_files.xml_tree import Node, Unreadable
from protocol.facts.document import Difficulty, Question
from protocol.facts.exam import QuestionType
from protocol.wire.errors import Code, Refused

_ROOT = "quiz"
_AS_WRITTEN = frozenset({"plain_text", "markdown"})
_TOLD_AFTERWARDS = (
    "generalfeedback",
    "correctfeedback",
    "partiallycorrectfeedback",
    "incorrectfeedback",
    "feedback",
    "graderinfo",
    "hint",
)
_YES = frozenset({"1", "true"})
_NO = frozenset({"0", "false"})
_STATEMENTS = (("true", RIGHT), ("false", WRONG))
_SHOWN = 32


def read(content: bytes) -> Reading:
    """The questions of a file."""
    reader = _Moodle()
    try:
        root = xml_tree.parse(content)
        if root.tag != _ROOT:
            raise Unreadable(root.line, f"<{root.tag}> ≠ <{_ROOT}>")
    except Unreadable as error:
        reader.found.fault(error.line, error.refused)
    else:
        for node in root.all("question"):
            reader.read(node)
    return reader.found.reading()


class _Moodle:
    """Reads elements, one after the other."""

    def __init__(self) -> None:
        self.found = Found()
        self._category = ""

    def read(self, node: Node) -> None:
        kind = node.attributes.get("type", "")
        if kind == "category":
            self._category = moodle_terms.read_category(_inner(node, "category"))
        elif kind == "description":
            self.found.note(node.line, Code.DESCRIPTION_PASSED)
        else:
            self._question(node, kind)

    def _question(self, node: Node, kind: str) -> None:
        try:
            if kind not in _READERS:
                raise Refused(Code.UNSUPPORTED_QUESTION, type=kind[:_SHOWN])
            question = _READERS[kind](_rich(node, "questiontext"), node)
            points = _inner(node, "defaultgrade")
            question = replace(
                question,
                category=self._category,
                difficulty=_difficulty(node),
                half_points=read_half_points(points) if points else question.half_points,
            )
        except Refused as refused:
            self.found.fault(node.line, refused)
            return
        self.found.question(node.line, question)
        if any(_has_feedback(part) for part in (node, *node.all("answer"))):
            self.found.note(node.line, Code.FEEDBACK_DROPPED)
        if _inner(node, "usecase") in _YES:
            self.found.note(node.line, Code.CASE_IGNORED)


def _choice(text: str, node: Node) -> Question:
    answers = [
        Weighed(_plain(answer), _percent(answer)) for answer in node.all("answer") if _words(answer)
    ]
    return moodle_terms.choice(text, answers, several=_inner(node, "single").lower() in _NO)


def _statement(text: str, node: Node) -> Question:
    said = {_words(answer).lower(): _percent(answer) for answer in node.all("answer")}
    right = [name for word, name in _STATEMENTS if said.get(word, 0) > 0]
    return Question(text, QuestionType.TRUE_FALSE, key=tuple(right))


def _fill_in(text: str, node: Node) -> Question:
    answers = [Weighed(_words(answer), _percent(answer)) for answer in node.all("answer")]
    return moodle_terms.fill_in(text, answers)


def _essay(text: str, node: Node) -> Question:
    return Question(text, QuestionType.ESSAY)


_READERS: Mapping[str, Callable[[str, Node], Question]] = {
    "multichoice": _choice,
    "truefalse": _statement,
    "shortanswer": _fill_in,
    "essay": _essay,
}


def _percent(answer: Node) -> float:
    try:
        return float(answer.attributes.get("fraction", ""))
    except ValueError as error:
        raise Refused(Code.ANSWER_WEIGHTS) from error


def _difficulty(node: Node) -> Difficulty:
    """By a tag; without one it is the usual one."""
    tags = {_words(tag) for tags in node.all("tags") for tag in tags.all("tag")}
    return next((each for each in Difficulty if f"{DIFFICULTY}{each}" in tags), Difficulty.GENERAL)


def _has_feedback(node: Node) -> bool:
    return any(_inner(node, tag) for tag in _TOLD_AFTERWARDS)


def _inner(node: Node, tag: str) -> str:
    """What stands in its elements of a name."""
    return "".join(_words(each) for each in node.all(tag))


def _rich(node: Node, tag: str) -> str:
    return "\n".join(_plain(each) for each in node.all(tag))


def _plain(node: Node) -> str:
    """The text in it in plain words, whatever its format."""
    words = _words(node)
    format_ = node.attributes.get("format", "html")
    if format_ in _AS_WRITTEN:
        return words
    if format_ == "moodle_auto_format":
        words = words.replace("\n", "<br>")
    return plain(words)


def _words(node: Node) -> str:
    """Its `text` element, or what stands in it by itself."""
    texts = list(node.all("text"))
    return "".join(each.text() for each in texts).strip() if texts else node.text().strip()
