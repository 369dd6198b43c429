"""The folder of the records: whether it can be written, is private, and has room."""

import os
import shutil
import stat
import tempfile
from pathlib import Path

from agent_client.doctor.finding import Finding, Found, found
from agent_client.seat.place import place_of
from agent_client.settings import Settings

LOW_MB = 1024
FULL_MB = 64
"""Below it a shift's records may not fit."""


async def records(settings: Settings) -> list[Finding]:
    """The seat's own folder, or where it would be made."""
    folder = place_of(settings).records if settings.agent else settings.data_folder()
    existing = _nearest(folder)
    if existing is None or not _writable(existing):
        return [found(Found.FOLDER_UNWRITABLE, folder=str(existing or folder))]
    if existing != folder:
        return [found(Found.FOLDER_TO_COME, folder=str(folder)), _room(existing)]
    return [_privacy(folder), _room(folder)]


def _nearest(folder: Path) -> Path | None:
    """The folder, or the nearest one above it that exists; null where a file is in the way."""
    for each in (folder, *folder.parents):
        try:
            status = each.stat()
        except FileNotFoundError:
            continue
        except OSError:
            return None
        return each if stat.S_ISDIR(status.st_mode) else None
    return None


def _writable(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"seatline")
            file.flush()
    except OSError:
        return False
    return True


def _privacy(folder: Path) -> Finding:
    status = folder.stat()
    foreign = hasattr(os, "getuid") and (
        status.st_uid != os.getuid() or bool(stat.S_IMODE(status.st_mode) & 0o077)
    )
    return found(Found.FOLDER_OPEN if foreign else Found.FOLDER_FINE, folder=str(folder))


def _room(folder: Path) -> Finding:
    free_mb = shutil.disk_usage(folder).free >> 20
    if free_mb < FULL_MB:
        return found(Found.DISK_FULL, free_mb=free_mb)
    return found(Found.DISK_LOW if free_mb < LOW_MB else Found.DISK_ROOM, free_mb=free_mb)
