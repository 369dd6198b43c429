"""The command that computes one figure from facts given as JSON: `calc`."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

import msgspec

from agent_service.arguments import Commands
from agent_service.calc.figures import FIGURES
from agent_service.calc.input import BadInput, bad_input
from agent_service.calc.unread import unread
from agent_service.commands.invocation import Invocation
from protocol.wire.errors import Code

STANDARD = "-"
"""In place of a file's name: standard input."""
_MOST_NAMED = 8


class _BadLine(msgspec.Struct, frozen=True):
    error: str
    line: int
    place: str
    detail: str


def add_commands(commands: Commands) -> None:
    """Add it to the command line."""
    parser, text = commands.add_alone("calc", "calc", _calc), commands.text
    parser.add_argument(
        "figure", metavar="FIGURE", choices=sorted(FIGURES), help=text("calc_figure")
    )
    parser.add_argument("file", metavar="FILE", nargs="?", default=STANDARD, help=text("calc_file"))
    parser.add_argument("--lines", action="store_true", help=text("calc_lines"))


def _calc(invocation: Invocation) -> None:
    asked = invocation.asked
    figure = FIGURES[asked.figure]

    def compute(given: bytes) -> object:
        result = figure.compute(given)
        unknown = unread(figure.made_of, given)
        if unknown:
            invocation.say("calc_unread", names=", ".join(unknown[:_MOST_NAMED]))
        return result

    try:
        with _open(asked.file) as stream:
            _compute(compute, stream, lines=asked.lines)
    except BrokenPipeError:
        raise
    except OSError as error:
        detail = str(error.strerror)
        raise BadInput(Code.FILE_REFUSED, file=asked.file, detail=detail) from error


def _open(file: str) -> AbstractContextManager[BinaryIO]:
    if file == STANDARD:
        return nullcontext(sys.stdin.buffer)
    return Path(file).open("rb")


def _compute(figure: Callable[[bytes], object], stream: BinaryIO, *, lines: bool) -> None:
    """One input, or one a line; a result comes before the next input is read. A line that is bad
    has its fault in place of a result. Raises `BadInput`, at the end for the first of these."""
    if not lines:
        _print(figure(stream.read()))
        return
    first = None
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        try:
            _print(figure(line))
        except BadInput as bad:
            place, detail = str(bad.params["place"]), str(bad.params["detail"])
            _print(_BadLine(bad.code, number, place, detail))
            first = first or bad_input(f"{number}: {place}", detail)
    if first is not None:
        raise first


def _print(result: object) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(result) + b"\n")
    sys.stdout.buffer.flush()
