"""Opening the records where they may be damaged, or gone.

Damaged records are set aside, never mended in place and never deleted; a new database with what can
be read of them takes their place. It is complete, and on the disk, before anything gets another
name: an interruption at any moment is made good by the next start.
"""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from agent_client.seat.outbox import Outbox
from agent_client.seat.place import SeatPlace, sync_folder, write_private
from agent_client.seat.salvaged_copy import (
    can_all_be_sent,
    copy_of,
    is_damage,
    nothing_left,
    open_to_read,
)
from protocol.wire.errors import Code, Refused

_log = logging.getLogger(__name__)

_LOGS = ("-wal", "-shm")
"""What SQLite keeps beside a database."""


class Opened(NamedTuple):
    """The records, and what had to be set aside for them."""

    outbox: Outbox
    damaged: Path | None = None


def open_records(place: SeatPlace) -> Opened:
    """Open the seat's records. Raises `Refused(DISK_FAILED)`."""
    file = place.outbox
    try:
        aside = _finish(file)
        outbox = None if _are_gone(place) else _open_sound(file)
        if outbox is None:
            aside = _replace(file)
            outbox = Outbox(file)
    except (OSError, sqlite3.Error) as failed:
        raise Refused(Code.DISK_FAILED, detail=str(failed)) from failed
    _copy(file).unlink(missing_ok=True)
    return Opened(outbox, aside)


def _are_gone(place: SeatPlace) -> bool:
    """A desk whose clock was set once has had records."""
    file = place.outbox
    return place.anchor.exists() and (not file.exists() or file.stat().st_size == 0)


def _open_sound(file: Path) -> Outbox | None:
    """None where the records are damaged. Raises `Refused(DISK_FAILED)`."""
    if file.is_file() and _is_damaged(file):
        return None
    try:
        return Outbox(file)
    except Exception as failed:
        if not is_damage(failed):
            raise
        _log.exception("the records can't be opened")
        return None


def _is_damaged(file: Path) -> bool:
    """Not by a disk that can't be read at present: that is for the system to mend."""
    try:
        with closing(open_to_read(file)) as db:
            found = db.execute("PRAGMA integrity_check(1)").fetchone()
            return bool(found != ("ok",)) or not can_all_be_sent(db)
    except Exception as failed:  # noqa: BLE001 - damaged bytes can make anything fail
        _log.warning("the records can't be read: %s", failed)
        return is_damage(failed)


def _replace(file: Path) -> Path | None:
    """Put a new database in the place of damaged or missing records. Returns the damaged ones."""
    aside = _name(file, _newest(file) + 1)
    if not file.exists():
        _log.error("the records of this seat are gone")
        _move_logs(file, aside)
        write_private(_copy(file), nothing_left())
    else:
        _log.error("the records are damaged; they are set aside as %s", aside.name)
        write_private(_copy(file), copy_of(file))
        file.rename(aside)
    _finish(file)
    return aside if aside.exists() else None


def _finish(file: Path) -> Path | None:
    """Name the copy as the records where they have been set aside or are gone. Returns what was
    set aside."""
    if file.exists() or not _copy(file).exists():
        return None
    aside = _name(file, max(_newest(file), 1))
    _move_logs(file, aside)
    _copy(file).rename(file)
    sync_folder(file.parent)
    return aside if aside.exists() else None


def _move_logs(file: Path, aside: Path) -> None:
    """A new database must not find the log of another."""
    for suffix in _LOGS:
        if _beside(file, suffix).exists():
            _beside(file, suffix).rename(_beside(aside, suffix))


def _copy(file: Path) -> Path:
    return file.with_suffix(".salvaged")


def _beside(file: Path, suffix: str) -> Path:
    return file.with_name(file.name + suffix)


def _name(file: Path, number: int) -> Path:
    return file.with_name(f"{file.stem}.damaged-{number}{file.suffix}")


def _newest(file: Path) -> int:
    """The number of the database that was set aside last; 0 without one."""
    number = 0
    while any(_beside(_name(file, number + 1), suffix).exists() for suffix in ("", *_LOGS)):
        number += 1
    return number
