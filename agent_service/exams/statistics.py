"""How the questions of a paper were answered (domain §1.1 and §6). Pure."""

import msgspec

from protocol.rules.rounding import percent


class AnswerRow(msgspec.Struct, frozen=True):
    """Of one question. Who left it out is in no number."""

    question: str
    answered: int
    wrong: int
    wrong_pct: float | None
    right: int
    right_pct: float | None


def answer_row(question: str, right: int, wrong: int) -> AnswerRow:
    """Both shares are null where nobody answered, else they are a hundred together: the share of
    the wrong ones is rounded, the other one is the rest."""
    answered = right + wrong
    wrong_pct = percent(wrong, answered)
    right_pct = None if wrong_pct is None else (10_000 - round(wrong_pct * 100)) / 100
    return AnswerRow(question, answered, wrong, wrong_pct, right, right_pct)
