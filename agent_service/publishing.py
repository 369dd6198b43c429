"""Files that are made as a whole or not at all."""

import contextlib
import errno
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from protocol.wire.errors import Code, Refused

_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS}
"""What file systems say that know no second names."""


@contextlib.contextmanager
def drafted(path: Path) -> Iterator[Path]:
    """An empty file beside `path`, its owner's alone. It is gone after the block, unless it was
    given a name. Raises `Refused` with `file_refused` when the folder can't be written."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise Refused(Code.FILE_REFUSED, file=str(path), detail=str(error.strerror)) from error
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


@contextlib.contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """A draft that gets the name `path` when the block ends well. Raises `Refused` with
    `file_exists`, and never writes over another file."""
    if path.exists():
        raise Refused(Code.FILE_EXISTS, file=str(path))
    with drafted(path) as draft:
        yield draft
        _sync(draft)
        _give_name(draft, path)
    _sync(path.parent)


@contextlib.contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """An empty folder beside `path`, its owner's alone, that gets this name when the block ends
    well; else it is gone with what is in it. Raises `Refused` with `file_exists` or
    `file_refused`, and never touches another folder."""
    if path.exists():
        raise Refused(Code.FILE_EXISTS, file=str(path))
    try:
        draft = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    except OSError as error:
        raise Refused(Code.FILE_REFUSED, file=str(path), detail=str(error.strerror)) from error
    try:
        yield draft
        for each in (*draft.rglob("*"), draft):
            _sync(each)
        draft.rename(path)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    _sync(path.parent)


def replace(draft: Path, path: Path) -> None:
    """Put a draft in the place of another file, in one step, and have that on the disk."""
    _sync(draft)
    draft.replace(path)
    _sync(path.parent)


def set_aside(files: Mapping[Path, Path]) -> None:
    """Give files that belong together, all in one folder, other names. Whenever the machine
    stops, all of them are there under the old names or under the new. Raises `Refused` with
    `file_exists`."""
    for kept in files.values():
        if kept.exists():
            raise Refused(Code.FILE_EXISTS, file=str(kept))
    for path, kept in files.items():
        _give_name(path, kept)
    for folder in {kept.parent for kept in files.values()}:
        _sync(folder)
    for path in files:
        path.unlink(missing_ok=True)


def _give_name(draft: Path, path: Path) -> None:
    """Only if nobody else has taken it meanwhile."""
    try:
        os.link(draft, path)
    except FileExistsError as error:
        raise Refused(Code.FILE_EXISTS, file=str(path)) from error
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        draft.rename(path)


def _sync(path: Path) -> None:
    with contextlib.suppress(PermissionError):  # Windows opens no folders
        handle = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
