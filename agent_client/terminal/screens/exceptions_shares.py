"""How many exceptions each lead has decided, and how much time."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from agent_client.terminal.cells import fit, shown
from agent_client.terminal.plan_words import length, percentage
from agent_client.terminal.screens.exceptions import Filter
from agent_client.terminal.screens.page import Dialog
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.wording import Wording
from protocol.wire.exceptions import Share

_COLUMNS = {"lead": 18, "approved": 9, "rejected": 9, "time": 14, "share": 9}
"""How wide each is."""


class SharesTable(Dialog[None]):
    """To be read. The span is that of the queue."""

    CSS_PATH = ["dialog.tcss", "roster_dialogs.tcss"]  # noqa: RUF012 - Textual's own form
    HINTS = (("Esc", "dialog.close"),)

    def __init__(self, shares: Sequence[Share], wanted: Filter) -> None:
        super().__init__()
        self._shares = shares
        self._wanted = wanted

    def compose_parts(self) -> ComposeResult:
        """The table."""
        with Vertical(classes="dialog", id="shares"), VerticalScroll():
            yield _Table(self._shares, self._wanted)


class _Table(Line):
    def __init__(self, shares: Sequence[Share], wanted: Filter) -> None:
        super().__init__(id="shares-table")
        self._shares, self._wanted = shares, wanted

    def paint(self, view: View) -> Content:
        words = view.words
        span = f"{self._wanted.first_day} – {self._wanted.last_day}"
        title = Content.assemble((words.text("shares.title"), "bold"), f"  {span}")
        if not self._shares:
            return Content.assemble(title, "\n\n", words.text("shares.none"))
        heads = [words.text(f"shares.{name}") for name in _COLUMNS]
        lines = [Content.styled(_columns(heads), "bold $quiet")]
        total = sum(each.approved_s for each in self._shares)
        ordered = sorted(self._shares, key=lambda each: (-each.approved_s, each.lead))
        lines += [Content(_line(words, each, total)) for each in ordered]
        return Content("\n").join([title, Content(""), *lines])


def _line(words: Wording, each: Share, total: int) -> str:
    lead = f"{shown(each.lead)} {shown(each.name)}"
    time = length(words, each.approved_s)
    share = percentage(each.approved_s, total)
    return _columns((lead, str(each.approved), str(each.rejected), time, share))


def _columns(texts: Sequence[str]) -> str:
    parts = zip(texts, _COLUMNS.values(), strict=True)
    return " ".join(fit(text, width) for text, width in parts)
