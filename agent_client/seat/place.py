"""Where a seat's files are: its records, its lock, and the socket that others find it by.

All of it belongs to (server, staff number), so that several seats run on one machine. The
identity of the desk belongs to the server alone.
"""

import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from agent_client.settings import Settings
from protocol.wire.errors import Code, Refused


class SeatPlace(msgspec.Struct, frozen=True):
    """The paths of one seat."""

    server: str
    agent: str
    records: Path
    """The seat's own folder."""
    server_folder: Path
    """The folder of the desk's identity at this server."""
    runtime: Path

    @property
    def outbox(self) -> Path:
        """The database of facts."""
        return self.records / "outbox.db"

    @property
    def lock(self) -> Path:
        """Held while the seat runs."""
        return self.records / "seat.lock"

    @property
    def log(self) -> Path:
        """The seat's log."""
        return self.records / "seat.log"

    @property
    def resume(self) -> Path:
        """The token of the sign-in that is in force."""
        return self.records / "sign-in.json"

    @property
    def seal(self) -> Path:
        """What a sign-in gave, sealed with the password."""
        return self.records / "sealed.json"

    @property
    def tries(self) -> Path:
        """How often the seal was tried with a wrong password."""
        return self.records / "tries.json"

    @property
    def plan(self) -> Path:
        """What the service told of the person's plan."""
        return self.records / "plan.json"

    @property
    def training(self) -> Path:
        """What the service told of the person's training."""
        return self.records / "training.json"

    @property
    def training_text(self) -> Path:
        """The text that was read last."""
        return self.records / "training-text.json"

    @property
    def exams(self) -> Path:
        """The database of answers of exams."""
        return self.records / "exams.db"

    @property
    def anchor(self) -> Path:
        """The clock as it was set last."""
        return self.records / "anchor.json"

    @property
    def identity(self) -> Path:
        """The desk's key."""
        return self.server_folder / "desk.json"

    @property
    def pending(self) -> Path:
        """The key of an enrolment that is under way."""
        return self.server_folder / "desk-pending.json"

    @property
    def contact(self) -> Path:
        """Says how the running seat is reached."""
        return self.runtime / f"{self._slug}.json"

    @property
    def socket(self) -> Path:
        """The local socket."""
        return self.runtime / f"{self._slug}.sock"

    @property
    def _slug(self) -> str:
        return f"{_safe(self.agent)}-{_digest(self.server)}"


class Contact(msgspec.Struct, frozen=True):
    """How a running seat is reached: a socket's path, or a loopback port with its token."""

    server: str
    agent: str
    pid: int
    socket: str = ""
    port: int = 0
    token: str = ""


def place_of(settings: Settings) -> SeatPlace:
    """The place of the seat that the settings name."""
    server_folder = settings.data_folder() / _digest(settings.server)
    return SeatPlace(
        server=settings.server,
        agent=settings.agent,
        records=server_folder / _safe(settings.agent),
        server_folder=server_folder,
        runtime=settings.runtime_folder(),
    )


def make_folders(place: SeatPlace) -> None:
    """Make the private folders of a seat's records. Raises `Refused` as `make_private` does."""
    for folder in (place.server_folder, place.records):
        make_private(folder)


def make_private(folder: Path) -> None:
    """Make a folder that only its owner can look into. One that exists is never changed.

    Raises `Refused`: `FOLDER_NOT_PRIVATE` when others own it or can look into it, `DISK_FAILED`
    when it can't be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        status = folder.stat()
    except OSError as error:
        raise Refused(Code.DISK_FAILED, detail=str(error)) from error
    if not hasattr(os, "getuid"):  # Windows: the user's own folders are private
        return
    if status.st_uid != os.getuid() or stat.S_IMODE(status.st_mode) & 0o077:
        raise Refused(Code.FOLDER_NOT_PRIVATE, folder=str(folder))


def write_private(file: Path, content: bytes) -> None:
    """Replace a file at once, readable by its owner alone, and on disk when this returns."""
    new = file.with_suffix(".new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        _fill(descriptor, content)
    except OSError:
        new.unlink()  # what is half written takes room that others need
        raise
    new.replace(file)
    sync_folder(file.parent)


def write_first(file: Path, content: bytes) -> bool:
    """Write a file like `write_private`, unless there is one. Returns whether it was written."""
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f"{file.stem}.")
    new = Path(name)
    try:
        _fill(descriptor, content)
        os.link(new, file)
    except FileExistsError:
        return False
    finally:
        new.unlink()
    sync_folder(file.parent)
    return True


def _fill(descriptor: int, content: bytes) -> None:
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Put a new name in a folder on disk, where a folder can be opened for that."""
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def contacts(runtime: Path) -> Iterator[Contact]:
    """What seats have said of themselves; one that died may still be among them."""
    for file in sorted(runtime.glob("*.json")):
        try:
            yield msgspec.json.decode(file.read_bytes(), type=Contact)
        except (OSError, msgspec.DecodeError):
            continue


def _safe(text: str) -> str:
    """A staff number as the name of a file: as it is, or something that no other one gets."""
    return text if re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]*", text) else f"_{_digest(text)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
