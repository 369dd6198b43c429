"""The commands that say why a figure is what it is: `explain adherence`, `explain attendance`."""

from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

import msgspec

from agent_service import bootstrap, database, tables
from agent_service.accounts.directory import as_person
from agent_service.accounts.projector import memberships_of, staff_rows
from agent_service.adherence.basis import Moment
from agent_service.adherence.day import read_day
from agent_service.adherence.explained import Explanation
from agent_service.adherence.handlers import page
from agent_service.adherence.shown import Asked
from agent_service.arguments import Commands
from agent_service.commands.invocation import Invocation, print_data
from agent_service.commands.people import today
from agent_service.printable import printable
from protocol.wire.adherence import AdherenceDay
from protocol.wire.errors import Code, Refused


def add_commands(commands: Commands) -> None:
    """Add them to the command line."""
    group = commands.group("explain", "explain")
    for name, work in (("adherence", _adherence), ("attendance", _attendance)):
        parser = group.add(name, f"explain_{name}", work)
        parser.add_argument(
            "--agent", required=True, metavar="NUMBER", help=group.text("user_number")
        )
        parser.add_argument(
            "--date", type=parser.day, metavar="DATE", help=group.text("explain_date")
        )
        parser.add_argument("--json", action="store_true", help=group.text("json"))


def _adherence(invocation: Invocation) -> None:
    _explain(invocation, Explanation.adherence)


def _attendance(invocation: Invocation) -> None:
    _explain(invocation, Explanation.attendance)


def _explain(invocation: Invocation, part: Callable[[Explanation], Iterator[str]]) -> None:
    read = _page(invocation)
    if invocation.asked.json:
        print_data(msgspec.json.encode(read).decode())
        return
    for line in part(Explanation(read, invocation.catalogue)):
        print_data(printable(line))


def _page(invocation: Invocation) -> AdherenceDay:
    """Raises `Refused` with `unknown_agent`, or `bad_date` for one that no calendar has whole."""
    number, day = invocation.asked.agent, invocation.asked.date or today(invocation)
    zone = invocation.settings.site.zone
    moment = Moment(ZoneInfo(zone), bootstrap.now_ms())
    with tables.reading(database.find(invocation.folder)) as (connection, _):
        rows = staff_rows(connection, number)
        if not rows:
            raise Refused(Code.UNKNOWN_AGENT, agent=number)
        person = as_person(rows[0], memberships_of(connection, number), today(invocation))
        try:
            date = read_day(connection, number, day, moment)
        except (OverflowError, ValueError) as error:
            raise Refused(Code.BAD_DATE, text=day.isoformat()) from error
        return page(connection, Asked(0, person, zone), date)
