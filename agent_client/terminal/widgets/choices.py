"""A list of choices in the reader's language."""

from collections.abc import Callable, Iterable

from textual.widgets import OptionList
from textual.widgets.option_list import Option

from agent_client.terminal.wording import Wording


class Choices(OptionList):
    """Made again only when the language changed, so that the highlight stays."""

    def __init__(
        self, make: Callable[[Wording], Iterable[Option]], begin: int = 0, id: str | None = None
    ) -> None:
        """`begin` is the place that is highlighted at first."""
        super().__init__(id=id, markup=False, compact=True)
        self._make = make
        self._begin = begin
        self._language = ""

    def offer(self, words: Wording) -> None:
        """Show them in these words."""
        if self._language == words.language:
            return
        self._language = words.language
        highlighted = self._begin if self.highlighted is None else self.highlighted
        self.set_options(self._make(words))
        self.highlighted = highlighted
