"""The call in progress, or what to do without one."""

from textual.content import Content

from agent_client.terminal.cells import cut, shown
from agent_client.terminal.look import SYMBOLS, colour
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.wording import duration
from protocol.facts.agent import Reason, State
from protocol.wire.desk import Call, CallState, PhoneState, Status

_STATES = {
    CallState.RINGING: State.RINGING,
    CallState.DIALING: State.DIALING,
    CallState.TALK: State.TALK,
    CallState.HOLD: State.HOLD,
}
_TAKEN_OUT: dict[Reason | None, str] = {
    Reason.NO_ANSWER: "missed",
    Reason.AWAY: "missed",
    Reason.SYSTEM_FAULT: "fault",
}
"""Why the system made somebody not ready, and the words for it."""


class CallPanel(Line):
    """Who is on the line, how long, held or muted."""

    def show(self, view: View) -> None:
        """The heading is in the reader's language too."""
        self.border_title = view.words.text("call.heading")
        super().show(view)

    def paint(self, view: View) -> Content:
        """The call, or the empty state."""
        if view.status is None:
            return Content("")
        if view.status.call is None:
            return Content.styled(view.words.text(f"empty.{_empty(view.status)}"), "$quiet")
        return _call(view, view.status.call, max(8, self.size.width))


def _call(view: View, call: Call, width: int) -> Content:
    state = _STATES[call.state]
    lines = [
        Content.styled(view.words.text(f"call.{call.direction}"), "$quiet"),
        Content.styled(cut(shown(call.peer), width), "bold"),
        Content(cut(shown(call.peer_name), width)),
        Content.assemble(
            (f"{SYMBOLS[state]} {view.words.state(state)}", colour(state)),
            f"  {duration(view.elapsed(call.since))}",
        ),
    ]
    if call.muted:
        lines.append(Content.styled(f"! {view.words.text('call.muted')}", "bold $warning"))
    return Content("\n").join(line for line in lines if line.plain)


def _empty(status: Status) -> str:
    """Which words say what to do next."""
    if status.state is State.ACW:
        return "acw"
    if status.state is State.READY:
        return "ready"
    if status.phone is PhoneState.NONE:
        return "no_phone"
    if status.phone is not PhoneState.REGISTERED:
        return "phone_down"
    if not status.microphone:
        return "no_microphone"
    return _TAKEN_OUT.get(status.reason, "not_ready")
