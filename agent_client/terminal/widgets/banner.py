"""What lasts and has to be known: no service, a sign-in nobody confirmed, facts nobody takes."""

from textual.content import Content

from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import ALERT, Line
from protocol.facts.agent import State
from protocol.wire.desk import Status
from protocol.wire.sync import Link


class Banner(Line):
    """There only while there is something to know. Says what is kept, and what goes on."""

    def show(self, view: View) -> None:
        """Take room only with something to say."""
        self.display = bool(_lines(view))
        super().show(view)

    def paint(self, view: View) -> Content:
        """A line each."""
        return Content("\n").join(Content(f"{ALERT}{line}") for line in _lines(view))


def link_is_down(status: Status) -> bool:
    """Whether the service can't be reached, for a known reason, while somebody is signed in."""
    signed_in = status.state is not State.LOGGED_OFF
    return signed_in and status.link is not Link.ONLINE and status.link_fault is not None


def _lines(view: View) -> list[str]:
    status = view.status
    if status is None or view.seat_gone:
        return []
    lines = []
    if link_is_down(status):
        fault = view.words.link(status.link, status.link_fault)
        waiting = view.words.text("banner.unsent", count=status.unsent) if status.unsent else ""
        goes_on = view.words.text("banner.goes_on")
        lines.append(" · ".join(part for part in (fault, waiting, goes_on) if part))
    if status.provisional:
        lines.append(view.words.text("banner.provisional"))
    if status.held_back:
        lines.append(view.words.text("banner.held_back", count=status.held_back))
    lines += [view.words.error(notice.code, notice.params) for notice in status.notices]
    return lines
