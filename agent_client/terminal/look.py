"""What a state looks like: a symbol, a fill and a colour each, so that none is told by colour
alone. The symbols come in families: circles rest, triangles begin, diamonds talk."""

from protocol.facts.agent import State

SYMBOLS: dict[State, str] = {
    State.LOGGED_OFF: "·",
    State.NOT_READY: "○",
    State.READY: "●",
    State.RINGING: "▲",
    State.DIALING: "△",
    State.TALK: "◆",
    State.HOLD: "◇",
    State.CONSULT: "◈",
    State.ACW: "■",
    State.OFFLINE: "?",
}

FILLS: dict[State, str] = {
    State.NOT_READY: "░",
    State.READY: "█",
    State.RINGING: "▲",
    State.DIALING: "△",
    State.TALK: "▓",
    State.HOLD: "▒",
    State.CONSULT: "▞",
    State.ACW: "▤",
}
"""The pattern of a state in a strip of time. States without one are not part of a day."""

UNKNOWN_FILL = "?"


def css_name(state: State) -> str:
    """The state in style sheets: `not-ready` in `$state-not-ready` and `.-not-ready`."""
    return state.value.lower().replace("_", "-")


def colour(state: State) -> str:
    """The state's colour, as a style of Textual's content."""
    return f"$state-{css_name(state)}"
