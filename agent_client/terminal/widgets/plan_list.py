"""A list of lines that keeps its highlight in sight, whatever size it is given."""

from textual.widgets import OptionList

_ABOVE = 4
"""Lines above the one that a list begins on."""


class PlanList(OptionList):
    """Compact, and no text in it is markup."""

    def __init__(self, *, id: str) -> None:
        super().__init__(markup=False, compact=True, id=id)
        self._begun: int | None = None

    def on_resize(self) -> None:
        """What was in sight may lie beyond the edge by now."""
        self.keep_in_sight()

    def begin(self, place: int) -> None:
        """Highlight a line; until the highlight is moved, what follows it has most of the room."""
        self._begun = self.highlighted = place

    def keep_in_sight(self) -> None:
        """As soon as it is known how many lines there are, and how many fit."""
        self.call_after_refresh(self._show_highlighted)

    def _show_highlighted(self) -> None:
        if self.highlighted is not None and self.highlighted == self._begun:
            self.scroll_to(y=max(0, self.highlighted - _ABOVE), animate=False, immediate=True)
        self.scroll_to_highlight()
