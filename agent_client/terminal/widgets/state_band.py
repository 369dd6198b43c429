"""The agent's own state, with its running clock in the largest type on the screen."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Digits

from agent_client.terminal.cells import cut, shown
from agent_client.terminal.clock import whole_seconds
from agent_client.terminal.keys import Mode, behind, key_name
from agent_client.terminal.look import SYMBOLS, colour, css_name
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line, progress
from agent_client.terminal.wording import clock_time, duration
from protocol.facts.agent import State
from protocol.wire.desk import Status

_BAR_CELLS = 20


class StateBand(Horizontal):
    """State on the left, its clock on the right, all in the state's colour."""

    def __init__(self) -> None:
        super().__init__()
        self._state: State | None = None

    def compose(self) -> ComposeResult:
        """The words and the clock."""
        yield StateWords(id="state-words")
        yield Digits(id="state-clock")

    def show(self, view: View) -> None:
        """Take the state's colour; move the clock on."""
        if view.status is None:
            return
        if view.status.state is not self._state:
            self._state = view.status.state
            self.set_classes(f"-{css_name(self._state)}")
        reading = duration(view.elapsed(view.status.since))
        for clock in self.query(Digits):
            if clock.value != reading:
                clock.update(reading)


class StateWords(Line):
    """What the state is, since when, and what ends or follows it."""

    def paint(self, view: View) -> Content:
        """Three lines."""
        if view.status is None:
            return Content("")
        return Content("\n").join(
            [_name(view, view.status), _since(view, view.status), _then(view, view.status)]
        )


def _name(view: View, status: Status) -> Content:
    word = f" {SYMBOLS[status.state]} {view.words.present(status).upper()} "
    reason = f"  {view.words.reason(status.reason)}" if status.reason is not None else ""
    ringing = status.state is State.RINGING
    style = "$alarm on $on-alarm" if ringing else f"{colour(status.state)} reverse"
    return Content.assemble((word, f"bold {style}"), (reason, "bold"))


def _since(view: View, status: Status) -> Content:
    if _rings_for_all_to_see(view, status) and status.call is not None:
        name = cut(shown(status.call.peer_name), 24)
        return Content(f"{cut(shown(status.call.peer), 24)}  {name}".rstrip())
    if status.since is None:
        return Content(f"{view.words.text('since_unknown')}")
    return Content(f"{view.words.text('since', time=clock_time(status.since, status.zone))}")


def _rings_for_all_to_see(view: View, status: Status) -> bool:
    return status.state is State.RINGING and view.mode is not Mode.LOCKED


def _then(view: View, status: Status) -> Content:
    told = (_timer(view, status), _more_time(view, status), _next(view, status))
    parts = [part for part in told if part.plain]
    return Content("   ").join(parts)


def _timer(view: View, status: Status) -> Content:
    """What is left of the time after which the state ends by itself."""
    left = whole_seconds(view.now, status.until)
    whole = whole_seconds(status.since, status.until)
    if left is None or not whole:
        return Content("")
    if not left:
        return Content.styled(f"! {view.words.text('time_is_up')}", "bold $error")
    heavy, light = progress(left / whole, _BAR_CELLS)
    return Content(f"{heavy}{light} {view.words.text('left', time=duration(left))}")


def _more_time(view: View, status: Status) -> Content:
    """How often after-call work can still be given more time."""
    action = behind("ctrl+g", view.offered)
    if action is None or status.last_call is None:
        return Content("")
    left = view.words.text("more_time_left", count=status.last_call.extensions_left)
    return Content.assemble((key_name("ctrl+g"), "bold $key"), f" {left}")


def _next(view: View, status: Status) -> Content:
    if status.next_state is None:
        return Content("")
    chosen = view.words.text("next", state=view.words.next_state(status.next_state))
    action = behind("x", view.offered)
    if action is None or view.typing:
        return Content.styled(chosen, "bold")
    label = view.words.text(f"action.{action.name}")
    return Content.assemble((chosen, "bold"), f"  ({key_name('x')} {label})")
