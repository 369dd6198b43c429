"""Earlier calls with the number that rings or is on the line: when, who, what came of them."""

from collections.abc import Sequence

from textual.content import Content

from agent_client.terminal.cells import cut, shown
from agent_client.terminal.codes import named
from agent_client.terminal.site_time import moment
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.wording import duration
from protocol.facts.call import Direction
from protocol.rules.lines import line_named
from protocol.wire.calls import PastCall

ARROWS = {Direction.INBOUND: "←", Direction.OUTBOUND: "→"}
"""Who called: towards the desk, or away from it."""


class PastPanel(Line):
    """There while there is a call, so that nobody asks a customer what they told before."""

    def show(self, view: View) -> None:
        """Appear and go with the call."""
        call = view.status.call if view.status is not None else None
        self.display = call is not None
        count = len(call.past) if call is not None and call.past is not None else 0
        self.entitle(view.words.text("past.heading", count=count))
        super().show(view)

    def paint(self, view: View) -> Content:
        """Two lines a call, as many as there is room for."""
        call = view.status.call if view.status is not None else None
        if call is None:
            return Content("")
        if not call.past:
            key = "past.asking" if call.past is None else "past.none"
            return Content.styled(view.words.text(key), "$quiet")
        return Content("\n").join(_past(view, call.past, max(8, self.size.width)))


def _past(view: View, calls: Sequence[PastCall], width: int) -> list[Content]:
    """Promises that are still open stand first: somebody waits."""
    in_order = sorted(calls, key=lambda each: each.promised is None)
    lines: list[Content] = []
    for each in in_order:
        lines += [line.truncate(width, ellipsis=True) for line in _told(view, each)]
    return lines


def _told(view: View, past: PastCall) -> list[Content]:
    assert view.status is not None
    zone = view.status.zone
    who = cut(shown(past.agent_name or past.agent), 14)
    length = duration(past.talk_s) if past.answered else view.words.text("past.missed")
    arrow = ARROWS[
        Direction.OUTBOUND if past.direction == Direction.OUTBOUND else Direction.INBOUND
    ]
    lines = [
        Content.assemble(
            (moment(view.words, past.at, view.now, zone), "bold"), f" {arrow} {who}  {length}"
        )
    ]
    if about := _about(view, past):
        lines.append(Content(f"  {about}"))
    if past.promised is not None:
        at = moment(view.words, past.promised, view.now, zone)
        promise = view.words.text("past.promised", at=at)
        lines.append(Content.styled(f"  ! {promise}", "bold $warning"))
    return lines


def _about(view: View, past: PastCall) -> str:
    """Category, outcome and note, as far as they are there."""
    assert view.status is not None
    line, language = line_named(view.status.lines, past.line), view.words.language
    categories, outcomes = (line.categories, line.outcomes) if line is not None else ((), ())
    parts = (
        named(categories, past.category, language),
        named(outcomes, past.outcome, language),
        shown(past.note),
    )
    return " · ".join(part for part in parts if part)
