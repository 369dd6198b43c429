"""The command line of `agent-service`: its commands, their options and their help."""

from protocol.i18n import Catalogue
from protocol.i18n.arguments import Parser

PROG = "agent-service"
_CODES_MOST = 1000


class _Help:
    """Texts of the help by their short keys."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def __call__(self, key: str) -> str:
        return self._catalogue.text(f"service.help.{key}")


def make_parser(catalogue: Catalogue) -> Parser:
    """All commands. In what it parses, `command` is the command's name, such as `user add`, or
    None without one, and `parser` is the one whose help is then meant."""
    text = _Help(catalogue)
    parser = Parser(catalogue, PROG, text("about"))
    parser.set_defaults(command=None, parser=parser)
    names = parser.commands("name")
    _init(parser.command(names, "init", text("init")), text)
    user = parser.command(names, "user", text("user"))
    user.set_defaults(parser=user)
    _user_add(user.command(user.commands("what"), "add", text("user_add")), text)
    _enrol(parser.command(names, "enrol", text("enrol")), text)
    _serve(parser.command(names, "serve", text("serve")), text)
    _verify(parser.command(names, "verify", text("verify")), text)
    return parser


def _init(parser: Parser, text: _Help) -> None:
    _place(parser, "init", text)
    parser.add_argument("--admin", default="admin", metavar="NUMBER", help=text("init_admin"))
    parser.add_argument("--password-stdin", action="store_true", help=text("password_stdin"))


def _user_add(parser: Parser, text: _Help) -> None:
    _place(parser, "user add", text)
    parser.add_argument("number", metavar="NUMBER", help=text("user_add_number"))
    parser.add_argument("--name", required=True, help=text("user_add_name"))
    parser.add_argument(
        "--role", action="append", required=True, metavar="ROLE", help=text("user_add_role")
    )
    parser.add_argument("--team", default="", help=text("user_add_team"))
    parser.add_argument("--sip-user", metavar="USER", help=text("user_add_sip_user"))
    parser.add_argument(
        "--password-stdin", action="store_true", help=text("user_add_password_stdin")
    )


def _enrol(parser: Parser, text: _Help) -> None:
    _place(parser, "enrol", text)
    parser.add_argument(
        "--count",
        type=parser.whole_number(1, _CODES_MOST),
        default=1,
        metavar="N",
        help=text("enrol_count"),
    )


def _serve(parser: Parser, text: _Help) -> None:
    _place(parser, "serve", text)
    parser.add_argument("--listen", metavar="HOST:PORT", help=text("serve_listen"))
    parser.add_argument(
        "--insecure-plaintext", action="store_true", help=text("serve_insecure_plaintext")
    )


def _verify(parser: Parser, text: _Help) -> None:
    _place(parser, "verify", text)


def _place(parser: Parser, command: str, text: _Help) -> None:
    """What all commands take."""
    parser.set_defaults(command=command)
    parser.add_argument("--data", metavar="DIR", help=text("data"))
    parser.add_argument("--config", metavar="FILE", help=text("config"))
