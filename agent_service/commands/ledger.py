"""The commands on the ledger: `verify`, `rebuild`, `export facts` and `import facts`."""

import contextlib
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from agent_service import database, tables
from agent_service.arguments import Commands
from agent_service.commands.invocation import Invocation, print_head
from agent_service.ledger import rebuild as refolding
from agent_service.ledger.append import Head
from agent_service.ledger.rebuild import Told
from agent_service.ledger.verify import Unread
from agent_service.ledger.verify import verify as verify_ledger
from agent_service.lock import Lock
from agent_service.publishing import new_file
from agent_service.transfer import export_facts, import_facts
from protocol.wire.errors import Code, Refused

STANDARD = "-"
"""In place of a file's name: standard input or output."""


def add_commands(commands: Commands) -> None:
    """Add them to the command line."""
    text = commands.text
    commands.add("verify", "verify", _verify)
    commands.add("rebuild", "rebuild", _rebuild)
    out = commands.group("export", "export").add("facts", "export_facts", _export_facts)
    out.add_argument("file", metavar="FILE", help=text("export_facts_file"))
    into = commands.group("import", "import").add("facts", "import_facts", _import_facts)
    into.add_argument("file", metavar="FILE", help=text("import_facts_file"))


def _verify(invocation: Invocation) -> None:
    unreadable: Counter[str] = Counter()
    head = verify(invocation.folder, lambda entry: unreadable.update((entry.kind,)))
    print_head(head, unreadable=unreadable)


def verify(folder: Path, unread: Unread = lambda entry: None) -> Head:
    """Check the ledger and its projections, also while the service runs. Raises `Refused` with
    `ledger_broken` or `projection_differs`."""
    with tables.reading(database.find(folder)) as (connection, ledger):
        return verify_ledger(connection, ledger, tables.empty_projections(), unread)


def _rebuild(invocation: Invocation) -> None:
    print_head(rebuild(invocation.folder, invocation.progress()))


def rebuild(folder: Path, told: Told) -> Head:
    """Fold every projection anew, in one transaction. Raises `Refused` with `already_serving`
    or `ledger_broken`."""
    database.find(folder)
    lock = Lock(folder)
    try:
        with contextlib.closing(tables.open_current(folder)) as opened, opened.atomic():
            ledger = tables.ledger_of(opened.conn, folder)
            return refolding.rebuild(opened.conn, ledger, tables.empty_projections(), told)
    finally:
        lock.release()


def _export_facts(invocation: Invocation) -> None:
    lines = export_facts(invocation.folder)
    file = invocation.asked.file
    if file == STANDARD:
        sys.stdout.buffer.writelines(lines)
        sys.stdout.buffer.flush()
        return
    with new_file(Path(file)) as draft, draft.open("wb") as stream:
        stream.writelines(lines)


def _import_facts(invocation: Invocation) -> None:
    file = invocation.asked.file
    with _lines(file) as lines:
        imported = import_facts(invocation.folder, lines, file, invocation.progress())
    print_head(imported.head, ledger=imported.ledger)
    invocation.say("imported")


@contextlib.contextmanager
def _lines(file: str) -> Iterator[Iterable[bytes]]:
    if file == STANDARD:
        yield sys.stdin.buffer
        return
    stream = _open(Path(file))
    with stream:
        yield stream


def _open(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except OSError as error:
        raise Refused(Code.FILE_REFUSED, file=str(file), detail=str(error.strerror)) from error
