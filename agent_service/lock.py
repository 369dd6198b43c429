"""One service per database: a lock that ends with the process that holds it."""

import os
import sys
from pathlib import Path

from protocol.wire.errors import Code, Refused

FILE = "service.lock"


class Lock:
    """Held from its making until `release`, or the end of the process."""

    def __init__(self, folder: Path) -> None:
        """Raises `Refused` with `already_serving` when another process holds it."""
        self._file = os.open(folder / FILE, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            _take(self._file)
        except OSError as error:
            os.close(self._file)
            raise Refused(Code.ALREADY_SERVING, data=str(folder)) from error

    def release(self) -> None:
        """Let another one have it."""
        os.close(self._file)


if sys.platform == "win32":
    import msvcrt

    def _take(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
