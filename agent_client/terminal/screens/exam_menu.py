"""What there is to do for the exams of others."""

from textual.content import Content
from textual.widgets.option_list import Option

from agent_client.terminal.screens.training_menu import TrainingMenu
from agent_client.terminal.wording import Wording

SHEETS = ("questions", "papers", "issues", "statistics")


class ExamMenu(TrainingMenu):
    """Answers with the name of a sheet; a number key chooses at once."""

    TITLE_KEY = "examining.title"

    def __init__(self) -> None:
        super().__init__(SHEETS)

    def _options(self, words: Wording) -> list[Option]:
        return [
            Option(Content.assemble((str(place), "bold"), f"  {words.text(f'examining.{name}')}"))
            for place, name in enumerate(SHEETS, 1)
        ]
