"""A wall clock that a test can set, under a program of its own: libfaketime, which leaves the
monotonic clocks alone."""

from pathlib import Path

import pytest

LIBRARY = "libfaketimeMT.so.1"


class WallClock:
    """A clock that shows what the test says; programs see it by `variables`."""

    def __init__(self, file: Path, library: Path) -> None:
        self._file = file
        self.variables = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_NO_CACHE": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }

    def shows(self, minutes: int) -> None:
        """So many minutes from the true time."""
        new = self._file.with_suffix(".new")
        new.write_text(f"{minutes:+d}m\n")
        new.replace(self._file)


def wall_clock(folder: Path) -> WallClock:
    """A clock that shows the true time; without the library the test is left out, aloud."""
    found = sorted(Path("/usr/lib").glob(f"*/faketime/{LIBRARY}"))
    if not found:
        pytest.skip("faketime is not installed")
    clock = WallClock(folder / "clock", found[0])
    clock.shows(0)
    return clock
