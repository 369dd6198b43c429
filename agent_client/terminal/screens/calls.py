"""The calls of this seat: who waits for a call, and the day's, with what is recorded of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from agent_client.terminal.call_rows import made, missed_by_cause, of_today, owed, settled, taken
from agent_client.terminal.screens.call_lines import details, row_line
from agent_client.terminal.screens.page import Sheet, SheetTitle
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line
from protocol.wire.desk_call import CallRow

_SCROLLBAR = 4


class CallsSheet(Sheet[None]):
    """Enter shows and edits what is recorded, `c` calls back, `s` settles without a call."""

    CSS_PATH = "calls.tcss"
    AUTO_FOCUS = "OptionList"
    HINTS = (
        ("⏎", "calls.open"),
        ("c", "calls.call_back"),
        ("s", "calls.settle"),
        ("Esc", "dialog.close"),
    )
    BINDINGS = [("c", "call_back"), ("s", "settle")]  # noqa: RUF012 - Textual's own form

    @dataclass
    class Opened(Message):
        """Show and edit what is recorded of a call."""

        row: CallRow

    @dataclass
    class CallBack(Message):
        """Call the customer."""

        row: CallRow

    @dataclass
    class Settle(Message):
        """No call is needed any more."""

        row: CallRow

    def __init__(self) -> None:
        super().__init__()
        self._calls: tuple[CallRow, ...] | None = None
        self._rows: list[CallRow] = []
        self._view: View | None = None
        self._listed: object = None

    def compose_parts(self) -> ComposeResult:
        """Counts, the list, and the highlighted call in full."""
        yield SheetTitle("action.calls")
        yield OptionList(markup=False, compact=True, id="calls-list")
        yield _Empty()
        yield _Details()

    def take(self, calls: tuple[CallRow, ...]) -> None:
        """What the seat told."""
        self._calls = calls
        self._rows = [*owed(calls), *settled(calls)]
        for empty in self.query(_Empty):
            empty.asked = False
        if self._view is not None:
            self.show(self._view)

    def show(self, view: View) -> None:
        """The list is made again where its words may have changed; the highlight stays on its
        call."""
        self._view = view
        width = self.size.width - _SCROLLBAR
        minute = view.now.replace(second=0, microsecond=0) if view.now is not None else None
        listed = (self._calls, view.words.language, width, minute)
        if listed != self._listed and width > 0:
            self._listed = listed
            self._list(view, width)
        for title in self.query(SheetTitle):
            title.rest = _summary(view, self._calls or ())
        self._show_details()
        super().show(view)

    def on_resize(self) -> None:
        """The columns depend on the width."""
        if self._view is not None:
            self.show(self._view)

    @on(OptionList.OptionHighlighted)
    def highlighted(self) -> None:
        """Below stands the call that the cursor is on."""
        if self._view is not None:
            self._show_details()
            super().show(self._view)

    @on(OptionList.OptionSelected)
    def selected(self, event: OptionList.OptionSelected) -> None:
        """By Enter or a click."""
        event.stop()
        if (row := self._row()) is not None:
            self.post_message(self.Opened(row))

    def action_call_back(self) -> None:
        """Call whoever the cursor is on."""
        if (row := self._row()) is not None:
            self.post_message(self.CallBack(row))

    def action_settle(self) -> None:
        """Say why no call is needed."""
        if (row := self._row()) is not None:
            self.post_message(self.Settle(row))

    def _row(self) -> CallRow | None:
        for options in self.query("#calls-list").results(OptionList):
            place = options.highlighted
            if place is not None:
                chosen = options.get_option_at_index(place).id
                return next((row for row in self._rows if row.id == chosen), None)
        return None

    def _list(self, view: View, width: int) -> None:
        for options in self.query("#calls-list").results(OptionList):
            before = self._row()
            options.display = bool(self._rows)
            options.set_options(_options(view, self._rows, width))
            places = [option.id for option in options.options]
            kept = before.id if before is not None and before.id in places else None
            first = next((row.id for row in self._rows), None)
            options.highlighted = places.index(kept or first) if self._rows else None
        for empty in self.query(_Empty):
            empty.display = not self._rows

    def _show_details(self) -> None:
        for pane in self.query(_Details):
            pane.row = self._row()
            pane.display = pane.row is not None


def _options(view: View, rows: Sequence[CallRow], width: int) -> list[Option]:
    """Who waits for a call and the day's others, each under a heading that counts them."""
    waiting = [row for row in rows if row.owed]
    others = [row for row in rows if not row.owed]
    options: list[Option] = []
    day = "calls.others" if waiting else "calls.day"
    for key, group in (("calls.owed", waiting), (day, others)):
        if group:
            heading = Content.styled(view.words.text(key, count=len(group)), "bold $quiet")
            options.append(Option(heading, disabled=True))
            options += [Option(row_line(view, row, width), id=row.id) for row in group]
    return options


def _summary(view: View, calls: Sequence[CallRow]) -> Content:
    """What became of the day's calls: answered, missed and why, made."""
    words, zone = view.words, view.status.zone if view.status is not None else "UTC"
    today = of_today(calls, view.now, zone)
    parts = [words.text("calls.answered", count=taken(today))]
    for cause, count in missed_by_cause(today).items():
        parts.append(words.text("calls.missed", cause=words.miss(cause), count=count))
    if count := made(today):
        parts.append(words.text("calls.made", count=count))
    return Content(" · ".join(parts))


class _Empty(Line):
    def __init__(self) -> None:
        super().__init__(id="calls-empty")
        self.asked = True

    def paint(self, view: View) -> Content:
        return Content(view.words.text("calls.asking" if self.asked else "calls.none"))


class _Details(Line):
    def __init__(self) -> None:
        super().__init__(id="call-details")
        self.row: CallRow | None = None

    def paint(self, view: View) -> Content:
        if self.row is None:
            return Content("")
        return details(view, self.row)
