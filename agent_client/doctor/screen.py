"""The terminal: its size, colours and encoding, and whether it gives Chinese two cells."""

import asyncio
import contextlib
import os
import re
import select
import sys
from collections.abc import Mapping

from agent_client.doctor.finding import Finding, Found, found

LEAST = (80, 24)
REPLY_S = 1.0
_SAMPLE = "\N{CJK UNIFIED IDEOGRAPH-4E2D}\N{CJK UNIFIED IDEOGRAPH-6587}"
_SAMPLE_ENDS = 5
"""The column after two characters of two cells each."""
_POSITION = re.compile(rb"\x1b\[\d+;(\d+)R")
_KITTY = ("KITTY_WINDOW_ID", "GHOSTTY_RESOURCES_DIR", "WEZTERM_PANE")


async def screen() -> list[Finding]:
    """What the terminal on standard output can do; without one, that there is none."""
    findings = [_encoding(sys.stdout.encoding or "")]
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return [*findings, found(Found.NO_TERMINAL)]
    size = os.get_terminal_size(sys.stdout.fileno())
    return [
        *findings,
        size_finding(size.columns, size.lines),
        colours_finding(os.environ),
        cells_finding(await asyncio.to_thread(_column_after_sample)),
        *kitty_findings(os.environ),
    ]


def size_finding(columns: int, lines: int) -> Finding:
    """Whether every screen fits."""
    fits = columns >= LEAST[0] and lines >= LEAST[1]
    return found(
        Found.TERMINAL_SIZE if fits else Found.TERMINAL_SMALL, columns=columns, lines=lines
    )


def colours_finding(environment: Mapping[str, str]) -> Finding:
    """How many colours the terminal says that it has."""
    term = environment.get("TERM", "")
    if environment.get("NO_COLOR") or term in ("", "dumb"):
        return found(Found.NO_COLOURS, term=term or "–")
    if environment.get("COLORTERM") in ("truecolor", "24bit"):
        return found(Found.TRUE_COLOUR, term=term)
    return found(Found.COLOURS, count=256 if "256color" in term else 16, term=term)


def cells_finding(column: int | None) -> Finding:
    """Where the cursor stood after two Chinese characters; null where nobody told."""
    if column is None:
        return found(Found.WIDE_CELLS_UNKNOWN)
    return found(Found.WIDE_CELLS if column == _SAMPLE_ENDS else Found.WIDE_CELLS_WRONG)


def kitty_findings(environment: Mapping[str, str]) -> list[Finding]:
    """A word about keys, where the terminal is one that reports them in a way of its own."""
    known = any(name in environment for name in _KITTY)
    return [found(Found.KITTY_KEYS)] if known else []


def _encoding(name: str) -> Finding:
    fits = name.lower().replace("-", "") == "utf8"
    return found(Found.UTF8) if fits else found(Found.NOT_UTF8, encoding=name or "–")


def _column_after_sample() -> int | None:
    """Write two Chinese characters, ask the terminal where its cursor is, and wipe them out."""
    try:
        import termios  # noqa: PLC0415 - not there on Windows
        import tty  # noqa: PLC0415 - as above
    except ImportError:
        return None
    keyboard, out = sys.stdin.fileno(), sys.stdout.fileno()
    before = termios.tcgetattr(keyboard)
    try:
        tty.setcbreak(keyboard)
        os.write(out, f"\r{_SAMPLE}\x1b[6n".encode())
        reply = _reply(keyboard)
    finally:
        termios.tcsetattr(keyboard, termios.TCSANOW, before)
        with contextlib.suppress(OSError):
            os.write(out, b"\r\x1b[K")
    found_at = _POSITION.search(reply)
    return int(found_at[1]) if found_at else None


def _reply(keyboard: int) -> bytes:
    """What comes until the answer is whole, or for as long as a terminal may take."""
    reply = b""
    while not _POSITION.search(reply):
        ready, _, _ = select.select([keyboard], [], [], REPLY_S)
        if not ready:
            break
        reply += os.read(keyboard, 64)
    return reply
