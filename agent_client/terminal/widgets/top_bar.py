"""The line above everything on every screen: who sits here, or the call that rings."""

from textual.content import Content

from agent_client.terminal.cells import cut, shown
from agent_client.terminal.keys import Mode, behind, key_name
from agent_client.terminal.look import SYMBOLS, colour
from agent_client.terminal.view import View
from agent_client.terminal.widgets.call_panel import line_label
from agent_client.terminal.widgets.line import Line, between
from agent_client.terminal.wording import clock_time, duration
from protocol.facts.agent import State
from protocol.wire.desk import Status
from protocol.wire.desk_call import Call, CallState

_PEER_CELLS = 24


class TopBar(Line):
    """Never takes the focus. A ringing call fills it and names its keys."""

    def show(self, view: View) -> None:
        """Paint, and take the colour of what it says."""
        self.set_class(_ringing(view) is not None, "-ringing")
        self.set_class(view.seat_gone and view.status is not None, "-gone")
        super().show(view)

    def paint(self, view: View) -> Content:
        """The ringing call, else the seat that is gone, else the person."""
        width = self.size.width
        call = _ringing(view)
        if call is not None:
            return _ring_line(view, call, width)
        if view.status is None:
            return Content.styled(view.words.text("product"), "bold")
        if view.seat_gone:
            return Content(f"! {view.words.text('seat_gone')}").truncate(width, ellipsis=True)
        return _person_line(view, view.status, width)


def _ringing(view: View) -> Call | None:
    if view.status is None or view.seat_gone:
        return None
    call = view.status.call
    return call if call is not None and call.state is CallState.RINGING else None


def _ring_line(view: View, call: Call, width: int) -> Content:
    rings = Content.assemble(
        f"{SYMBOLS[State.RINGING]} ", (view.words.state(State.RINGING), "bold")
    )
    time = f"  {duration(view.elapsed(call.since))}"
    if view.mode is Mode.LOCKED:
        return Content.assemble(rings, time)
    left = Content.assemble(rings, time, "  ", _who_rings(view, call))
    return between(left, _ring_keys(view), width)


def _who_rings(view: View, call: Call) -> Content:
    """The number first, since the rest may be cut."""
    assert view.status is not None
    name = cut(shown(call.peer_name), _PEER_CELLS)
    line = line_label(view.status, call.line, view.words.language)
    past = call.past or ()
    waits = any(each.promised is not None for each in past)
    before = view.words.text("ring.before", count=len(past)) if past else ""
    promised = f"! {view.words.text('ring.promised')}" if waits else before
    others = "".join(f"  {part}" for part in (name, promised, line) if part)
    return Content.assemble((cut(shown(call.peer), _PEER_CELLS), "bold"), others)


def _ring_keys(view: View) -> Content:
    named = [
        f"{key_name(key)} {view.words.text(f'action.{action.name}')}"
        for key in ("f2", "f4")
        if (action := behind(key, view.offered)) is not None
    ]
    return Content.styled("  ".join(named), "bold")


def _person_line(view: View, status: Status, width: int) -> Content:
    left = Content.assemble(
        (view.words.text("product"), "bold"),
        "  ",
        shown(status.agent),
        f"  {shown(status.name)}" if status.name else "",
    )
    right = Content.assemble(
        (f"{SYMBOLS[status.state]} {view.words.present(status)}", colour(status.state)),
        f"   {clock_time(view.now, status.zone)}",
    )
    return between(left, right, width)
