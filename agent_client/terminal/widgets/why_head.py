"""The top of a day's explanation: the figure with and without exceptions, plan and day."""

from textual.content import Content

from agent_client.terminal.plan_strip import strips
from agent_client.terminal.plan_words import figure
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line, flow
from protocol.wire.adherence import AdherenceDay

_GAP = 3
_TALL = 30
_LOW_LINES = 3
"""Planned, actual and the hours: the legend needs more room."""


class WhyHead(Line):
    """Stays in sight while the lines below it scroll."""

    def __init__(self) -> None:
        super().__init__(id="why-head")
        self.page: AdherenceDay | None = None
        self.refusal: str | None = None
        """Why there is no page, in words."""

    def paint(self, view: View) -> Content:
        """Figures and strips; without a page, why there is none."""
        if self.page is None:
            return Content(self.refusal or view.words.text("why.asking"))
        width = self.size.width - 2
        lines = [*_figures(view, self.page, width), *self._strips(view, self.page, width)]
        if self.refusal is not None:
            lines.append(Content.styled(f"! {self.refusal}", "bold $warning"))
        return Content("\n").join(lines)

    def _strips(self, view: View, page: AdherenceDay, width: int) -> list[Content]:
        plan = page.plans[-1].segments if page.plans else ()
        lines = strips(view.words, plan, page.counted, view.now, page.zone, width)
        return lines if self.screen.size.height >= _TALL else lines[:_LOW_LINES]


def _figures(view: View, page: AdherenceDay, width: int) -> list[Content]:
    """Raw and counted side by side, so that nothing is explained away unseen."""
    words = view.words
    if not page.figure.scheduled_s:
        return [Content(words.text("why.no_figure"))]
    counted = Content.assemble(f"{words.text('why.counted')} ", (figure(page.figure), "bold"))
    if page.figure.provisional:
        mark = words.text("plan.provisional_mark")
        counted = Content.assemble(counted, (f" ~ {mark}", "bold $warning"))
    raw = Content.assemble(f"{words.text('why.raw')} ", (figure(page.raw), "bold"))
    items = [counted, raw]
    if page.offline:
        items.append(Content.styled(f"! {words.text('why.offline')}", "bold $warning"))
    return flow(items, width, _GAP)
