"""Fields of one line with what belongs in them beside it, and what is wrong below them."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content

from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from agent_client.terminal.widgets.line import ALERT, Line
from agent_client.terminal.wording import Wording

Said = Callable[[Wording], str]
"""Something to be said in the reader's language."""


class Label(Line):
    """The name of a field."""

    def __init__(self, key: str) -> None:
        super().__init__(classes="label")
        self._key = key

    def paint(self, view: View) -> Content:
        """In the reader's language."""
        return Content(view.words.text(self._key))


def no_day(name: str) -> Said:
    """The field for the `first` or `last` day holds none."""
    return lambda words: words.text("roster.no_day", field=words.text(f"roster_rotation.{name}"))


class LabelledField(Horizontal):
    """A field after its name. `key` names the text of the name; `hint`, where it is given, that of
    what stands in the field while it is empty."""

    def __init__(self, key: str, *, id: str, value: str = "", hint: str = "", most: int) -> None:
        super().__init__(classes="labelled")
        self._key, self._hint = key, hint
        self._field = Field(value, id=id, compact=True, max_length=most)

    def compose(self) -> ComposeResult:
        """Name and field."""
        yield Label(self._key)
        yield self._field

    def show_hint(self, view: View) -> None:
        """In the reader's language."""
        if self._hint:
            self._field.placeholder = view.words.text(self._hint)


class DialogFault(Line):
    """What is wrong, there only while something is."""

    def __init__(self) -> None:
        super().__init__(classes="dialog-fault")
        self._words_of: Said | None = None

    def say(self, said: Said | None, view: View | None) -> None:
        """What is wrong, in whichever language is read; null where nothing is."""
        self._words_of = said
        if view is not None:
            self.show(view)

    def show(self, view: View) -> None:
        """Take room only with something to say."""
        self.display = self._words_of is not None
        super().show(view)

    def paint(self, view: View) -> Content:
        """The words."""
        return Content(f"{ALERT}{self._words_of(view.words)}" if self._words_of else "")
