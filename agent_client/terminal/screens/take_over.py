"""Signed in at another desk: whether to take over, asked once."""

from collections.abc import Sequence

from agent_client.terminal.cells import shown
from agent_client.terminal.screens.either import Either
from agent_client.terminal.wording import Wording


class TakeOver(Either):
    """Answers with whether to. Without an answer nothing is done at the other desk."""

    CHOICES = ("take_over.stay_away", "take_over.take_over")
    HINTS = (("↑↓ ⏎", "break.choose_listed"), ("Esc", "take_over.stay_away"))

    def __init__(self, desk: str) -> None:
        super().__init__()
        self._desk = desk

    def says(self, words: Wording) -> Sequence[str]:
        """What happens there."""
        question = words.text("take_over.question", desk=shown(self._desk))
        return question, words.text("take_over.there"), words.text("take_over.kept")
