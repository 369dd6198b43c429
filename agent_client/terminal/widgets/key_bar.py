"""The keys that do something now, at the foot of every screen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.style import Style

from agent_client.terminal.keys import key_name, key_of
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line, flow

_LINES = 2
_GAP = 2
_ACTION = "action"
_ALWAYS = ("commands", "help")
"""What leads to everything that has no room in two lines."""


class KeyBar(Line):
    """As many keys as two lines hold; the palette has them all."""

    @dataclass
    class Chosen(Message):
        """An action was clicked."""

        name: str

    def __init__(self, hints: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__()
        self._hints = hints
        """Keys of the screen itself, each with the text that names what it does."""
        self._shown: tuple[object, ...] = ()

    def hint(self, hints: Sequence[tuple[str, str]]) -> None:
        """Which of the screen's own keys do something now; seen when it is shown next."""
        self._hints = hints

    def show(self, view: View) -> None:
        """Dividing lines is dear, and a floor is painted every second: only for other keys."""
        shown = (self._hints, view.offered, view.typing, view.words.language)
        if shown != self._shown:
            self._shown = shown
            super().show(view)

    def paint(self, view: View) -> Content:
        """The screen's own keys first, then those of the table."""
        hints = [_item(key, view.words.text(text), "") for key, text in self._hints]
        items = [*hints, *_offered(view)]
        always = [item for name in _ALWAYS for item in _named(view, name)]
        lines = flow([*items, *always], self.size.width, _GAP)
        while len(lines) > _LINES and len(items) > len(hints):
            items.pop()
            lines = flow([*items, *always], self.size.width, _GAP)
        return Content("\n").join(lines[:_LINES])

    def on_click(self, event: events.Click) -> None:
        """A key can be clicked, too."""
        action = event.style.meta.get(_ACTION)
        if action:
            self.post_message(self.Chosen(action))


def _offered(view: View) -> Iterator[Content]:
    return (
        item
        for action in view.offered
        if action.name not in _ALWAYS
        for item in _named(view, action.name)
    )


def _named(view: View, name: str) -> Iterator[Content]:
    """The action of a name, where it is possible by a key that works here."""
    for action in view.offered:
        key = key_of(action, view.typing) if action.name == name else None
        if key is not None:
            label = view.words.text(f"action.{action.name}")
            yield _item(key_name(key), label, action.name)


def _item(key: str, label: str, action: str) -> Content:
    item = Content.assemble((key, "bold $key"), f" {label}")
    return item.stylize(Style.from_meta({_ACTION: action}))
