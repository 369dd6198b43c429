"""Themes: dark, light, and one in the terminal's own sixteen colours."""

from collections.abc import Mapping

from textual.theme import BUILTIN_THEMES, Theme

_DARK = Theme(
    name="seatline-dark",
    primary="#6cb2eb",
    secondary="#8a9bb0",
    accent="#6cb2eb",
    foreground="#d7dee8",
    background="#11161d",
    surface="#18202a",
    panel="#202a36",
    success="#5fcf8d",
    warning="#f0b64a",
    error="#ff6b6b",
    dark=True,
    variables={
        "quiet": "#8494a7",
        "line": "#2c3948",
        "border": "#6cb2eb",
        "border-blurred": "#47586b",
        "key": "#8cc8ff",
        "alarm": "#ffb02e",
        "on-alarm": "#1b1204",
        "block-cursor-background": "#2b5d8a",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "bold",
        "state-logged-off": "#8494a7",
        "state-not-ready": "#e0b15a",
        "state-ready": "#5fcf8d",
        "state-ringing": "#ffb02e",
        "state-dialing": "#59c2d6",
        "state-talk": "#6cb2eb",
        "state-hold": "#d99be0",
        "state-consult": "#8fa8ff",
        "state-acw": "#b69cf2",
        "state-offline": "#ff6b6b",
    },
)

_LIGHT = Theme(
    name="seatline-light",
    primary="#14609e",
    secondary="#56677a",
    accent="#14609e",
    foreground="#1b2530",
    background="#f5f7f9",
    surface="#e9eef3",
    panel="#dde5ed",
    success="#117a43",
    warning="#8f5b00",
    error="#b3261e",
    dark=False,
    variables={
        "quiet": "#566577",
        "line": "#c3ced9",
        "border": "#14609e",
        "border-blurred": "#8fa0b2",
        "key": "#0b5796",
        "alarm": "#a34700",
        "on-alarm": "#ffffff",
        "block-cursor-background": "#14609e",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "bold",
        "state-logged-off": "#566577",
        "state-not-ready": "#845400",
        "state-ready": "#117a43",
        "state-ringing": "#a34700",
        "state-dialing": "#0b6a78",
        "state-talk": "#14609e",
        "state-hold": "#8d2f9a",
        "state-consult": "#3c4fc0",
        "state-acw": "#6342b8",
        "state-offline": "#b3261e",
    },
)

_SIXTEEN = Theme(
    name="seatline-16",
    primary="ansi_blue",
    secondary="ansi_cyan",
    accent="ansi_cyan",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    success="ansi_green",
    warning="ansi_yellow",
    error="ansi_red",
    ansi=True,
    variables=BUILTIN_THEMES["ansi-dark"].variables
    | {
        "quiet": "ansi_default",
        "line": "ansi_default",
        "key": "ansi_cyan",
        "alarm": "ansi_yellow",
        "on-alarm": "ansi_black",
        "border": "ansi_cyan",
        "border-blurred": "ansi_default",
        "block-cursor-background": "ansi_cyan",
        "block-cursor-foreground": "ansi_black",
        "input-cursor-background": "ansi_cyan",
        "input-cursor-foreground": "ansi_black",
        "input-selection-background": "ansi_cyan",
        "input-selection-foreground": "ansi_black",
        "state-logged-off": "ansi_default",
        "state-not-ready": "ansi_yellow",
        "state-ready": "ansi_green",
        "state-ringing": "ansi_yellow",
        "state-dialing": "ansi_cyan",
        "state-talk": "ansi_bright_blue",
        "state-hold": "ansi_magenta",
        "state-consult": "ansi_bright_blue",
        "state-acw": "ansi_magenta",
        "state-offline": "ansi_red",
    },
)

SIXTEEN = "16"
THEMES: dict[str, Theme] = {"dark": _DARK, "light": _LIGHT, SIXTEEN: _SIXTEEN}
"""By the names that settings use."""


def after(name: str) -> str:
    """The next theme in the circle."""
    names = list(THEMES)
    return names[(names.index(name) + 1) % len(names)]


def suited(environment: Mapping[str, str]) -> str:
    """The theme that a terminal can show, as far as it says what it can."""
    many_colours = "256color" in environment.get("TERM", "") or "COLORTERM" in environment
    if not many_colours:
        return SIXTEEN
    background = environment.get("COLORFGBG", "").rpartition(";")[2]
    return "light" if background in ("7", "15") else "dark"
