"""One command as it was asked for: what was typed, the settings, the words and the way out."""

import argparse
import getpass
import json
import re
import sys
import time
import warnings
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from agent_service import settings
from agent_service.ledger.append import Head
from agent_service.ledger.rebuild import Told
from agent_service.settings import Settings
from protocol.i18n import Catalogue
from protocol.wire.errors import Code, Refused

_TELL_EVERY_S = 1.0
_ADDRESS = re.compile(r"(\[(?P<ipv6>[^\[\]\s]+)\]|(?P<host>[^\[\]:\s]+)):(?P<port>[0-9]{1,5})")
_PORT_MOST = 65535


def print_words(words: str) -> None:
    """A line for whoever sits there: standard error."""
    print(words, file=sys.stderr)  # noqa: T201 - a command line talks to people


def print_data(data: str) -> None:
    """A line of a command's output, and nothing else comes there: standard output."""
    print(data, flush=True)  # noqa: T201 - a command's output


def print_head(head: Head, **more: str | Mapping[str, int] | None) -> None:
    """Where the ledger ends, as an object of JSON."""
    print_data(json.dumps({**more, "entries": head.position, "head": head.hash.hex()}))


class Invocation:
    """One command line."""

    def __init__(
        self, asked: argparse.Namespace, catalogue: Catalogue, environment: Mapping[str, str]
    ) -> None:
        self.asked = asked
        """The arguments."""
        self.catalogue = catalogue
        self.environment = environment

    @cached_property
    def settings(self) -> Settings:
        """From flags, environment and file. Raises `Refused` with `bad_setting`."""
        file = self.asked.config or self.environment.get("SEATLINE_CONFIG")
        return settings.load(Path(file) if file else None, self.environment, _flags(self.asked))

    @cached_property
    def folder(self) -> Path:
        """Where the database is."""
        return settings.data_folder(self.settings, self.environment)

    def say(self, key: str, **params: object) -> None:
        """Words for whoever sits there."""
        print_words(self.catalogue.text(f"service.{key}", **params))

    def progress(self) -> Told:
        """Tells how far something long has come, once a second at most."""
        told_s = time.monotonic()

        def tell(done: int, of: int) -> None:
            nonlocal told_s
            if time.monotonic() - told_s >= _TELL_EVERY_S:
                told_s = time.monotonic()
                self.say("progress", done=done, of=of)

        return tell

    def password(self) -> str:
        """The password: the next line of standard input, or asked for twice. Raises `Refused`
        with `passwords_differ` or `no_password`."""
        password = self._secret("password")
        if not self.asked.password_stdin and self._secret("password_again") != password:
            raise Refused(Code.PASSWORDS_DIFFER)
        return password

    def sip_password(self) -> str:
        """The phone's password, likewise, but once."""
        return self._secret("sip_password")

    def _secret(self, prompt: str) -> str:
        if self.asked.password_stdin:
            if sys.stdin is None:
                raise Refused(Code.NO_PASSWORD)
            return sys.stdin.readline().rstrip("\r\n")
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # it would show what is typed
            try:
                return getpass.getpass(self.catalogue.text(f"service.{prompt}"))
            except (EOFError, getpass.GetPassWarning) as error:
                raise Refused(Code.NO_PASSWORD) from error


def _flags(asked: argparse.Namespace) -> dict[str, str | bool]:
    """The options that are settings."""
    flags: dict[str, str | bool] = {}
    if asked.data:
        flags["data"] = asked.data
    if getattr(asked, "listen", None):
        flags["listen.host"], flags["listen.port"] = _address(asked.listen)
    if getattr(asked, "insecure_plaintext", False):
        flags["listen.insecure_plaintext"] = True
    if getattr(asked, "log_format", None):
        flags["log.format"] = asked.log_format
    return flags


def _address(text: str) -> tuple[str, str]:
    """Host and port of `HOST:PORT`; an IPv6 address stands in brackets."""
    found = _ADDRESS.fullmatch(text)
    if found is None or int(found["port"]) > _PORT_MOST:
        detail = f"{text!r} ≠ HOST:PORT (0 ≤ PORT ≤ {_PORT_MOST})"
        raise Refused(Code.BAD_SETTING, name="--listen", detail=detail)
    return found["ipv6"] or found["host"], found["port"]
