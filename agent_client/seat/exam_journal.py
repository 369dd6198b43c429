"""The answers of exams on this desk's disk: each before anybody is told that it is kept, and until
the service has it or the sitting is over.

One SQLite file, readable by its owner alone, beside the outbox. It is opened when it is needed: a
seat on which nobody sits an exam has none.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlite_utils import Database, Migrations

from protocol.wire.errors import Code, Refused
from protocol.wire.exams import SavedAnswer, Sheet

migrations = Migrations("exams")

KEEP_MS = 24 * 3600 * 1000
"""What is left of a sitting is forgotten so long after its deadline."""


@migrations()
def create_journal(db: Database) -> None:
    """Sittings that were begun here, and what was answered here."""
    for statement in (
        """CREATE TABLE sitting (
               sitting TEXT PRIMARY KEY,
               issue TEXT NOT NULL,
               turn INTEGER NOT NULL,
               tries INTEGER NOT NULL DEFAULT 0,
               focus_left INTEGER NOT NULL DEFAULT 0,
               deadline_ms INTEGER NOT NULL,
               number INTEGER NOT NULL,
               elsewhere INTEGER NOT NULL DEFAULT 0,
               sheet BLOB NOT NULL
           ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE answer (
               sitting TEXT NOT NULL REFERENCES sitting(sitting) ON DELETE CASCADE,
               question TEXT NOT NULL,
               answer BLOB NOT NULL,
               number INTEGER NOT NULL,
               saved INTEGER NOT NULL DEFAULT 0,
               refused INTEGER NOT NULL DEFAULT 0,
               PRIMARY KEY (sitting, question)
           ) STRICT, WITHOUT ROWID""",
    ):
        db.execute(statement)


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """A sitting as this disk has it."""

    sitting: str
    issue: str
    turn: int
    tries: int
    """How often going on was asked for since, without an answer: each may have been a turn."""
    focus_left: int
    deadline_ms: int
    """As the service told last."""
    elsewhere: bool
    """It goes on at another desk."""


_KEPT = "SELECT sitting, issue, turn, tries, focus_left, deadline_ms, elsewhere FROM sitting"


class ExamJournal:
    """To be used from one thread. Everything raises `Refused(DISK_FAILED)` where the disk does not
    do it; then nothing changed."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._opened: Database | None = None

    def of_issue(self, issue: str) -> Kept | None:
        """The sitting of an issue that was begun here last."""
        found = self._kept("WHERE issue = ? ORDER BY deadline_ms DESC LIMIT 1", issue)
        return found[0] if found else None

    def of(self, sitting: str) -> Kept | None:
        """One of them."""
        found = self._kept("WHERE sitting = ?", sitting)
        return found[0] if found else None

    def waiting(self) -> tuple[Kept, ...]:
        """Those with answers that the service may lack and would take."""
        if not self._file.exists():
            return ()
        unsaved = "SELECT sitting FROM answer WHERE NOT saved AND NOT refused"
        return self._kept(f"WHERE NOT elsewhere AND sitting IN ({unsaved})")

    def sheet(self, sitting: str) -> Sheet:
        """The paper, with the answers on this disk."""
        ((raw,),) = self._rows("SELECT sheet FROM sitting WHERE sitting = ?", sitting)
        sheet = msgspec.json.decode(raw, type=Sheet)
        rows = self._rows("SELECT question, answer FROM answer WHERE sitting = ?", sitting)
        answers = {question: _read(answer) for question, answer in rows}
        questions = tuple(
            msgspec.structs.replace(each, answer=answers.get(each.question, each.answer))
            for each in sheet.questions
        )
        return msgspec.structs.replace(sheet, questions=questions)

    def unsaved(self, sitting: str) -> tuple[SavedAnswer, ...]:
        """What the service has not confirmed, in the order in which it was answered; without what
        it refused."""
        rows = self._rows(
            "SELECT question, answer, number FROM answer"
            " WHERE sitting = ? AND NOT saved AND NOT refused ORDER BY number",
            sitting,
        )
        return tuple(SavedAnswer(question, _read(answer), n) for question, answer, n in rows)

    def unsaved_count(self, sitting: str) -> int:
        """How many answers the service has not confirmed."""
        query = "SELECT count(*) FROM answer WHERE sitting = ? AND NOT saved"
        return int(self._rows(query, sitting)[0][0])

    def asking(self, issue: str) -> None:
        """Going on is asked for: whatever becomes of that, the turn may be another one."""
        with self._on_disk() as db:
            db.execute("UPDATE sitting SET tries = tries + 1 WHERE issue = ?", (issue,))

    def begin(self, issue: str, sheet: Sheet, now_ms: int) -> None:
        """The service gave the paper out. Answers of this disk that it lacks stay, also those that
        a restored service has lost; unless another desk had a turn meanwhile and the question was
        answered there."""
        before, raw = self.of(sheet.sitting), msgspec.json.encode(sheet)
        with self._on_disk() as db:
            db.execute("DELETE FROM sitting WHERE deadline_ms < ?", (now_ms - KEEP_MS,))
            db.execute(
                "INSERT INTO sitting (sitting, issue, turn, deadline_ms, number, sheet)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (sitting) DO UPDATE SET"
                " turn = excluded.turn, tries = 0, deadline_ms = excluded.deadline_ms,"
                " number = excluded.number, elsewhere = 0, sheet = excluded.sheet",
                (sheet.sitting, issue, sheet.turn, sheet.deadline_ms, sheet.number, raw),
            )
            if before is not None and sheet.turn > before.turn + before.tries:
                _yield_to_other_desk(db, sheet)
            of_sheet = (sheet.sitting, sheet.number)
            db.execute("DELETE FROM answer WHERE sitting = ? AND number <= ?", of_sheet)
            db.execute("UPDATE answer SET saved = 0 WHERE sitting = ?", (sheet.sitting,))
            db.execute(
                "UPDATE sitting SET number = max(number, coalesce((SELECT max(number)"
                " FROM answer WHERE answer.sitting = sitting.sitting), 0)) WHERE sitting = ?",
                (sheet.sitting,),
            )

    def answer(self, sitting: str, question: str, answer: tuple[str, ...]) -> None:
        """What is answered to a question, on the disk when this returns."""
        with self._on_disk() as db:
            db.execute("UPDATE sitting SET number = number + 1 WHERE sitting = ?", (sitting,))
            db.execute(
                "INSERT OR REPLACE INTO answer (sitting, question, answer, number)"
                " SELECT sitting, ?, ?, number FROM sitting WHERE sitting = ?",
                (question, msgspec.json.encode(answer), sitting),
            )

    def left_focus(self, sitting: str) -> None:
        """Something else was looked at, once more."""
        with self._on_disk() as db:
            db.execute(
                "UPDATE sitting SET focus_left = focus_left + 1 WHERE sitting = ?", (sitting,)
            )

    def saved(self, sitting: str, answers: Iterable[SavedAnswer], deadline_ms: int) -> None:
        """The service has these on its disk, and says how long there is."""
        with self._on_disk() as db:
            db.executemany(
                "UPDATE answer SET saved = 1 WHERE sitting = ? AND question = ? AND number = ?",
                [(sitting, each.question, each.number) for each in answers],
            )
            db.execute(
                "UPDATE sitting SET deadline_ms = ? WHERE sitting = ?", (deadline_ms, sitting)
            )

    def refused(self, sitting: str, answer: SavedAnswer) -> None:
        """The service takes the others and not this one: it is not sent again as it is."""
        with self._on_disk() as db:
            db.execute(
                "UPDATE answer SET refused = 1 WHERE sitting = ? AND question = ? AND number = ?",
                (sitting, answer.question, answer.number),
            )

    def goes_on_elsewhere(self, sitting: str) -> None:
        """Another desk has the turn: nothing is sent from here."""
        with self._on_disk() as db:
            db.execute("UPDATE sitting SET elsewhere = 1 WHERE sitting = ?", (sitting,))

    def forget(self, sitting: str) -> None:
        """It is over."""
        with self._on_disk() as db:
            db.execute("DELETE FROM sitting WHERE sitting = ?", (sitting,))

    def close(self) -> None:
        """Let the file go."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def _kept(self, where: str, *values: str) -> tuple[Kept, ...]:
        rows = self._rows(f"{_KEPT} {where}", *values)
        return tuple(msgspec.convert(row, Kept, strict=False) for row in rows)

    def _rows(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        with _disk_fails():
            return self._db().conn.execute(query, values).fetchall()

    @contextmanager
    def _on_disk(self) -> Iterator[sqlite3.Connection]:
        with _disk_fails(), self._db().atomic():
            yield self._db().conn

    def _db(self) -> Database:
        if self._opened is None:
            self._opened = _open(self._file)
        return self._opened


def _yield_to_other_desk(db: sqlite3.Connection, sheet: Sheet) -> None:
    """Numbers of the other desk have gone on: what is kept here is numbered after them, in its
    order, and never stands in place of what was answered there."""
    db.executemany(
        "DELETE FROM answer WHERE sitting = ? AND question = ?",
        [(sheet.sitting, each.question) for each in sheet.questions if each.number],
    )
    db.execute(
        "UPDATE answer SET number = number + ? WHERE sitting = ?", (sheet.number, sheet.sitting)
    )


def _read(answer: bytes) -> tuple[str, ...]:
    return msgspec.json.decode(answer, type=tuple[str, ...])


@contextmanager
def _disk_fails() -> Iterator[None]:
    """A disk that does not do it has a code."""
    try:
        yield
    except (OSError, sqlite3.Error) as failed:
        raise Refused(Code.DISK_FAILED, detail=str(failed)) from failed


def _open(file: Path) -> Database:
    """Open the file, or make it. What can't be read is put aside: the service has what it has
    confirmed, and an exam can be gone on with. Raises `OSError` or `sqlite3.Error`."""
    try:
        return _opened(file)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise  # the disk is full or busy: nothing says that the file is damaged
    file.replace(file.with_suffix(".damaged"))
    for beside in ("-wal", "-shm"):
        file.with_name(file.name + beside).unlink(missing_ok=True)
    return _opened(file)


def _opened(file: Path) -> Database:
    file.touch(mode=0o600)  # what SQLite makes beside it gets the same mode
    db = Database(sqlite3.connect(file))
    try:
        db.enable_wal()
        db.conn.execute("PRAGMA synchronous=FULL")
        db.conn.execute("PRAGMA foreign_keys=ON")
        migrations.apply(db)
    except BaseException:
        db.close()
        raise
    return db
