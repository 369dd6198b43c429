"""Questions as the tests of files ask them: any that the bank would keep."""

from collections.abc import Callable, Sequence
from string import ascii_uppercase

from hypothesis import strategies as st

from agent_service.documents.essential import essential
from agent_service.documents.question_checks import check_question
from protocol.facts.document import Difficulty, Question
from protocol.facts.exam import QuestionType
from protocol.wire.errors import Refused

_Texts = st.SearchStrategy[str]
_MANY = 6
_SIGNS = st.sampled_from(
    [
        *(
            "\\",
            "~",
            "=",
            "#",
            "{",
            "}",
            ":",
            "::",
            "->",
            "%50%",
            "[html]",
            "//",
            "*",
            "\\*",
            "\\n",
        ),
        *("$CATEGORY: x", "A. ", "B) ", "ANSWER: A", "<b>", "&amp;", "]]>", "|", "\\|", "'", '"'),
        *("_x000D_", "_x005F_", "=1+1", "T", "FALSE", "题", " ", "\t", "%-1%", "top/", "$course$/"),
    ]
)
_LETTERS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp", "Zs")), max_size=6
)
WORDS = st.lists(_SIGNS | _LETTERS, min_size=1, max_size=5).map(lambda some: "".join(some).strip())
LINES = st.lists(WORDS, min_size=1, max_size=3).map(lambda some: "\n".join(some).strip())


def _may_be_asked(question: Question) -> bool:
    try:
        check_question(question)
    except Refused:
        return False
    return True


@st.composite
def questions(
    draw: st.DrawFn, types: Sequence[QuestionType] = tuple(QuestionType), texts: _Texts = LINES
) -> Question:
    """Any of these types that may be published, as it is kept."""
    type_ = draw(st.sampled_from(types))
    options: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    if type_ in (QuestionType.SINGLE, QuestionType.MULTI):
        options = tuple(draw(st.lists(texts, min_size=2, max_size=_MANY, unique=True)))
        most = 1 if type_ is QuestionType.SINGLE else len(options)
        names = st.sampled_from(ascii_uppercase[: len(options)])
        key = tuple(draw(st.lists(names, min_size=1, max_size=most, unique=True)))
    elif type_ is QuestionType.TRUE_FALSE:
        key = (draw(st.sampled_from("TF")),)
    elif type_ is QuestionType.FILL_IN:
        key = tuple(draw(st.lists(WORDS, min_size=1, max_size=4, unique=True)))
    question = essential(
        Question(
            draw(texts),
            type_,
            draw(st.just("") | WORDS),
            draw(st.sampled_from(Difficulty)),
            draw(st.integers(1, 2000)),
            options,
            key,
            draw(st.just("") | LINES),
        )
    )
    assert isinstance(question, Question)
    return question


def banks(
    held: Callable[[Question], bool],
    types: Sequence[QuestionType] = tuple(QuestionType),
    texts: _Texts = LINES,
) -> st.SearchStrategy[list[Question]]:
    """Some questions that a format holds."""
    kept = questions(types, texts).filter(_may_be_asked).filter(held)
    return st.lists(kept, max_size=3)
