"""How the desk stands: the link, the phone, and what is not yet delivered."""

from textual.content import Content

from agent_client.terminal.view import View
from agent_client.terminal.widgets.banner import link_is_down
from agent_client.terminal.widgets.line import Line, flow
from protocol.facts.agent import State
from protocol.wire.desk import ExchangeState, PhoneState, Status
from protocol.wire.sync import Link

_GOOD = ("●", "$success")
_BAD = ("!", "bold $error")
_NONE = ("·", "$quiet")
_GAP = 3


class StatusLine(Line):
    """Faults in words, each with a mark that reads without colour."""

    def paint(self, view: View) -> Content:
        """Link, phone, exchange, unsent facts; what the banner says is not said twice."""
        status = view.status
        if status is None or view.seat_gone:
            return Content.assemble(_BAD, " ", view.words.text("nothing_known"))
        parts = []
        told_above = link_is_down(status)
        if not told_above:
            parts.append(
                _marked(_link_mark(status), view.words.link(status.link, status.link_fault))
            )
        if status.state is not State.LOGGED_OFF:  # a phone is up only while somebody is signed in
            parts.append(_marked(_phone_mark(status), view.words.phone(status)))
        if exchange := view.words.exchange(status):
            parts.append(_marked(_exchange_mark(status), exchange))
        if not (told_above and status.unsent):
            parts.append(_unsent(view, status))
        return Content("\n").join(flow(parts, self.size.width, _GAP))


def _marked(mark: tuple[str, str], text: str) -> Content:
    return Content.assemble(mark, f" {text}")


def _link_mark(status: Status) -> tuple[str, str]:
    return _GOOD if status.link is Link.ONLINE else _BAD


def _phone_mark(status: Status) -> tuple[str, str]:
    if status.phone is PhoneState.NONE:
        return _NONE
    ready = status.phone is PhoneState.REGISTERED and status.microphone
    return _GOOD if ready else _BAD


def _exchange_mark(status: Status) -> tuple[str, str]:
    agreed = status.exchange in (ExchangeState.READY, ExchangeState.PAUSED)
    return _GOOD if agreed else _BAD


def _unsent(view: View, status: Status) -> Content:
    if not status.unsent:
        return _marked(_GOOD, view.words.text("unsent.none"))
    return _marked(_NONE, view.words.text("unsent.some", count=status.unsent))
