"""The floor that is reported of."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.reports.scene import play
from tests.service.shifts import Shifts, shifts


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Shifts]:
    with shifts(tmp_path / "data") as floor:
        floor.hire("1001", "1002")
        floor.hire("1003", team="B")
        play(floor)
        yield floor
