"""The command that gives out codes for desks: `enrol`."""

import contextlib
from pathlib import Path

from agent_service import bootstrap
from agent_service.accounts import enrolment
from agent_service.arguments import Commands
from agent_service.commands.invocation import Invocation, print_data
from agent_service.tables import open_current

_CODES_MOST = 1000
_HOUR_MS = 3_600_000


def add_commands(commands: Commands) -> None:
    """Add it to the command line."""
    enrol = commands.add("enrol", "enrol", _enrol)
    enrol.add_argument(
        "--count",
        type=enrol.whole_number(1, _CODES_MOST),
        default=1,
        metavar="N",
        help=commands.text("enrol_count"),
    )


def _enrol(invocation: Invocation) -> None:
    hours = invocation.settings.sign_in.code_hours
    for code in make_codes(invocation.folder, invocation.asked.count, hours):
        print_data(code)
    invocation.say("codes_made", hours=f"{hours:g}")


def make_codes(folder: Path, count: int, hours: float) -> list[str]:
    """One-time codes for so many desks."""
    expires_ms = bootstrap.now_ms() + round(hours * _HOUR_MS)
    with contextlib.closing(open_current(folder)) as opened, opened.atomic():
        return [enrolment.new_code(opened.conn, expires_ms) for _ in range(count)]
