"""What leads asked and wrote: all that is not read, and what was read since the terminal opened."""

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from agent_client.terminal.cells import shown, shown_lines
from agent_client.terminal.clock import at_site
from agent_client.terminal.screens.page import Sheet, SheetTitle
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.widgets.order_notice import MARK, told
from protocol.wire.orders import Order


class MessagesSheet(Sheet[None]):
    """Enter says that the highlighted one is read."""

    CSS_PATH = "messages.tcss"
    AUTO_FOCUS = "OptionList"
    HINTS = (("⏎", "action.read"), ("Esc", "dialog.close"))

    @dataclass
    class Read(Message):
        """The person has read it."""

        order: str

    def __init__(self) -> None:
        super().__init__()
        self._view: View | None = None
        self._listed: object = None

    def compose_parts(self) -> ComposeResult:
        """The list, and the highlighted one in full."""
        yield SheetTitle("action.messages")
        yield OptionList(markup=False, compact=True, id="messages")
        yield _Empty()
        yield _Text()

    def show(self, view: View) -> None:
        """The list follows what comes and what is read."""
        self._view = view
        unread = view.status.orders if view.status is not None else ()
        zone = view.status.zone if view.status is not None else "UTC"
        listed = (unread, view.read, view.words.language)
        for options in self.query(OptionList):
            if listed != self._listed:
                self._listed = listed
                highlighted = options.highlighted or 0
                options.set_options(
                    [_option(view, order, zone, MARK) for order in unread]
                    + [_option(view, order, zone, "✓") for order in view.read]
                )
                count = options.option_count
                options.highlighted = min(highlighted, count - 1) if count else None
            options.display = bool(options.option_count)
        for title in self.query(SheetTitle):
            title.rest = Content(view.words.text("messages.unread", count=len(unread)))
        for empty in self.query(_Empty):
            empty.display = not (unread or view.read)
        self._show_text()
        super().show(view)

    @on(OptionList.OptionHighlighted)
    def highlighted(self) -> None:
        """The full text is that of the cursor's line."""
        self._show_text()
        if self._view is not None:
            super().show(self._view)

    @on(OptionList.OptionSelected)
    def selected(self, event: OptionList.OptionSelected) -> None:
        """Reading is said once."""
        event.stop()
        order = self._highlighted()
        unread = self._view.status.orders if self._view and self._view.status else ()
        if order is not None and order in unread:
            self.post_message(self.Read(order.order))

    def _highlighted(self) -> Order | None:
        view = self._view
        if view is None or view.status is None:
            return None
        orders = (*view.status.orders, *view.read)
        for options in self.query(OptionList):
            if options.highlighted is not None and options.highlighted < len(orders):
                return orders[options.highlighted]
        return None

    def _show_text(self) -> None:
        for text in self.query(_Text):
            text.order = self._highlighted()
            text.display = text.order is not None


def _option(view: View, order: Order, zone: str, mark: str) -> Option:
    return Option(Content.assemble(f"{mark} ", told(view.words, order, zone)))


class _Empty(Line):
    def __init__(self) -> None:
        super().__init__(id="messages-empty")

    def paint(self, view: View) -> Content:
        return Content(view.words.text("messages.none"))


class _Text(Line):
    def __init__(self) -> None:
        super().__init__(id="message-text")
        self.order: Order | None = None

    def paint(self, view: View) -> Content:
        order = self.order
        if order is None:
            return Content("")
        zone = view.status.zone if view.status is not None else "UTC"
        who = f"{shown(order.actor_name)} ({shown(order.actor)})"
        heading = view.words.text(
            "messages.heading", who=who, time=f"{at_site(order.placed_ms, zone):%m-%d %H:%M}"
        )
        return Content.assemble((heading, "bold"), "\n", shown_lines(order.text))
