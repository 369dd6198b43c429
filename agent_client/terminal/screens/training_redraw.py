"""Before a task is drawn anew: for whom, and what becomes of it."""

from collections.abc import Sequence

from agent_client.terminal.cells import shown
from agent_client.terminal.screens.either import Either
from agent_client.terminal.wording import Wording


class RedrawDialog(Either):
    """Asked once."""

    CHOICES = ("training_redraw.leave", "training_redraw.do")

    def __init__(self, task: str) -> None:
        super().__init__()
        self._of_task = task

    def says(self, words: Wording) -> Sequence[str]:
        """The question, who is concerned, and who is not."""
        return (
            words.text("training_redraw.question", task=shown(self._of_task)),
            words.text("training_redraw.gets"),
            words.text("training_redraw.keeps"),
        )
