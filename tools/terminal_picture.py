"""A program in a terminal of its own (tmux), and pictures of what it shows (SVG, rsvg-convert)."""

import itertools
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from rich.cells import cell_len
from rich.color import ColorTriplet
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import DEFAULT_TERMINAL_THEME, MONOKAI, TerminalTheme
from rich.text import Text

WIDTH, HEIGHT = 120, 36
LIMIT_S = 180.0
_ZOOM = "1"  # letters fall on whole pixels alike, which makes small files
_CELL_W, _CELL_H, _BASELINE = 9.0, 17.5, 14.0
"""Of a letter of 15 px, so high that lines drawn with characters meet."""
_EDGE = 10
_FONT = "DejaVu Sans Mono, Noto Sans Mono CJK SC, Noto Sans CJK SC, monospace"


class Colours(NamedTuple):
    """What a terminal shows where a program names no colour."""

    front: str
    back: str
    named: TerminalTheme


DARK = Colours("#d7dee8", "#11161d", MONOKAI)
LIGHT = Colours("#1b2530", "#f5f7f9", DEFAULT_TERMINAL_THEME)


class Terminal:
    """One window of a tmux server of our own."""

    def __init__(self, server: str, name: str, folder: Path, command: tuple[str, ...]) -> None:
        self._tmux = ("tmux", "-L", server, "-f", "/dev/null")
        self._name = name
        self._do(
            *("new-session", "-d", "-s", name, "-x", str(WIDTH), "-y", str(HEIGHT)),
            *("-c", str(folder), *command),
        )
        self._do("set", "-s", "escape-time", "0")
        self._do("set", "-g", "status", "off")

    def press(self, *keys: str) -> None:
        """Press keys, by tmux's names."""
        self._do("send-keys", "-t", self._name, *keys)

    def type(self, text: str) -> None:
        """Type a text as it is."""
        self._do("send-keys", "-l", "-t", self._name, text)

    def text(self) -> str:
        """What it shows, without colours and with plain spaces."""
        return self._do("capture-pane", "-p", "-t", self._name).replace("\N{NO-BREAK SPACE}", " ")

    def wait(self, *texts: str) -> str:
        """Wait until one of some texts shows; which. Raises `TimeoutError` with the screen."""
        found, screen = "", ""

        def shown() -> bool:
            nonlocal found, screen
            screen = self.text()
            found = next((text for text in texts if text in screen), "")
            return bool(found)

        try:
            wait(shown, " or ".join(texts))
        except TimeoutError as error:
            error.add_note(screen)
            raise
        return found

    def picture(self, file: Path, colours: Colours) -> None:
        """Save what it shows."""
        screen = Text.from_ansi(self._do("capture-pane", "-e", "-N", "-p", "-t", self._name))
        file.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ("rsvg-convert", "--zoom", _ZOOM, "--output", file),
            input=drawn(screen, colours).encode(),
            check=True,
        )

    def _do(self, *arguments: str) -> str:
        done = subprocess.run((*self._tmux, *arguments), check=True, capture_output=True, text=True)
        return done.stdout


def wait(what: Callable[[], bool], name: str, limit_s: float = LIMIT_S) -> None:
    """Wait for a condition. Raises `TimeoutError`."""
    until = time.monotonic() + limit_s
    while not what():
        if time.monotonic() > until:
            raise TimeoutError(name)
        time.sleep(0.1)


def end(server: str) -> None:
    """End a tmux server and all that runs in it."""
    subprocess.run(("tmux", "-L", server, "kill-server"), check=False)


def drawn(screen: Text, colours: Colours) -> str:
    """A screen as SVG: areas of colour first, then each character in its own cells."""
    console = Console(width=WIDTH, color_system="truecolor", legacy_windows=False, file=None)
    lines = console.render_lines(screen, console.options.update(width=WIDTH), pad=True)[:HEIGHT]
    cells = [list(_cells(line, colours)) for line in lines]
    areas = "".join(_areas(row, line) for row, line in enumerate(cells))
    letters = "".join(_letters(row, line) for row, line in enumerate(cells))
    width, height = WIDTH * _CELL_W + 2 * _EDGE, HEIGHT * _CELL_H + 2 * _EDGE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' font-family="{_FONT}" font-size="15" xml:space="preserve">'
        f'<rect width="100%" height="100%" rx="8" fill="{colours.back}"/>'
        f'<g transform="translate({_EDGE} {_EDGE})">'
        f'<g shape-rendering="crispEdges">{areas}</g>{letters}</g></svg>'
    )


class _Cell(NamedTuple):
    column: int
    width: int
    character: str
    front: str
    back: str
    """Empty: the picture's own."""
    bold: bool


def _cells(line: list[Segment], colours: Colours) -> Iterator[_Cell]:
    column = 0
    for text, given, _ in line:
        style = given or Style()
        front = _hex(style, "color", colours.front, colours)
        back = _hex(style, "bgcolor", "", colours)
        if style.reverse:
            front, back = back or colours.back, front
        for character in text:
            width = cell_len(character)
            yield _Cell(column, width, character, front, back, bool(style.bold))
            column += width


def _areas(row: int, line: list[_Cell]) -> str:
    """Backgrounds, and the full blocks, which letters would draw with seams."""
    fills = [
        (cell.column, cell.width, cell.front if cell.character == "█" else cell.back)
        for cell in line
    ]
    parts = []
    for fill, run in itertools.groupby(fills, key=lambda each: each[2]):
        cells = list(run)
        x, width = cells[0][0] * _CELL_W, sum(each[1] for each in cells) * _CELL_W
        if fill:
            parts.append(
                f'<rect x="{x}" y="{row * _CELL_H}" width="{width}" height="{_CELL_H}"'
                f' fill="{fill}"/>'
            )
    return "".join(parts)


def _letters(row: int, line: list[_Cell]) -> str:
    parts = []
    for cell in line:
        if cell.character.strip() and cell.character != "█":
            shown = cell.character.replace("&", "&amp;").replace("<", "&lt;")
            weight = ' font-weight="bold"' if cell.bold else ""
            x, y = cell.column * _CELL_W, row * _CELL_H + _BASELINE
            parts.append(f'<text x="{x}" y="{y}" fill="{cell.front}"{weight}>{shown}</text>')
    return "".join(parts)


def _hex(style: Style, side: str, default: str, colours: Colours) -> str:
    color = style.color if side == "color" else style.bgcolor
    if color is None or color.is_default:
        return default
    triplet: ColorTriplet = color.get_truecolor(colours.named)
    return triplet.hex
