"""A command line that speaks the reader's language, its usage, headings and errors included."""

import argparse
import re
import sys
from collections.abc import Callable
from datetime import date
from typing import NoReturn

from protocol.i18n import LANGUAGES, Catalogue


class Parser(argparse.ArgumentParser):
    """An argument parser whose own words come from a catalogue. Errors exit with 2."""

    def __init__(self, catalogue: Catalogue, prog: str, description: str) -> None:
        super().__init__(
            prog=prog,
            description=description,
            add_help=False,
            formatter_class=lambda prog: _Formatter(catalogue, prog),
        )
        self._catalogue = catalogue
        self._positionals.title = catalogue.text("arguments.positionals")
        self._optionals.title = catalogue.text("arguments.options")
        self.add_argument("-h", "--help", action="help", help=catalogue.text("arguments.help"))
        self.add_argument(
            "--lang", choices=LANGUAGES, help=catalogue.text("arguments.lang"), metavar="LANG"
        )

    def command(
        self,
        commands: "argparse._SubParsersAction[Parser]",
        name: str,
        description: str,
    ) -> "Parser":
        """Add a sub-command; its description is its line in the list too."""
        prog = f"{self.prog} {name}"
        parser = commands.add_parser(
            name, catalogue=self._catalogue, prog=prog, description=description, help=description
        )
        assert isinstance(parser, Parser)
        return parser

    def commands(self, destination: str) -> "argparse._SubParsersAction[Parser]":
        """The place for sub-commands."""
        return self.add_subparsers(
            dest=destination,
            metavar=self._catalogue.text("arguments.command"),
            title=self._catalogue.text("arguments.commands"),
            parser_class=Parser,
        )

    def whole_number(self, least: int, most: int) -> Callable[[str], int]:
        """The type of an argument that is a whole number in a range, both ends included."""

        def read(text: str) -> int:
            if text.isdecimal() and len(text) <= _DIGITS and least <= int(text) <= most:
                return int(text)
            wrong = self._catalogue.text("arguments.bad_number", least=least, most=most)
            raise argparse.ArgumentTypeError(f"{text[:_SHOWN]} {wrong}")

        return read

    def day(self, text: str) -> date:
        """The type of an argument that is a calendar date."""
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            wrong = self._catalogue.text("arguments.bad_day")
            raise argparse.ArgumentTypeError(f"{text[:_SHOWN]} {wrong}") from error

    def length(self, text: str) -> int:
        """The type of an argument that is a length of time in hours and minutes: in seconds."""
        found = _LENGTH.fullmatch(text)
        seconds = int(found["hours"]) * 3600 + int(found["minutes"]) * 60 if found else 0
        if not seconds:
            wrong = self._catalogue.text("arguments.bad_length")
            raise argparse.ArgumentTypeError(f"{text[:_SHOWN]} {wrong}")
        return seconds

    def error(self, message: str) -> NoReturn:
        """Usage and what is wrong with it, on standard error; exit 2."""
        self.print_usage(sys.stderr)
        text = self._catalogue.text("arguments.error", prog=self.prog, message=self._said(message))
        self.exit(2, text + "\n")

    def _check_value(self, action: argparse.Action, value: object) -> None:
        if action.choices is not None and value not in action.choices:
            choices = ", ".join(str(choice) for choice in action.choices)
            raise argparse.ArgumentError(action, self._bad_choice(value, choices))

    def _bad_choice(self, value: object, choices: str) -> str:
        return self._catalogue.text("arguments.bad_choice", value=value, choices=choices)

    def _said(self, message: str) -> str:
        """argparse's own complaints are English sentences; the catalogue has them too."""
        needed = _ONE_OF.fullmatch(message)
        if needed is not None:
            return self._catalogue.text("arguments.one_of", options=needed["options"])
        for english, key in _COMPLAINTS.items():
            message = message.replace(english, self._catalogue.text(key))
        return message


_DIGITS = 18
"""So many fit any number that is asked for."""
_SHOWN = 40
"""Characters of what was typed that a complaint repeats."""
_ONE_OF = re.compile("one of the arguments (?P<options>.+) is required")
_LENGTH = re.compile("(?P<hours>[0-9]{1,4}):(?P<minutes>[0-5][0-9])")
_COMPLAINTS = {
    "the following arguments are required: ": "arguments.required",
    "unrecognized arguments: ": "arguments.unrecognized",
    "expected one argument": "arguments.one_expected",
    "not allowed with argument ": "arguments.not_with",
    "argument ": "arguments.argument",
}


class _Formatter(argparse.HelpFormatter):
    def __init__(self, catalogue: Catalogue, prog: str) -> None:
        super().__init__(prog, max_help_position=32)
        self._catalogue = catalogue

    def add_usage(self, usage, actions, groups, prefix=None):  # type: ignore[no-untyped-def]  # argparse's own has none
        """The usage line, with its heading in the reader's language."""
        super().add_usage(usage, actions, groups, self._catalogue.text("arguments.usage"))
