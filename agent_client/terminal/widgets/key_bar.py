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

    def paint(self, view: View) -> Content:
        """The screen's own keys first, then those of the table."""
        hints = [_item(key, view.words.text(text), "") for key, text in self._hints]
        lines = flow([*hints, *_offered(view)], self.size.width, _GAP)
        return Content("\n").join(lines[:_LINES])

    def on_click(self, event: events.Click) -> None:
        """A key can be clicked, too."""
        action = event.style.meta.get(_ACTION)
        if action:
            self.post_message(self.Chosen(action))


def _offered(view: View) -> Iterator[Content]:
    for action in view.offered:
        key = key_of(action, view.typing)
        if key is not None:
            label = view.words.text(f"action.{action.name}")
            yield _item(key_name(key), label, action.name)


def _item(key: str, label: str, action: str) -> Content:
    item = Content.assemble((key, "bold $key"), f" {label}")
    return item.stylize(Style.from_meta({_ACTION: action}))
