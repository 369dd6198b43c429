"""`agent-client`: the terminal, the seat, and the commands that ask it."""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from agent_client.command_line import PROG, make_parser
from agent_client.settings import Settings, load_settings
from agent_client.whose_seat import of_somebody
from protocol.i18n import VARIABLE, Catalogue, choose_language, load
from protocol.wire.errors import Code, Refused

CONFIG = "SEATLINE_CONFIG"
"""The environment's name of the settings file."""


def main(argv: Sequence[str] | None = None) -> int:
    """Exit codes: 0 done, 1 refused (the code and its words on standard error), 2 usage, 3 a break
    waits for its turn (its place on standard output)."""
    given = list(sys.argv[1:] if argv is None else argv)
    catalogue = load(choose_language(given, os.environ))
    arguments = make_parser(catalogue).parse_args(given)
    try:
        settings = _settings(arguments)
        language = choose_language(given, os.environ | {VARIABLE: settings.lang})
        if language != catalogue.language:
            catalogue = load(language)
        return _run(arguments, settings, catalogue)
    except Refused as refused:
        return _say(refused, catalogue)
    except ConnectionError:
        return _say(Refused(Code.NO_SEAT), catalogue)
    except KeyboardInterrupt:
        return 130


def _run(arguments: argparse.Namespace, settings: Settings, catalogue: Catalogue) -> int:
    if arguments.command == "doctor":
        from agent_client.doctor.examination import run_doctor  # noqa: PLC0415 - as below

        return run_doctor(settings, catalogue, as_json=arguments.json)
    if arguments.command == "seat":
        from agent_client.bootstrap import run_seat  # noqa: PLC0415 - commands start without it

        run_seat(settings, catalogue)
    elif arguments.command is None and arguments.plain:
        from agent_client.plain.terminal import run_plain  # noqa: PLC0415 - as above

        run_plain(of_somebody(settings, catalogue), catalogue, supervisor=arguments.supervisor)
    elif arguments.command is None:
        from agent_client.bootstrap import run_terminal  # noqa: PLC0415 - as above

        whose = of_somebody(settings, catalogue)
        run_terminal(whose, catalogue.language, supervisor=arguments.supervisor)
    else:
        from agent_client.ask_seat import ask_seat  # noqa: PLC0415 - as above

        return asyncio.run(ask_seat(arguments, settings, catalogue))
    return 0


def _settings(arguments: argparse.Namespace) -> Settings:
    flags = {name: getattr(arguments, name) for name in ("server", "agent") if name in arguments}
    if "config" in arguments:  # for the seat that a terminal starts, too
        os.environ[CONFIG] = str(Path(arguments.config).absolute())
    file = Path(os.environ[CONFIG]) if os.environ.get(CONFIG) else None
    return load_settings(flags, os.environ, file)


def _say(refused: Refused, catalogue: Catalogue) -> int:
    words = catalogue.error(refused.code, refused.params)
    sys.stderr.write(f"{PROG}: {words} [{refused.code}]\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
