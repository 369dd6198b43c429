"""The operator's command line: `agent-service`. Only data goes to standard output."""

import argparse
import contextlib
import getpass
import json
import logging
import os
import sqlite3
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from agent_service import commands, settings
from agent_service.accounts import staff
from agent_service.accounts.passwords import hash_password
from agent_service.accounts.staff import Member
from agent_service.arguments import PROG, make_parser
from agent_service.settings import Settings
from protocol.i18n import Catalogue, choose_language, load
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Person

_LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def main() -> None:
    """The entry point of `agent-service`."""
    sys.exit(run(sys.argv[1:], os.environ))


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Carry out a command line. Returns the exit code: 0 done, 1 refused, 2 not understood,
    130 given up with Ctrl-C."""
    catalogue = load(choose_language(arguments, environment))
    asked = make_parser(catalogue).parse_args(arguments)
    if asked.command is None:
        asked.parser.print_help()
        return 2
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format=_LOG_FORMAT)
    logging.getLogger("websockets").setLevel(logging.WARNING)
    try:
        call = Call(asked, catalogue, environment)
        with _disk_refusals(call.folder):
            _COMMANDS[asked.command](call)
    except Refused as refused:
        return _explain(catalogue, refused)
    except UnicodeError as error:
        return _explain(catalogue, Refused(Code.NOT_TEXT, detail=str(error)))
    except KeyboardInterrupt:
        return 130
    return 0


@contextlib.contextmanager
def _disk_refusals(folder: Path) -> Iterator[None]:
    """Turns what the disk and the database say into `database_refused`."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        detail = str(error)
        raise Refused(Code.DATABASE_REFUSED, data=str(folder), detail=detail) from error


def _explain(catalogue: Catalogue, refused: Refused) -> int:
    _print_words(f"{PROG}: {catalogue.error(refused.code, refused.params)} [{refused.code}]")
    return 1


def _print_words(words: str) -> None:
    print(words, file=sys.stderr)  # noqa: T201 - a command line talks to people


def _print_data(data: str) -> None:
    print(data, flush=True)  # noqa: T201 - a command's output


class Call:
    """One command as it was asked for: its arguments, the settings and the words."""

    def __init__(
        self, asked: argparse.Namespace, catalogue: Catalogue, environment: Mapping[str, str]
    ) -> None:
        self.asked = asked
        file = asked.config or environment.get("SEATLINE_CONFIG")
        path = Path(file) if file else None
        self.settings: Settings = settings.load(path, environment, _flags(asked))
        self.folder = settings.data_folder(self.settings, environment)
        self._catalogue = catalogue

    def say(self, key: str, **params: object) -> None:
        """Words for whoever sits there."""
        _print_words(self._catalogue.text(f"service.{key}", **params))

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
                return getpass.getpass(self._catalogue.text(f"service.{prompt}"))
            except (EOFError, getpass.GetPassWarning) as error:
                raise Refused(Code.NO_PASSWORD) from error


def _flags(asked: argparse.Namespace) -> dict[str, str | bool]:
    """The options that are settings."""
    flags: dict[str, str | bool] = {}
    if asked.data:
        flags["data"] = asked.data
    if getattr(asked, "listen", None):
        host, _, port = asked.listen.rpartition(":")
        flags["listen.host"], flags["listen.port"] = host.strip("[]"), port
    if getattr(asked, "insecure_plaintext", False):
        flags["listen.insecure_plaintext"] = True
    return flags


def _init(call: Call) -> None:
    _print_data(commands.init(call.folder, call.asked.admin, call.password))
    call.say("initialised", data=call.folder, admin=call.asked.admin)


def _user_add(call: Call) -> None:
    asked = call.asked
    roles = staff.check_roles(asked.role)
    number, name = staff.check_number(asked.number), staff.check_name(asked.name)
    person = Person(number, name, roles, asked.team and staff.check_name(asked.team))
    password_hash = hash_password(call.password())
    sip_password = call.sip_password() if asked.sip_user else ""
    member = Member(person, password_hash, asked.sip_user or "", sip_password)
    commands.add_member(call.folder, member)
    _print_data(person.number)


def _enrol(call: Call) -> None:
    hours = call.settings.sign_in.code_hours
    for code in commands.make_codes(call.folder, call.asked.count, hours):
        _print_data(code)
    call.say("codes_made", hours=f"{hours:g}")


def _serve(call: Call) -> None:
    commands.serve(
        call.settings,
        call.folder,
        lambda address: _print_data(f"seatline service ready on {address}"),
    )


def _verify(call: Call) -> None:
    head = commands.verify(call.folder)
    _print_data(json.dumps({"entries": head.position, "head": head.hash.hex()}))


_COMMANDS = {
    "init": _init,
    "user add": _user_add,
    "enrol": _enrol,
    "serve": _serve,
    "verify": _verify,
}


if __name__ == "__main__":
    main()
