"""Questions of a paper, drawn by category, type and difficulty (domain §6). Pure.

The same bank, wishes and seed draw the same questions in the same order, so that anybody can
repeat a draw.
"""

from collections.abc import Iterable, Sequence

import msgspec

from agent_service.training.draw import NothingDrawn, draw
from protocol.facts.exam import PaperItem, QuestionType, Wanted


class BankQuestion(msgspec.Struct, frozen=True):
    """A question that may be asked, in its present version."""

    question: str
    version: int
    category: str
    type: QuestionType
    difficulty: str
    half_points: int


class TooFew(Exception):
    """`wanted` can't be met: only so many are `there`."""

    def __init__(self, wanted: Wanted, there: int) -> None:
        super().__init__(wanted, there)
        self.wanted = wanted
        self.there = there


def generated(
    bank: Iterable[BankQuestion], wanted: Sequence[Wanted], seed: str
) -> tuple[PaperItem, ...]:
    """The questions, wish by wish; none of them twice. A wish without a category or difficulty is
    content with any. Raises `TooFew`."""
    left = {each.question: each for each in bank}
    items: list[PaperItem] = []
    for wish in wanted:
        suiting = [name for name, each in left.items() if _suits(each, wish)]
        try:
            drawn = draw(suiting, wish.count, seed)
        except NothingDrawn:
            raise TooFew(wish, len(suiting)) from None
        chosen = [left.pop(str(name)) for name in drawn]
        items += [PaperItem(each.question, each.version, each.half_points) for each in chosen]
    return tuple(items)


def _suits(question: BankQuestion, wish: Wanted) -> bool:
    return (
        question.type is wish.type
        and wish.category in ("", question.category)
        and wish.difficulty in ("", question.difficulty)
    )
