"""What is typed into a terminal without a screen: words, as short as they are clear."""

import argparse
import contextlib
import io
import shlex
from dataclasses import dataclass

from agent_client.command_line import AT_THE_DESK, TYPED, about, make_typed_parser
from protocol.i18n import Catalogue

_COMMANDS = (*AT_THE_DESK, *TYPED)


@dataclass(frozen=True)
class Hint:
    """What was typed is no command yet: what could be meant, or what is missing."""

    lines: tuple[str, ...]


class Typed:
    """Reads lines as commands. A command may be shortened as long as it is the only one."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._parser = make_typed_parser(catalogue)

    def read(self, line: str) -> argparse.Namespace | Hint | None:
        """The command with its arguments; null for an empty line."""
        try:
            parts = shlex.split(line)
        except ValueError:
            return Hint((self._text("open_quote"),))
        if not parts:
            return None
        found = self._meant(parts[0])
        if len(found) != 1:
            return self._unclear(parts[0], found)
        return self._parsed([found[0], *parts[1:]])

    def help(self, name: str) -> Hint:
        """All commands with what they do, or how one of them is used."""
        if name:
            found = self._meant(name)
            if len(found) != 1:
                return self._unclear(name, found)
            used = self._parsed([found[0], "--help"])
            assert isinstance(used, Hint)
            return used
        return Hint(tuple(f"{each}: {about(self._catalogue, each)}" for each in _COMMANDS))

    def _meant(self, word: str) -> list[str]:
        if word in _COMMANDS:
            return [word]
        return [name for name in _COMMANDS if name.startswith(word)]

    def _unclear(self, word: str, found: list[str]) -> Hint:
        if not found:
            return Hint((self._text("no_such_command", word=word),))
        return Hint((self._text("several_commands", names=", ".join(found)),))

    def _parsed(self, parts: list[str]) -> argparse.Namespace | Hint:
        """The parser says on a stream what is wrong or how it is used; here those are lines."""
        said = io.StringIO()
        try:
            with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
                return self._parser.parse_args(parts)
        except SystemExit:
            return Hint(tuple(line for line in said.getvalue().splitlines() if line.strip()))

    def _text(self, key: str, **params: object) -> str:
        return self._catalogue.text(f"plain.{key}", **params)
