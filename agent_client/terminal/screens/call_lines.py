"""A call in one line of a list, and in full."""

from textual.content import Content

from agent_client.terminal.cells import fit, shown
from agent_client.terminal.codes import named
from agent_client.terminal.site_time import moment
from agent_client.terminal.view import View
from agent_client.terminal.widgets.call_panel import line_label
from agent_client.terminal.widgets.line import ALERT
from agent_client.terminal.widgets.past_panel import ARROWS
from agent_client.terminal.wording import duration
from protocol.rules.lines import line_named
from protocol.wire.desk_call import CallRow

_TIME, _PEER, _RESULT = 18, 24, 14


def row_line(view: View, row: CallRow, width: int) -> Content:
    """When (for whom somebody waits: until when), who, what became of it, what it was about."""
    style = "bold" if row.owed else ""
    when = Content.styled(f"{_mark(view, row)} {fit(_when(view, row), _TIME)}", style)
    who = fit(f"{shown(row.peer)} {shown(row.peer_name)}".strip(), _PEER)
    about = fit(_about(view, row), max(0, width - 2 - _TIME - 2 - _PEER - 1 - _RESULT - 1))
    result = fit(_result(view, row), _RESULT)
    return Content.assemble(when, f"{ARROWS[row.direction]} {who} {result} {about}")


def details(view: View, row: CallRow) -> Content:
    """All that is recorded of the call, and how it can be called back."""
    words, zone = view.words, view.status.zone if view.status is not None else "UTC"
    parts = [
        moment(words, row.at, view.now, zone),
        f"{ARROWS[row.direction]} {shown(row.peer)} {shown(row.peer_name)}".strip(),
        _result(view, row),
        words.ended(row.ended),
        line_label(view.status, row.line, words.language) if view.status is not None else "",
    ]
    lines = [Content(" · ".join(dict.fromkeys(part for part in parts if part)))]
    if row.due is not None:
        due = words.text("calls.promised", at=moment(words, row.due, view.now, zone))
        lines.append(Content.styled(due, "bold"))
    about, actions = _about(view, row), _actions(view, row)
    lines += [Content(text) for text in (about, actions, shown(row.wrapped_up.note)) if text]
    if row.owed and not row.can_call_back:
        lines.append(Content.styled(f"{ALERT}{words.text('calls.elsewhere')}", "$warning"))
    return Content("\n").join(lines)


def _when(view: View, row: CallRow) -> str:
    zone = view.status.zone if view.status is not None else "UTC"
    return moment(view.words, row.due or row.at, view.now, zone)


def _mark(view: View, row: CallRow) -> str:
    """What reads on every background: somebody waits, somebody will wait."""
    if not row.owed:
        return " "
    late = row.due is None or view.now is None or row.due <= view.now
    return "!" if late else "·"


def _result(view: View, row: CallRow) -> str:
    if row.missed:
        return view.words.miss(row.missed)
    if view.status is not None and view.status.call is not None and view.status.call.id == row.id:
        return view.words.text("calls.going_on")
    if row.answered:
        return duration(row.talk_s)
    return view.words.text("calls.unanswered")


def _about(view: View, row: CallRow) -> str:
    status, language = view.status, view.words.language
    line = line_named(status.lines, row.line) if status is not None else None
    categories, outcomes = (line.categories, line.outcomes) if line is not None else ((), ())
    parts = (
        named(categories, row.wrapped_up.category, language),
        named(outcomes, row.wrapped_up.outcome, language),
    )
    return " · ".join(part for part in parts if part)


def _actions(view: View, row: CallRow) -> str:
    status = view.status
    line = line_named(status.lines, row.line) if status is not None else None
    items = line.actions if line is not None else ()
    labels = [named(items, code, view.words.language) for code in row.wrapped_up.actions]
    return "  ".join(f"✓ {label}" for label in labels)
