"""Passwords and codes as people give them: typed unseen, or a line of standard input each."""

import argparse
import getpass
import sys
import warnings
from dataclasses import dataclass
from typing import Protocol

from protocol.i18n import Catalogue
from protocol.wire.errors import Code, Refused


class Secrets(Protocol):
    """Whoever knows a command's secrets."""

    def password(self, agent: str) -> str:
        """The present password. Raises `Refused` (`no_password`)."""

    def new_password(self) -> str:
        """Another one. Raises `Refused` (`no_password`, `passwords_differ`)."""

    def code(self) -> str:
        """An enrolment code. Raises `Refused` (`bad_enrolment_code`)."""


class AskedSecrets:
    """Asks for each as it is needed."""

    def __init__(self, catalogue: Catalogue, *, from_input: bool) -> None:
        self._catalogue = catalogue
        self._from_input = from_input

    def password(self, agent: str) -> str:
        """The present password."""
        return self._read(self._catalogue.text("client.password", agent=agent))

    def new_password(self) -> str:
        """Another one: where it is typed, twice."""
        new = self._read(self._catalogue.text("client.new_password_typed"))
        if not self._from_input:
            again = self._read(self._catalogue.text("client.new_password_again"))
            if again != new:
                raise Refused(Code.PASSWORDS_DIFFER)
        return new

    def code(self) -> str:
        """An enrolment code, which may be seen."""
        if self._from_input:
            return _line()
        try:
            return input(self._catalogue.text("client.code"))
        except EOFError as error:
            raise Refused(Code.BAD_ENROLMENT_CODE) from error

    def _read(self, prompt: str) -> str:
        if self._from_input:
            return _line()
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # it would show what is typed
            try:
                return getpass.getpass(prompt)
            except (EOFError, getpass.GetPassWarning) as error:
                raise Refused(Code.NO_PASSWORD) from error


@dataclass(frozen=True)
class GivenSecrets:
    """What was read before the command began."""

    present: str = ""
    new: str = ""

    def password(self, agent: str) -> str:
        """The present password."""
        return self.present

    def new_password(self) -> str:
        """Another one."""
        return self.new

    def code(self) -> str:
        """An enrolment code."""
        return self.present


def given_ahead(asked: argparse.Namespace, source: Secrets, agent: str) -> GivenSecrets:
    """The secrets that a command is going to need, read where waiting for them is no harm.
    Raises `Refused` as `source` does."""
    match asked.command:
        case "enrol":
            return GivenSecrets(source.code())
        case "unlock":
            return GivenSecrets(source.password(agent))
        case "password":
            return GivenSecrets(source.password(agent), source.new_password())
        case "sign-in":
            new = asked.new_password
            return GivenSecrets(source.password(agent), source.new_password() if new else "")
        case _:
            return GivenSecrets()


def _line() -> str:
    return sys.stdin.readline().rstrip("\r\n")
