"""The commands that read and write tables of staff: `import staff` and `export staff`."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from agent_service import bootstrap, database, sheets, tables
from agent_service.accounts import credentials
from agent_service.accounts.staff_import import Newcomer, bring_in
from agent_service.accounts.staff_sheet import Column, StaffLine, StaffSheet, Words, folded
from agent_service.arguments import Commands
from agent_service.commands.faults_shown import show_faults
from agent_service.commands.invocation import Invocation, print_data
from agent_service.commands.people import today, writing
from agent_service.commands.people_shown import everybody
from agent_service.publishing import new_file
from protocol.facts.staff import Role
from protocol.i18n import LANGUAGES, Catalogue, load
from protocol.wire.errors import Code, Refused

_DAY_MS = 86_400_000
_EXPORTED = (
    Column.NUMBER,
    Column.NAME,
    Column.ROLE,
    Column.TEAM,
    Column.LINE,
    Column.SIP_USER,
)


def add_commands(commands: Commands) -> None:
    """Add them to the command line."""
    text = commands.text
    into = commands.group("import", "import").add("staff", "import_staff", _import)
    into.add_argument("file", metavar="FILE", type=Path, help=text("import_staff_file"))
    into.add_argument("--passwords", metavar="FILE", type=Path, help=text("import_staff_passwords"))
    out = commands.group("export", "export").add("staff", "export_staff", _export)
    out.add_argument("file", metavar="FILE", type=Path, help=text("export_staff_file"))


def words() -> Words:
    """How columns and roles are written, in every language and as codes."""
    columns = {folded(column): column for column in Column}
    roles = {folded(role): role for role in Role}
    for catalogue in map(load, LANGUAGES):
        columns |= {folded(_heading(catalogue, column)): column for column in Column}
        roles |= {folded(catalogue.text(f"role.{role}")): role for role in Role}
    return Words(columns, roles)


def _heading(catalogue: Catalogue, column: str) -> str:
    return catalogue.text(f"people.column.{column}")


def _import(invocation: Invocation) -> None:
    file, day = invocation.asked.file, today(invocation)
    sheet = StaffSheet(sheets.read(file), words())
    sheet.blame_dates(day)
    if sheet.faults:
        show_faults(invocation, sheet.faults, set(Column), partial(_heading, invocation.catalogue))
        raise Refused(Code.BAD_SHEET, file=str(file), faults=len(sheet.faults))
    newcomers = _bring_in(invocation, sheet.people)
    for newcomer in newcomers:
        print_data(newcomer.number)
    invocation.say("staff_imported", people=len(sheet.people), added=len(newcomers))


def _bring_in(invocation: Invocation, people: Sequence[StaffLine]) -> list[Newcomer]:
    """In one transaction. The file of first passwords is complete before it is committed."""
    passwords, day = invocation.asked.passwords, today(invocation)
    expires_ms = bootstrap.now_ms() + invocation.settings.sign_in.first_days * _DAY_MS
    if passwords is None:
        with writing(invocation) as books:
            newcomers = bring_in(books, people, day, expires_ms)
            if newcomers:
                raise Refused(Code.PASSWORDS_FILE_NEEDED, added=len(newcomers))
        return []
    with new_file(passwords) as draft, writing(invocation) as books:
        newcomers = bring_in(books, people, day, expires_ms)
        sheets.write(draft, _passwords(invocation.catalogue, newcomers), passwords.suffix)
    return newcomers


def _passwords(catalogue: Catalogue, newcomers: Sequence[Newcomer]) -> list[Sequence[str]]:
    head = [
        _heading(catalogue, Column.NUMBER),
        _heading(catalogue, Column.NAME),
        catalogue.text("people.first_password"),
    ]
    return [head, *([each.number, each.name, each.code] for each in newcomers)]


def _export(invocation: Invocation) -> None:
    file, catalogue = invocation.asked.file, invocation.catalogue
    people = [each for each in everybody(invocation.folder, today(invocation)) if not each.disabled]
    with tables.reading(database.find(invocation.folder)) as (connection, _):
        users = {each.number: credentials.find(connection, each.number).sip_user for each in people}
    rows: list[Sequence[str]] = [[_heading(catalogue, column) for column in _EXPORTED]]
    for each in people:
        roles = ", ".join(
            catalogue.text(f"role.{role}") if role in set(Role) else role for role in each.roles
        )
        lines = ", ".join(each.lines)
        rows.append([each.number, each.name, roles, each.team, lines, users[each.number]])
    with new_file(file) as draft:
        sheets.write(draft, rows, file.suffix)
    invocation.say("staff_exported", people=len(people), file=file)
