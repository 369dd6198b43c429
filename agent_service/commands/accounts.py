"""The commands about desks: `enrol` gives out codes for them, `desk list` shows them."""

import contextlib
import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from agent_service import bootstrap, database, tables
from agent_service.accounts import enrolment
from agent_service.arguments import Commands
from agent_service.commands.invocation import Invocation, print_data
from agent_service.printable import printable
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
    listing = commands.group("desk", "desk").add("list", "desk_list", _list)
    listing.add_argument("--json", action="store_true", help=commands.text("json"))


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


def _list(invocation: Invocation) -> None:
    with tables.reading(database.find(invocation.folder)) as (connection, _):
        desks = enrolment.desks(connection, bootstrap.now_ms())
    if invocation.asked.json:
        print_data(json.dumps(msgspec.to_builtins(desks), ensure_ascii=False))
        return
    zone = ZoneInfo(invocation.settings.site.zone)
    for each in desks:
        enrolled = datetime.fromtimestamp(each.enrolled_ms / 1000, UTC).astimezone(zone)
        when = f"{enrolled:%Y-%m-%d %H:%M}"
        print_data("\t".join((printable(each.name), when, each.desk, ", ".join(each.people))))
