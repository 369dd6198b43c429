"""`make run` without a terminal: a shift by script, told as JSON, and nothing left behind."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests.integration.rig import as_json, eventually

SHIFT_S = 110


def programs_of(folder: Path) -> list[str]:
    """Command lines and environments of processes that belong to a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        for part in ("cmdline", "environ"):
            try:
                text = (process / part).read_bytes()
            except OSError:  # it has ended, or is somebody else's
                continue
            found += [process.name] if bytes(folder) in text else []
    return found


@pytest.mark.prove
async def test_the_played_shift_is_told_whole_and_leaves_nothing_running(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "agent_client.demo", "--lang", "en"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "SEATLINE_DEMO": str(folder)},
    )
    async with asyncio.timeout(SHIFT_S):
        out, errors = await process.communicate()

    assert process.returncode == 0, errors.decode()
    day = as_json(out.decode().splitlines()[-1])
    seconds = day["seconds"]
    assert isinstance(seconds, dict)
    assert (day["ok"], day["agent"], day["ledger_verified"]) == (True, "1001", True)
    assert day["calls_answered"] == 3
    assert day["facts_sent"] == day["facts_acked"]
    assert seconds.keys() >= {"READY", "TALK", "ACW", "NOT_READY"}
    await eventually(lambda: not programs_of(folder))


async def test_supervisor_mode_without_a_floor_says_what_to_do(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "agent_client.demo", "--supervise", "--lang", "en"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "SEATLINE_DEMO": str(tmp_path / "demo")},
    )
    out, errors = await process.communicate()

    assert (process.returncode, out) == (1, b"")
    assert b"make run" in errors
