"""The agent's desk: own state and clock, the call, today's figures, who is owed a call."""

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll

from agent_client.terminal.screens.page import Page
from agent_client.terminal.view import View
from agent_client.terminal.widgets.break_line import BreakLine
from agent_client.terminal.widgets.call_panel import CallPanel
from agent_client.terminal.widgets.day_panel import DayPanel
from agent_client.terminal.widgets.owed_panel import OwedPanel
from agent_client.terminal.widgets.past_panel import PastPanel
from agent_client.terminal.widgets.plan_panel import PlanPanel
from agent_client.terminal.widgets.state_band import StateBand
from agent_client.terminal.widgets.status_line import StatusLine


class DeskScreen(Page):
    """What an agent looks at for eight hours. Nothing on it takes the focus."""

    CSS_PATH = "desk.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-tall")]  # noqa: RUF012 - Textual's own form
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - as above

    def compose_parts(self) -> ComposeResult:
        """State on top, the plan, call and day side by side below."""
        yield StateBand()
        yield BreakLine()
        yield PlanPanel()
        with VerticalScroll(id="desk", can_focus=False):
            with Horizontal(id="desk-panels"):
                yield CallPanel(classes="panel")
                yield PastPanel(classes="panel")
                yield DayPanel(classes="panel")
            yield OwedPanel(classes="panel")
        yield StatusLine()

    _view: View | None = None

    def on_resize(self) -> None:
        """How much is told of the plan depends on the height."""
        if self._view is not None:
            self.show(self._view)

    def show(self, view: View) -> None:
        """Paint; what nobody confirms any more is dimmed."""
        self._view = view
        super().show(view)
        for band in self.query(StateBand):
            band.show(view)
        self.set_class(view.seat_gone, "-gone")
