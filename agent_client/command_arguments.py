"""The arguments of each command that a running seat carries out."""

import argparse
from collections.abc import Callable
from datetime import date, datetime

from protocol.facts.agent import Reason
from protocol.facts.order import OrderKind
from protocol.i18n import Catalogue
from protocol.i18n.arguments import Parser
from protocol.rules.agent_state import AUTOMATIC_REASONS

REASONS = tuple(reason for reason in Reason if reason not in AUTOMATIC_REASONS)
"""What an agent may give as the reason of a break."""

CLEAR = "CLEAR"
NEXT_STATES = ("READY", "LOGGED_OFF", *REASONS, CLEAR)

ASKED = {
    "out-of-line": OrderKind.FORCE_NOT_READY,
    "sign-out": OrderKind.FORCE_SIGN_OUT,
    "ready": OrderKind.ASK_READY,
}
"""What a lead can ask of somebody, as it is typed."""


def as_json(parser: Parser, catalogue: Catalogue) -> None:
    """`--json`."""
    parser.add_argument("--json", action="store_true", help=catalogue.text("client.json"))


def password(parser: Parser, catalogue: Catalogue) -> None:
    """`--password-stdin`."""
    parser.add_argument(
        "--password-stdin", action="store_true", help=catalogue.text("client.password_stdin")
    )


def sign_in(parser: Parser, catalogue: Catalogue) -> None:
    """How the password comes, and what to do about another desk or an old password."""
    password(parser, catalogue)
    for name in ("new_password", "take_over"):
        flag = f"--{name.replace('_', '-')}"
        parser.add_argument(flag, action="store_true", help=catalogue.text(f"client.{name}"))


def relief(parser: Parser, catalogue: Catalogue) -> None:
    """Who comes, and how their password is given."""
    parser.add_argument("incoming", metavar="NUMBER", help=catalogue.text("client.incoming"))
    password(parser, catalogue)


def code(parser: Parser, catalogue: Catalogue) -> None:
    """`--code-stdin`."""
    parser.add_argument(
        "--code-stdin", action="store_true", help=catalogue.text("client.code_stdin")
    )


def reason(parser: Parser, catalogue: Catalogue) -> None:
    """Why somebody is not ready, and whether it is after an abusive call."""
    help_text = catalogue.text("client.reason", reasons=" ".join(REASONS))
    choices = (*REASONS, CLEAR)
    parser.add_argument("reason", choices=choices, metavar="REASON", type=str.upper, help=help_text)
    help_text = catalogue.text("client.after_abuse")
    parser.add_argument("--after-abuse", action="store_true", help=help_text)


def next_state(parser: Parser, catalogue: Catalogue) -> None:
    """What follows a call."""
    help_text = catalogue.text("client.next", reasons=" ".join(REASONS))
    parser.add_argument(
        "state", choices=NEXT_STATES, metavar="STATE", type=str.upper, help=help_text
    )


def target(parser: Parser, catalogue: Catalogue) -> None:
    """Whom to call."""
    parser.add_argument("target", metavar="N", help=catalogue.text("client.target"))


def target_or_none(parser: Parser, catalogue: Catalogue) -> None:
    """To whom to hand on; in a consultation it is known."""
    help_text = catalogue.text("client.transfer_target")
    parser.add_argument("target", metavar="N", nargs="?", default="", help=help_text)


def digits(parser: Parser, catalogue: Catalogue) -> None:
    """Keys of a phone."""
    parser.add_argument("digits", metavar="DIGITS", help=catalogue.text("client.digits"))


def call_or_none(parser: Parser, catalogue: Catalogue) -> None:
    """Which call is paid back."""
    help_text = catalogue.text("client.owed_call")
    parser.add_argument("call", metavar="ID", nargs="?", default="", help=help_text)


def why(parser: Parser, catalogue: Catalogue) -> None:
    """Why somebody signs out, if they wish to say it."""
    help_text = catalogue.text("client.why")
    parser.add_argument("--why", metavar="TEXT", default="", help=help_text)


def settle(parser: Parser, catalogue: Catalogue) -> None:
    """Which call needs none any more, and why."""
    parser.add_argument("call", metavar="ID", help=catalogue.text("client.call"))
    parser.add_argument("reason", metavar="REASON", help=catalogue.text("client.settle_reason"))


def wrap_up(parser: Parser, catalogue: Catalogue) -> None:
    """What a call was about."""
    for name, metavar in (
        ("call", "ID"),
        ("category", "CODE"),
        ("outcome", "CODE"),
        ("note", "TEXT"),
    ):
        help_text = catalogue.text(f"client.wrap_up.{name}")
        parser.add_argument(f"--{name}", metavar=metavar, help=help_text)
    parser.add_argument(
        "--action", metavar="CODE", action="append", help=catalogue.text("client.wrap_up.action")
    )
    parser.add_argument(
        "--call-back-at",
        metavar="TIME",
        type=_moment(catalogue),
        help=catalogue.text("client.wrap_up.call_back_at"),
    )


def order_or_none(parser: Parser, catalogue: Catalogue) -> None:
    """Which message was read."""
    help_text = catalogue.text("client.order")
    parser.add_argument("order", metavar="ID", nargs="?", default="", help=help_text)


def message(parser: Parser, catalogue: Catalogue) -> None:
    """What to write, and to whom."""
    to = parser.add_mutually_exclusive_group(required=True)
    to.add_argument("--to", metavar="N", default="", help=catalogue.text("client.to"))
    to.add_argument("--team", metavar="TEAM", default="", help=catalogue.text("client.team"))
    parser.add_argument("text", metavar="TEXT", help=catalogue.text("client.text"))


def ask(parser: Parser, catalogue: Catalogue) -> None:
    """What to ask of whom, and why."""
    person(parser, catalogue)
    parser.add_argument(
        "what",
        choices=tuple(ASKED),
        metavar="WHAT",
        help=catalogue.text("client.ask", choices=" ".join(ASKED)),
    )
    parser.add_argument("text", metavar="REASON", help=catalogue.text("client.ask_reason"))


def person(parser: Parser, catalogue: Catalogue) -> None:
    """Who."""
    parser.add_argument("person", metavar="N", help=catalogue.text("client.person"))


def command_or_none(parser: Parser, catalogue: Catalogue) -> None:
    """Of which command to tell more."""
    help_text = catalogue.text("plain.command")
    parser.add_argument("name", metavar="COMMAND", nargs="?", default="", help=help_text)


def task_or_none(parser: Parser, catalogue: Catalogue) -> None:
    """Which training task is studied, by its number."""
    help_text = catalogue.text("plain.task")
    parser.add_argument("number", metavar="NUMBER", nargs="?", type=int, help=help_text)


def search(parser: Parser, catalogue: Catalogue) -> None:
    """Whom to look for on the floor."""
    parser.add_argument("words", metavar="WORD", nargs="*", help=catalogue.text("plain.search"))


def person_and_day(parser: Parser, catalogue: Catalogue) -> None:
    """Whose day, and which."""
    person(parser, catalogue)
    help_text = catalogue.text("plain.day")
    parser.add_argument("day", metavar="DATE", nargs="?", type=_day(catalogue), help=help_text)


def _day(catalogue: Catalogue) -> Callable[[str], date]:
    def read(text: str) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            message = catalogue.text("plain.bad_day", value=text)
            raise argparse.ArgumentTypeError(message) from error

    return read


def _moment(catalogue: Catalogue) -> Callable[[str], datetime]:
    def read(text: str) -> datetime:
        try:
            return datetime.fromisoformat(text)
        except ValueError as error:
            message = catalogue.text("client.wrap_up.bad_time", value=text)
            raise argparse.ArgumentTypeError(message) from error

    return read
