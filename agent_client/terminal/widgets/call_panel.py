"""The call in progress, what is recorded of the last one, or what to do without one."""

from textual.content import Content

from agent_client.terminal.cells import cut, shown
from agent_client.terminal.codes import label, named
from agent_client.terminal.look import SYMBOLS, colour
from agent_client.terminal.site_time import moment
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import ALERT, Line
from agent_client.terminal.wording import duration
from protocol.facts.agent import Reason, State
from protocol.rules.lines import line_named
from protocol.wire.desk import PhoneState, Status
from protocol.wire.desk_call import Call, CallState, Consultation, LastCall

_TAKEN_OUT: dict[Reason | None, str] = {
    Reason.NO_ANSWER: "missed",
    Reason.AWAY: "away",
    Reason.SYSTEM_FAULT: "fault",
    Reason.FORCED: "forced",
}
"""Why somebody was made not ready by others, and the words for it."""


class CallPanel(Line):
    """Who is on the line, how long, held or muted, and who is consulted."""

    def show(self, view: View) -> None:
        """The heading is in the reader's language too."""
        self.entitle(view.words.text("call.heading"))
        super().show(view)

    def paint(self, view: View) -> Content:
        """The call, the last call, or the empty state."""
        status, width = view.status, max(8, self.size.width)
        if status is None:
            return Content("")
        if status.call is not None:
            return Content("\n").join(_call(view, status, status.call, width))
        advice = Content.styled(view.words.text(f"empty.{_empty(status)}"), "$quiet")
        if status.state is State.ACW and status.last_call is not None:
            return Content("\n").join([*_last(view, status, status.last_call, width), advice])
        return advice


def line_label(status: Status, name: str, language: str) -> str:
    """The line of business as people call it; empty where a call has none."""
    line = line_named(status.lines, name)
    return label(line, language) if line is not None else shown(name)


def _call(view: View, status: Status, call: Call, width: int) -> list[Content]:
    line = line_label(status, call.line, view.words.language)
    heading = view.words.text(f"call.{call.direction}")
    lines = [
        Content.styled(cut(f"{heading} · {line}" if line else heading, width), "$quiet"),
        Content.styled(cut(shown(call.peer), width), "bold"),
        Content(cut(shown(call.peer_name), width)),
        _state(view, call),
    ]
    if call.connected is not None:
        whole = duration(view.elapsed(call.connected))
        lines.append(Content.styled(view.words.text("call.whole", time=whole), "$quiet"))
    if call.auto_answer and call.state is CallState.RINGING:
        lines.append(Content(view.words.text("call.auto_answer")))
    if call.consultation is not None:
        lines += _consultation(view, call.consultation, width)
    if call.muted:
        lines.append(Content.styled(f"{ALERT}{view.words.text('call.muted')}", "bold $warning"))
    return [line for line in lines if line.plain]


def _state(view: View, call: Call) -> Content:
    state = State[call.state.name]
    present = view.status if view.status is not None and view.status.state is state else None
    name = view.words.present(present) if present is not None else view.words.state(state)
    return Content.assemble(
        (f"{SYMBOLS[state]} {name}", colour(state)),
        f"  {duration(view.elapsed(call.since))}",
    )


def _consultation(view: View, second: Consultation, width: int) -> list[Content]:
    """Who hears whom is what must not be mistaken."""
    stage = "joined" if second.joined else "answered" if second.answered else "rings"
    return [
        Content.styled(cut(f"+ {shown(second.peer)}", width), "bold"),
        Content(view.words.text(f"consultation.{stage}")),
    ]


def _last(view: View, status: Status, last: LastCall, width: int) -> list[Content]:
    """The call that is being wrapped up, and what is recorded of it."""
    language, content = view.words.language, last.wrapped_up
    line = line_named(status.lines, last.line)
    categories, outcomes = (line.categories, line.outcomes) if line is not None else ((), ())
    parts = (
        named(categories, content.category, language),
        named(outcomes, content.outcome, language),
    )
    texts = [
        " · ".join(part for part in parts if part),
        shown(content.note),
    ]
    if content.call_back_at is not None:
        at = moment(view.words, content.call_back_at, view.now, status.zone)
        texts.append(view.words.text("call.promised", at=at))
    lines = [Content.styled(cut(shown(last.peer), width), "bold")]
    return lines + [Content(cut(text, width)) for text in texts if text] + [Content("")]


def _empty(status: Status) -> str:
    """Which words say what to do next."""
    if status.state is State.ACW:
        return "acw_wrap_up" if status.last_call is not None else "acw"
    if status.state is State.READY:
        return "ready"
    if status.phone is PhoneState.NONE:
        return "no_phone"
    if status.phone is not PhoneState.REGISTERED:
        return "phone_down"
    if not status.microphone:
        return "no_microphone"
    return _TAKEN_OUT.get(status.reason, "not_ready")
