"""Anything at all said to a real service, and to a seat's local socket, by a coverage-guided
fuzzer, with somebody at work beside it: nobody is disturbed, and the ledger is whole afterwards."""

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from protocol.facts.agent import NextStateChosen
from protocol.wire import codec, desk
from tests.integration.rig import Rig
from tests.wire.shapes import messages

RUNS = 3000
SEEDS = 60
"""Messages of the right shape with which the fuzzer begins."""
WITNESSED_EVERY = 100
STANDINGS = 4
"""Of those who speak to the service: a stranger, a desk, one that has proved itself, a person."""


def write_seeds(folder: Path, union: object, standings: int) -> None:
    """One file a message, said by each standing in turn."""
    said: list[msgspec.Struct] = []

    @settings(
        max_examples=SEEDS, derandomize=True, database=None, suppress_health_check=HealthCheck
    )
    @given(messages(union))
    def collect(message: msgspec.Struct) -> None:
        said.append(message)

    collect()
    folder.mkdir()
    for number, message in enumerate(said):
        frame = msgspec.json.encode(message)
        (folder / str(number)).write_bytes(bytes([number % standings]) + frame)


async def fuzz(folder: Path, module: str, seed: int, *arguments: str) -> None:
    """Let a fuzzer run; it must find nothing."""
    fuzzer = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *arguments, "--"),
        *(f"-runs={RUNS}", f"-seed={seed}", "-max_len=4096", f"-artifact_prefix={folder}/"),
        str(folder / "corpus"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(fuzzer.communicate(), 500)
    (folder / "fuzzer.log").write_bytes(said)
    assert fuzzer.returncode == 0


@pytest.fixture(autouse=True)
def _needs_the_fuzzer() -> None:
    pytest.importorskip("atheris", reason="the fuzzer has no build for this system")


@pytest.mark.prove
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [1, 2])
async def test_no_frame_disturbs_anybody(tmp_path: Path, database: Path, seed: int) -> None:
    rig = Rig(tmp_path)
    shutil.copytree(database, rig.data)
    codes = (await rig.command("enrol", "--count", "2", "--data", str(rig.data))).split()
    write_seeds(tmp_path / "corpus", codec.SeatMessage, STANDINGS)
    await fuzz(tmp_path, "tests.integration.fuzz_frames", seed, str(rig.data), *codes)

    witnessed = [fact for _, _, fact in rig.ledger() if fact == NextStateChosen(None, "1002")]
    assert len(witnessed) >= RUNS // WITNESSED_EVERY
    await rig.command("verify", "--data", str(rig.data))


@pytest.mark.prove
@pytest.mark.timeout(600)
async def test_no_line_disturbs_anybody(tmp_path: Path) -> None:
    write_seeds(tmp_path / "corpus", desk.AnyRequest, standings=2)
    with tempfile.TemporaryDirectory(prefix="seat-") as near:  # a socket needs a short path
        await fuzz(tmp_path, "tests.integration.fuzz_desk", 1, near)
