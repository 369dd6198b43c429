"""The commands that show people: `user list`, `user show` and `team list`."""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import msgspec

from agent_service import database, tables
from agent_service.accounts.memberships import Memberships, lines_on, team_on
from agent_service.accounts.projector import (
    StaffRow,
    memberships_of,
    memberships_of_all,
    staff_rows,
)
from agent_service.arguments import Commands
from agent_service.commands.invocation import Invocation, print_data
from agent_service.commands.people import today
from agent_service.printable import printable
from protocol.facts.staff import Role
from protocol.wire.errors import Code, Refused


class Shown(msgspec.Struct, frozen=True):
    """Somebody as of a day."""

    number: str
    name: str
    roles: tuple[str, ...]
    team: str
    lines: tuple[str, ...]
    disabled: bool


def add_commands(commands: Commands) -> None:
    """Add them to the command line."""
    user = commands.group("user", "user")
    listing = user.add("list", "user_list", _list)
    listing.add_argument("--json", action="store_true", help=user.text("json"))
    listing.add_argument("--all", action="store_true", help=user.text("user_list_all"))
    show = user.add("show", "user_show", _show)
    show.add_argument("number", metavar="NUMBER", help=user.text("user_number"))
    teams = commands.group("team", "team").add("list", "team_list", _teams)
    teams.add_argument("--json", action="store_true", help=user.text("json"))


def everybody(folder: Path, day: date) -> list[Shown]:
    """The whole staff as of a day, by staff number."""
    with tables.reading(database.find(folder)) as (connection, _):
        memberships = memberships_of_all(connection)
        rows = staff_rows(connection)
    return [_shown(row, memberships.get(row.number, ()), day) for row in rows]


def _shown(row: StaffRow, memberships: Memberships, day: date) -> Shown:
    team, lines = team_on(memberships, day), lines_on(memberships, day)
    return Shown(row.number, row.name, row.roles, team, lines, row.disabled)


def _list(invocation: Invocation) -> None:
    people = everybody(invocation.folder, today(invocation))
    shown = [person for person in people if invocation.asked.all or not person.disabled]
    if invocation.asked.json:
        print_data(json.dumps(msgspec.to_builtins(shown), ensure_ascii=False))
        return
    for each in shown:
        ended = (invocation.catalogue.text("people.disabled"),) if each.disabled else ()
        roles = ", ".join(_role(invocation, role) for role in each.roles)
        columns = (each.number, each.name, roles, each.team, ", ".join(each.lines), *ended)
        _print_row(columns)


def _print_row(columns: Iterable[str]) -> None:
    """For people, one line: a name out of a ledger of somebody else's may hold anything."""
    print_data("\t".join(map(printable, columns)))


def _role(invocation: Invocation, role: str) -> str:
    """A role in words; one of a newer version as it is."""
    return invocation.catalogue.text(f"role.{role}") if role in set(Role) else role


def _show(invocation: Invocation) -> None:
    number = invocation.asked.number
    with tables.reading(database.find(invocation.folder)) as (connection, _):
        rows = staff_rows(connection, number)
        memberships = memberships_of(connection, number)
    if not rows:
        raise Refused(Code.UNKNOWN_AGENT, agent=number)
    shown = msgspec.to_builtins(_shown(rows[0], memberships, today(invocation)))
    shown["memberships"] = msgspec.to_builtins(memberships)
    print_data(json.dumps(shown, ensure_ascii=False))


def _teams(invocation: Invocation) -> None:
    teams: dict[str, list[Shown]] = {}
    for person in everybody(invocation.folder, today(invocation)):
        if person.team and not person.disabled:
            teams.setdefault(person.team, []).append(person)
    found = [
        {
            "team": team,
            "leaders": [each.number for each in members if Role.LEADER in each.roles],
            "members": [each.number for each in members],
        }
        for team, members in sorted(teams.items())
    ]
    if invocation.asked.json:
        print_data(json.dumps(found, ensure_ascii=False))
        return
    for each in found:
        _print_row((str(each["team"]), ", ".join(each["leaders"]), str(len(each["members"]))))
