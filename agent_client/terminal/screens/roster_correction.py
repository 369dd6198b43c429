"""Why a plan is to be another though its shift has begun: what another lead decides about."""

from collections.abc import Sequence

from textual.widget import Widget

from agent_client.terminal.plan_difference import edited
from agent_client.terminal.roster_week import Week
from agent_client.terminal.screens.form import Form
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from protocol.wire.exceptions import MAX_EVIDENCE_TEXT
from protocol.wire.orders import MAX_TEXT
from protocol.wire.relayed import RelayedRequest
from protocol.wire.roster import DraftDay, ProposePlanCorrection
from protocol.wire.texts import TextFault, bad_text


class RosterCorrection(Form):
    """Says before and after of every day; Enter proposes it."""

    NAMED = "roster_correction.title"
    AUTO_FOCUS = "#text"
    HINTS = (
        ("⏎", "roster_correction.do"),
        ("↑↓", "dialog.scroll"),
        ("Esc", "dialog.close"),
    )

    def __init__(self, week: Week, days: tuple[DraftDay, ...]) -> None:
        super().__init__()
        self._week, self._days = week, days

    def fields(self) -> Sequence[Widget]:
        """What shows it, if anything does, and the reason, from which it is sent."""
        return (
            Field(id="evidence", compact=True, max_length=MAX_EVIDENCE_TEXT),
            Field(id="text", compact=True, max_length=MAX_TEXT),
        )

    def says(self, view: View) -> str:
        """What comes of it, and each day before and after."""
        words = view.words
        days = (edited(words, self._week, each) for each in self._days)
        return "\n".join((words.text("roster_correction.follows"), *days))

    def message(self) -> RelayedRequest:
        """Without a reason nobody can decide it."""
        text = self.value("text")
        if not text:
            raise bad_text(TextFault.EMPTY, MAX_TEXT)
        evidence = " ".join(self.value("evidence").split())
        shown_by = (evidence,) if evidence else ()
        return ProposePlanCorrection(0, "", self._days, text, shown_by)
