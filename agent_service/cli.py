"""The operator's command line: `agent-service`. Only data goes to standard output."""

import contextlib
import os
import sqlite3
import sys
from collections.abc import Iterator, Mapping, Sequence

from agent_service.arguments import Commands
from agent_service.calc.input import BadInput
from agent_service.commands import (
    accounts,
    calc,
    content_files,
    database,
    explaining,
    hours,
    ledger,
    people,
    people_shown,
    question_files,
    reporting,
    rosters,
    rosters_export,
    rosters_publish,
    serving,
    staff_files,
)
from agent_service.commands.invocation import Invocation, print_words
from agent_service.printable import printable
from protocol.i18n import Catalogue, choose_language, load
from protocol.i18n.arguments import Parser
from protocol.wire.errors import Code, Refused

PROG = "agent-service"
FAMILIES = (
    database,
    people,
    people_shown,
    accounts,
    staff_files,
    rosters,
    rosters_publish,
    rosters_export,
    question_files,
    content_files,
    hours,
    reporting,
    explaining,
    serving,
    ledger,
    calc,
)
"""The modules that add commands, in the order in which the help shows them."""


def main() -> None:
    """The entry point of `agent-service`."""
    sys.exit(run(sys.argv[1:], os.environ))


def make_parser(catalogue: Catalogue) -> Parser:
    """All commands. In what it parses, `work` is what the command does, or None without one, and
    `parser` is the one whose help is then meant."""
    parser = Parser(catalogue, PROG, catalogue.text("service.help.about"))
    parser.set_defaults(work=None, parser=parser)
    commands = Commands(parser, catalogue, "name")
    for family in FAMILIES:
        family.add_commands(commands)
    return parser


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Carry out a command line. Returns the exit code: 0 done, 1 refused, 2 not understood,
    130 given up with Ctrl-C."""
    catalogue = load(choose_language(arguments, environment))
    asked = make_parser(catalogue).parse_args(arguments)
    if asked.work is None:
        asked.parser.print_help()
        return 2
    invocation = Invocation(asked, catalogue, environment)
    try:
        with _disk_refusals(invocation):
            asked.work(invocation)
    except BadInput as bad:
        _explain(catalogue, bad)
        return 2
    except Refused as refused:
        return _explain(catalogue, refused)
    except UnicodeError as error:
        return _explain(catalogue, Refused(Code.NOT_TEXT, detail=str(error)))
    except BrokenPipeError:
        _hang_up()
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


@contextlib.contextmanager
def _disk_refusals(invocation: Invocation) -> Iterator[None]:
    """Turns what the disk and the database say into `database_refused`."""
    try:
        yield
    except BrokenPipeError:
        raise
    except (sqlite3.Error, OSError) as error:
        data, detail = str(invocation.folder), str(error)
        raise Refused(Code.DATABASE_REFUSED, data=data, detail=detail) from error


def _hang_up() -> None:
    """Nobody reads the output any more, which is no fault: what is left of it goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _explain(catalogue: Catalogue, refused: Refused) -> int:
    words = catalogue.error(refused.code, refused.params)
    print_words(f"{PROG}: {printable(words)} [{refused.code}]")
    return 1


if __name__ == "__main__":
    main()
