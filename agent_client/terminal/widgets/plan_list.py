"""A list of lines that keeps its highlight in sight, whatever size it is given."""

from textual.widgets import OptionList


class PlanList(OptionList):
    """Compact, and no text in it is markup."""

    def __init__(self, *, id: str) -> None:
        super().__init__(markup=False, compact=True, id=id)

    def on_resize(self) -> None:
        """What was in sight may lie beyond the edge by now."""
        self.keep_in_sight()

    def keep_in_sight(self) -> None:
        """As soon as it is known how many lines there are, and how many fit."""
        self.call_after_refresh(self.scroll_to_highlight)
