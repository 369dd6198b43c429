"""Whether an answer is one to its question: pure, the same at the desk and at the server."""

from collections.abc import Collection, Sequence

from protocol.facts.exam import QuestionType

TRUE, FALSE = "T", "F"


def fits(type: QuestionType, names: Collection[str], answer: Sequence[str], most: int) -> bool:
    """Options by their `names`, each once, and of a single choice one; `T` or `F`; or one text of
    at most `most` characters. Nothing is always an answer: it takes the one before back."""
    match type:
        case QuestionType.SINGLE:
            return len(answer) <= 1 and all(each in names for each in answer)
        case QuestionType.MULTI:
            return len(set(answer)) == len(answer) and all(each in names for each in answer)
        case QuestionType.TRUE_FALSE:
            return len(answer) <= 1 and all(each in (TRUE, FALSE) for each in answer)
        case _:
            return len(answer) <= 1 and all(len(each) <= most for each in answer)
