"""The README's pictures, made from the running program: `make pictures`.

Runs the demonstration in tmux, presses keys as a person would, and turns what the terminal shows
into PNG. Needs tmux, rsvg-convert and a font with Chinese; nothing else of the project does.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.cells import cell_len
from rich.color import ColorTriplet
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import MONOKAI
from rich.text import Text

PROJECT = Path(__file__).resolve().parents[1]
PICTURES = PROJECT / "docs" / "pictures"
WIDTH, HEIGHT = 100, 24
CELL_W, CELL_H = 9.0, 19.0
LIMIT_S = 60.0
FONT = "DejaVu Sans Mono, Noto Sans Mono CJK SC, Noto Sans CJK SC, monospace"


class Terminal:
    """One tmux session of a server of our own."""

    def __init__(self, server: str, name: str, language: str, *flags: str) -> None:
        self._tmux = ("tmux", "-L", server)
        self._name = name
        words = (f"SEATLINE_LANG={language}", sys.executable, "-m", "agent_client.demo", *flags)
        self._do(
            *("new-session", "-d", "-s", name, "-x", str(WIDTH), "-y", str(HEIGHT)),
            *("-c", str(PROJECT), " ".join(("env", *words))),
        )

    def press(self, *keys: str) -> None:
        """Press keys, by tmux's names."""
        self._do("send-keys", "-t", self._name, *keys)

    def shows(self, text: str) -> bool:
        """Whether the screen holds a text."""
        return text in self._do("capture-pane", "-p", "-t", self._name)

    def wait(self, text: str) -> None:
        """Wait for a text to show."""
        wait(lambda: self.shows(text), text)

    def picture(self, file: str) -> None:
        """Save what it shows."""
        screen = Text.from_ansi(self._do("capture-pane", "-e", "-N", "-p", "-t", self._name))
        svg = drawn(screen)
        PICTURES.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ("rsvg-convert", "--zoom", "1.5", "--output", PICTURES / file),
            input=svg.encode(),
            check=True,
        )

    def _do(self, *arguments: str) -> str:
        done = subprocess.run((*self._tmux, *arguments), check=True, capture_output=True, text=True)
        return done.stdout


def wait(what: Callable[[], bool], name: str) -> None:
    """Wait for a condition. Raises `TimeoutError`."""
    until = time.monotonic() + LIMIT_S
    while not what():
        if time.monotonic() > until:
            raise TimeoutError(name)
        time.sleep(0.2)


def drawn(screen: Text) -> str:
    """A screen as SVG, each run of text at its own cells."""
    console = Console(width=WIDTH, color_system="truecolor", legacy_windows=False, file=None)
    lines = console.render_lines(screen, console.options.update(width=WIDTH), pad=True)
    body = "".join(_line(row, line) for row, line in enumerate(lines[:HEIGHT]))
    width, height = WIDTH * CELL_W + 16, HEIGHT * CELL_H + 16
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' font-family="{FONT}" font-size="15" xml:space="preserve">'
        f'<rect width="100%" height="100%" rx="8" fill="#10141c"/>'
        f'<g transform="translate(8 8)">{body}</g></svg>'
    )


def _line(row: int, segments: list[Segment]) -> str:
    parts, column = [], 0
    for text, style, _ in segments:
        for character in text:
            parts.append(_cell(row, column, character, style or Style()))
            column += cell_len(character)
    return "".join(parts)


def _cell(row: int, column: int, character: str, style: Style) -> str:
    x, y, width = column * CELL_W, row * CELL_H, cell_len(character) * CELL_W
    front, back = _hex(style, "color", "#d8dee9"), _hex(style, "bgcolor", "")
    if style.reverse:
        front, back = back or "#10141c", front
    fill = f'<rect x="{x}" y="{y}" width="{width + 0.3}" height="{CELL_H + 0.3}" fill="{back}"/>'
    shown = character.replace("&", "&amp;").replace("<", "&lt;")
    weight = ' font-weight="bold"' if style.bold else ""
    text = f'<text x="{x}" y="{y + 14}" fill="{front}"{weight}>{shown}</text>'
    return (fill if back else "") + (text if character.strip() else "")


def _hex(style: Style, side: str, default: str) -> str:
    color = style.color if side == "color" else style.bgcolor
    if color is None or color.is_default:
        return default
    triplet: ColorTriplet = color.get_truecolor(MONOKAI)
    return triplet.hex


def main() -> None:
    """Play the scenes and save their pictures."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(SEATLINE_DEMO=folder, COLORTERM="truecolor", TZ="UTC")
        server = f"pictures-{os.getpid()}"
        try:
            _play(server)
        finally:
            subprocess.run(("tmux", "-L", server, "kill-server"), check=False)


def _play(server: str) -> None:
    agent = Terminal(server, "agent", "en")
    subprocess.run(
        ("tmux", "-L", server, "set", "-g", "default-terminal", "tmux-256color"), check=True
    )
    agent.wait("F5 Ready")
    agent.press("F5")
    agent.wait("RINGING")
    agent.picture("desk-ringing.png")
    agent.press("F2")
    agent.wait("TALK")
    time.sleep(6)
    agent.picture("desk-talk.png")
    lead = Terminal(server, "lead", "zh_CN", "--supervise")
    lead.wait("1001")
    time.sleep(8)
    lead.picture("floor-zh.png")
    lead.press("q")
    agent.press("C-q")
    time.sleep(1)


if __name__ == "__main__":
    main()
