"""The commands that read and write files of questions: `import questions`, `export questions`."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from agent_service import database, tables
from agent_service.accounts.staff import OPERATOR
from agent_service.accounts.staff_sheet import Fault
from agent_service.arguments import Commands
from agent_service.commands.documents_words import question_heading
from agent_service.commands.faults_shown import show_faults
from agent_service.commands.invocation import Invocation
from agent_service.commands.people import writing
from agent_service.commands.question_formats import format_of
from agent_service.documents.projector import DocumentProjector
from agent_service.documents.register import DocumentRegister
from agent_service.documents.scene import Scene
from agent_service.identity import name_of_act
from agent_service.publishing import new_file
from agent_service.question_files.bringing_in import Plan, bank, plan
from agent_service.question_files.reading import Placed
from agent_service.question_files.sheet import Column
from protocol.wire.errors import Code, Refused


def add_commands(commands: Commands) -> None:
    """Add them to the command line."""
    text = commands.text
    into = commands.group("import", "import").add("questions", "import_questions", _import)
    into.add_argument("file", metavar="FILE", type=Path, help=text("import_questions_file"))
    into.add_argument("--enable", action="store_true", help=text("import_questions_enable"))
    out = commands.group("export", "export").add("questions", "export_questions", _export)
    out.add_argument("file", metavar="FILE", type=Path, help=text("export_questions_file"))
    out.add_argument("--category", metavar="NAME", help=text("export_questions_category"))


def _import(invocation: Invocation) -> None:
    file = invocation.asked.file
    reading = format_of(file).read(file)
    with tables.reading(database.find(invocation.folder)) as (connection, _):
        found = plan(Scene(connection, DocumentProjector()), reading.questions)
    _show(invocation, (*reading.notes, *found.notes))
    faults = (*reading.faults, *found.faults)
    if faults:
        _show(invocation, faults)
        raise Refused(Code.BAD_SHEET, file=str(file), faults=len(faults))
    done = _bring_in(invocation, reading.questions)
    invocation.say("questions_imported", questions=len(done.new), passed=done.passed)


def _bring_in(invocation: Invocation, placed: Sequence[Placed]) -> Plan:
    """In one transaction, in which nobody else adds the same ones."""
    with writing(invocation) as books:
        register = DocumentRegister(books.appender, books.projections.documents)
        done = plan(Scene(books.connection, books.projections.documents), placed)
        key = name_of_act(key="")
        rows = register.publish_all(books.connection, done.new, OPERATOR, key)
        if invocation.asked.enable:
            names = [row.document for row in rows]
            register.enable(books.connection, names, True, OPERATOR)
    return done


def _export(invocation: Invocation) -> None:
    file, category = invocation.asked.file, invocation.asked.category
    format_ = format_of(file)
    with tables.reading(database.find(invocation.folder)) as (connection, _):
        questions = bank(Scene(connection, DocumentProjector()))
    chosen = [each for each in questions if category in (None, each.category)]
    if category is not None and not chosen:
        raise Refused(Code.UNKNOWN_CATEGORY, category=category)
    held = [each for each in chosen if format_.holds(each)]
    with new_file(file) as draft:
        format_.write(draft, held, invocation.catalogue)
    if len(held) < len(chosen):
        invocation.say("questions_left", left=len(chosen) - len(held))
    invocation.say("questions_exported", questions=len(held), file=file)


def _show(invocation: Invocation, faults: Sequence[Fault]) -> None:
    show_faults(invocation, faults, set(Column), partial(question_heading, invocation.catalogue))
