"""What others left to do: handovers to the person and of the own team."""

from collections.abc import Iterable
from dataclasses import dataclass

from textual import on
from textual.message import Message
from textual.widgets import OptionList

from agent_client.terminal.handover_rows import Part, handover_rows, open_items, overdue_count
from agent_client.terminal.screens.listing import Listed, Listing
from agent_client.terminal.view import View
from protocol.wire.handover import Handovers


class HandoverSheet(Listing[Handovers, Part]):
    """The incoming confirms the whole, and whoever has done an item settles it."""

    NAMED = "action.shift_handover"
    NOTHING = "handover.none"
    HINTS = (
        ("n", "handover.write"),
        ("c", "handover.confirm"),
        ("s", "handover.settle"),
        ("o", "handover.also_done"),
        ("Esc", "dialog.close"),
    )
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        ("n", "write"),
        ("c", "confirm"),
        ("s", "settle"),
        ("space", "settle"),
        ("o", "done"),
    ]

    class WriteWanted(Message):
        """A handover is to be written."""

    class Reread(Message):
        """Others are to be listed."""

    @dataclass
    class ConfirmWanted(Message):
        """This one is to be confirmed."""

        part: Part | None

    @dataclass
    class SettleWanted(Message):
        """This item is done."""

        part: Part | None

    def __init__(self, me: str) -> None:
        super().__init__()
        self._me = me
        self.open_only = True
        """Without those that are done."""

    def rows(self, view: View, told: Handovers, width: int) -> Iterable[Listed[Part]]:
        """Handover by handover."""
        return handover_rows(view, told, self._me)

    def summary(self, view: View, told: Handovers) -> str:
        """How much is open, and how much of it too late."""
        words = view.words
        late = overdue_count(view, told.rows)
        count = sum(open_items(row) for row in told.rows)
        parts = [words.text("handover.open", count=count)]
        if late:
            parts.append(words.text("handover.late", count=late))
        if told.left_off:
            parts.append(words.text("listing.left_off", count=told.left_off))
        return " · ".join(parts)

    def action_write(self) -> None:
        """Write one."""
        self.post_message(self.WriteWanted())

    def action_done(self) -> None:
        """With those of the last days that are done, or without."""
        self.open_only = not self.open_only
        self.post_message(self.Reread())

    def action_confirm(self) -> None:
        """Take the highlighted one over."""
        self.post_message(self.ConfirmWanted(self.chosen()))

    def action_settle(self) -> None:
        """The highlighted item is done."""
        self.post_message(self.SettleWanted(self.chosen()))

    @on(OptionList.OptionSelected)
    def selected(self, event: OptionList.OptionSelected) -> None:
        """Enter on the head of a handover confirms it."""
        event.stop()
        part = self.chosen()
        if part is not None and part.item is None:
            self.action_confirm()
