"""The command line's shape: every command with its help, in the reader's language."""

import argparse

from protocol.facts.agent import Reason
from protocol.i18n import Catalogue
from protocol.i18n.arguments import Parser
from protocol.rules.agent_state import AUTOMATIC_REASONS

REASONS = tuple(reason for reason in Reason if reason not in AUTOMATIC_REASONS)
"""What an agent may give as the reason of a break."""

CLEAR = "CLEAR"
NEXT_STATES = ("READY", "LOGGED_OFF", *REASONS, CLEAR)

PLAIN_COMMANDS = (
    "ready",
    "acw-done",
    "answer",
    "reject",
    "hangup",
    "hold",
    "resume",
    "mute",
    "unmute",
    "sign-out",
)
"""Commands without arguments that a running seat carries out."""

_COMMAND = "client.command.{}"


def make_parser(catalogue: Catalogue) -> Parser:
    """The parser of `agent-client`."""
    parser = Parser(catalogue, "agent-client", catalogue.text("client.description"))
    _add_flags(parser, catalogue)
    parser.add_argument(
        "--supervisor", action="store_true", help=catalogue.text("client.supervisor")
    )
    commands = parser.commands("command")
    made: dict[str, Parser] = {}
    names = ("seat", "status", "watch", "enrol", "sign-in", "break", "next", "dial")
    for name in (*names, *PLAIN_COMMANDS):
        text = catalogue.text(_COMMAND.format(name.replace("-", "_")))
        made[name] = parser.command(commands, name, text)
        _add_flags(made[name], catalogue)
    _add_arguments(made, catalogue)
    return parser


def _add_flags(parser: Parser, catalogue: Catalogue) -> None:
    """Flags that stand before or after the command alike; absent ones leave no trace."""
    for name, metavar in (("server", "URL"), ("agent", "N"), ("config", "FILE")):
        help_text = catalogue.text(f"client.{name}")
        parser.add_argument(f"--{name}", metavar=metavar, help=help_text, default=argparse.SUPPRESS)


def _add_arguments(made: dict[str, Parser], catalogue: Catalogue) -> None:
    reasons = " ".join(REASONS)
    for name in ("status", "watch"):
        made[name].add_argument("--json", action="store_true", help=catalogue.text("client.json"))
    made["sign-in"].add_argument(
        "--password-stdin", action="store_true", help=catalogue.text("client.password_stdin")
    )
    made["enrol"].add_argument(
        "--code-stdin", action="store_true", help=catalogue.text("client.code_stdin")
    )
    made["break"].add_argument(
        "reason",
        choices=REASONS,
        metavar="REASON",
        type=str.upper,
        help=catalogue.text("client.reason", reasons=reasons),
    )
    made["next"].add_argument(
        "state",
        choices=NEXT_STATES,
        metavar="STATE",
        type=str.upper,
        help=catalogue.text("client.next", reasons=reasons),
    )
    made["dial"].add_argument("target", metavar="N", help=catalogue.text("client.target"))
