"""The commands that read and write training contents, as a folder or a table: `import contents`,
`export contents`."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from agent_service import database, sheets, tables
from agent_service.accounts.staff import OPERATOR
from agent_service.accounts.staff_sheet import Fault
from agent_service.arguments import Commands
from agent_service.commands.documents_words import (
    content_columns,
    content_heading,
    content_headings,
)
from agent_service.commands.faults_shown import show_faults, show_faults_of_files
from agent_service.commands.invocation import Invocation
from agent_service.commands.people import writing
from agent_service.content_files import folder, sheet
from agent_service.content_files.bringing_in import Plan, plan, shelves
from agent_service.content_files.reading import Placed, Reading, Written
from agent_service.documents.projector import DocumentProjector
from agent_service.documents.register import DocumentRegister
from agent_service.documents.scene import Scene
from agent_service.identity import name_of_act
from agent_service.printable import printable
from agent_service.publishing import new_file, new_folder
from protocol.wire.errors import Code, Refused


def add_commands(commands: Commands) -> None:
    """Add them to the command line."""
    text = commands.text
    into = commands.group("import", "import").add("contents", "import_contents", _import)
    into.add_argument("source", metavar="FOLDER", type=Path, help=text("import_contents_source"))
    out = commands.group("export", "export").add("contents", "export_contents", _export)
    out.add_argument("target", metavar="FOLDER", type=Path, help=text("export_contents_target"))


def _import(invocation: Invocation) -> None:
    source, key = invocation.asked.source, name_of_act(key="")
    reading = _read(source)
    with tables.reading(database.find(invocation.folder)) as (connection, _):
        found = plan(Scene(connection, DocumentProjector()), reading.contents, key)
    _show(invocation, reading.notes)
    faults = (*reading.faults, *found.faults)
    if faults:
        _show(invocation, faults)
        raise Refused(Code.BAD_SHEET, file=str(source), faults=len(faults))
    done = _bring_in(invocation, reading.contents, key)
    invocation.say(
        "contents_imported",
        contents=len(done.new) - done.types,
        types=done.types,
        revised=len(done.revised),
        passed=done.passed,
    )


def _read(source: Path) -> Reading:
    if source.is_dir():
        return folder.read(source)
    if source.exists() and not _is_table(source):
        formats = f"{sheets.EXCEL}, */*{folder.SUFFIX}"
        raise Refused(Code.UNKNOWN_FILE_FORMAT, file=str(source), formats=formats)
    return sheet.read(sheets.read(source), content_columns())


def _is_table(path: Path) -> bool:
    return path.suffix.lower() == sheets.EXCEL


def _bring_in(invocation: Invocation, placed: Sequence[Placed], key: str) -> Plan:
    """In one transaction, in which nobody else changes the same ones."""
    with writing(invocation) as books:
        register = DocumentRegister(books.appender, books.projections.documents)
        done = plan(Scene(books.connection, books.projections.documents), placed, key)
        register.publish_all(books.connection, done.new, OPERATOR, key)
        for each in done.revised:
            register.revise(books.connection, each.document, each.base, each.body, OPERATOR)
    return done


def _export(invocation: Invocation) -> None:
    target = invocation.asked.target
    with tables.reading(database.find(invocation.folder)) as (connection, _):
        contents = list(shelves(Scene(connection, DocumentProjector())))
    if _is_table(target):
        contents = _write_table(invocation, target, contents)
    else:
        with new_folder(target) as draft:
            folder.write(draft, contents)
    invocation.say("contents_exported", contents=len(contents), target=target)


def _write_table(invocation: Invocation, file: Path, contents: Sequence[Written]) -> list[Written]:
    """What was written; what no cell holds is named."""
    held = [each for each in contents if sheet.holds(each)]
    with new_file(file) as draft:
        rows = sheet.write(held, content_headings(invocation.catalogue))
        sheets.write(draft, rows, file.suffix)
    for each in contents:
        if not sheet.holds(each):
            name = printable(each.name)
            invocation.say("content_left", name=name, most=sheet.MOST_TEXT)
    return held


def _show(invocation: Invocation, faults: Sequence[Fault]) -> None:
    """Of a table by its columns, of a folder by its files."""
    if invocation.asked.source.is_dir():
        show_faults_of_files(invocation, faults)
    else:
        heading = partial(content_heading, invocation.catalogue)
        show_faults(invocation, faults, set(sheet.Column), heading)
