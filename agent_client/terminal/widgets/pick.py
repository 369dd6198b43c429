"""A field that holds one of a few values: ← and →, and ↑ and ↓, go through them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.message import Message

from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.wording import Wording

Say = Callable[[Wording, str], str]


class Pick(Line, can_focus=True):
    """Enter goes on to the next field. What it holds is told as soon as it changes."""

    BINDINGS = [  # noqa: RUF012 - Textual's own form
        ("left", "step(-1)"),
        ("right", "step(1)"),
        ("up", "step(-1)"),
        ("down", "step(1)"),
        ("space", "step(1)"),
        ("enter", "next"),
    ]

    @dataclass
    class Changed(Message):
        """Another value is chosen."""

        pick: "Pick"

    def __init__(self, values: Sequence[str], say: Say, *, id: str, value: str = "") -> None:
        super().__init__(id=id, classes="pick")
        self._values = tuple(values)
        self._say = say
        self.value = value if value in self._values else self._values[0]

    def action_step(self, steps: int) -> None:
        """The next or the previous one, in a circle."""
        place = self._values.index(self.value) + steps
        self.choose(self._values[place % len(self._values)])
        self.post_message(self.Changed(self))

    def offer(self, values: Sequence[str], value: str) -> None:
        """Other values, and one of them."""
        self._values = tuple(values)
        self.choose(value)

    def choose(self, value: str) -> None:
        """One of the values, without a word to anybody."""
        self.value = value
        if self._view is not None:
            self.show(self._view)

    def action_next(self) -> None:
        """On to the next field."""
        self.screen.focus_next()

    def paint(self, view: View) -> Content:
        """The value between two arrows."""
        text = self._say(view.words, self.value)
        return Content.assemble(("‹ ", "$key"), text, (" ›", "$key"))
