"""The command line's shape: every command with its help, in the reader's language."""

import argparse
from collections.abc import Callable

from agent_client import command_arguments as add
from protocol.i18n import Catalogue
from protocol.i18n.arguments import Parser

PROG = "agent-client"

Add = Callable[[Parser, Catalogue], None]
"""Gives a command its arguments."""


def _nothing(parser: Parser, catalogue: Catalogue) -> None:
    pass


AT_THE_DESK: dict[str, Add] = {
    "status": add.as_json,
    "enrol": add.code,
    "sign-in": add.sign_in,
    "password": add.password,
    "lock": _nothing,
    "unlock": add.password,
    "sign-out": add.why,
    "ready": _nothing,
    "break": add.reason,
    "next": add.next_state,
    "acw-done": _nothing,
    "extend-acw": _nothing,
    "dial": add.target,
    "answer": _nothing,
    "reject": _nothing,
    "hangup": _nothing,
    "hold": _nothing,
    "resume": _nothing,
    "mute": _nothing,
    "unmute": _nothing,
    "dtmf": add.digits,
    "transfer": add.target_or_none,
    "consult": add.target,
    "join": _nothing,
    "wrap-up": add.wrap_up,
    "calls": add.as_json,
    "call-back": add.call_or_none,
    "settle": add.settle,
    "training": add.as_json,
    "postpone": _nothing,
    "orders": add.as_json,
    "seen": add.order_or_none,
    "message": add.message,
    "ask": add.ask,
    "reset-code": add.person,
}
"""What a running seat carries out or tells, with its arguments; a screen reader's terminal takes
the same words."""

TYPED: dict[str, Add] = {
    "help": add.command_or_none,
    "floor": add.search,
    "person": add.person_and_day,
    "study": add.task_or_none,
    "onward": _nothing,
    "back": _nothing,
    "finished": _nothing,
    "leave": _nothing,
    "quit": _nothing,
}
"""What a screen reader's terminal takes besides."""

_PROGRAMS: dict[str, Add] = {
    "seat": _nothing,
    "watch": add.as_json,
    "relieve": add.relief,
    "doctor": add.as_json,
}

_COMMAND = "client.command.{}"


def make_parser(catalogue: Catalogue) -> Parser:
    """The parser of `agent-client`."""
    parser = Parser(catalogue, PROG, catalogue.text("client.description"))
    _add_flags(parser, catalogue)
    for name in ("supervisor", "plain"):
        help_text = catalogue.text(f"client.{name}")
        parser.add_argument(f"--{name}", action="store_true", help=help_text)
    commands = parser.commands("command")
    for name, arguments in (_PROGRAMS | AT_THE_DESK).items():
        made = parser.command(commands, name, about(catalogue, name))
        _add_flags(made, catalogue)
        arguments(made, catalogue)
    return parser


def make_typed_parser(catalogue: Catalogue) -> Parser:
    """The parser of what is typed into a terminal without a screen: commands alone."""
    parser = Parser(catalogue, "", "")
    commands = parser.commands("command")
    for name, arguments in (AT_THE_DESK | TYPED).items():
        arguments(parser.command(commands, name, about(catalogue, name)), catalogue)
    return parser


def about(catalogue: Catalogue, name: str) -> str:
    """What a command does, in a line."""
    return catalogue.text(_COMMAND.format(name.replace("-", "_")))


def _add_flags(parser: Parser, catalogue: Catalogue) -> None:
    """Flags that stand before or after the command alike; absent ones leave no trace."""
    for name, metavar in (("server", "URL"), ("agent", "N"), ("config", "FILE")):
        help_text = catalogue.text(f"client.{name}")
        parser.add_argument(f"--{name}", metavar=metavar, help=help_text, default=argparse.SUPPRESS)
