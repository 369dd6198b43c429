"""The service under systemd: its units can be used as they are shipped, and it tells the truth."""

import asyncio
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_client.command_line import make_parser as client_parser
from agent_service.cli import make_parser as service_parser
from protocol.i18n import load
from tests.service.processes import serving

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "config" / "systemd"
SERVICE = UNITS / "seatline.service"
SEAT = UNITS / "seatline-seat@.service"
PARSERS = {"agent-service": service_parser, "agent-client": client_parser}
ANALYZE = shutil.which("systemd-analyze")


class Unit(dict[str, dict[str, list[str]]]):
    """A unit's sections; a key may stand several times."""

    @classmethod
    def read(cls, file: Path) -> "Unit":
        unit, section = cls(), ""
        for line in file.read_text(encoding="utf-8").splitlines():
            name, equals, value = line.partition("=")
            if line.startswith("["):
                section = line.strip("[]")
                unit[section] = {}
            elif equals and not line.startswith("#"):
                unit[section].setdefault(name, []).append(value)
        return unit


@pytest.mark.parametrize("file", [SERVICE, SEAT], ids=lambda file: file.name)
def test_the_command_that_a_unit_starts_exists_with_its_options(file: Path) -> None:
    program, *arguments = shlex.split(Unit.read(file)["Service"]["ExecStart"][0])
    name = Path(program).name
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert name in scripts["project"]["scripts"]
    asked = PARSERS[name](load("en")).parse_args(arguments)
    assert asked.config.endswith(".toml")


def test_the_service_may_do_no_more_than_it_has_to() -> None:
    service = {name: values[-1] for name, values in Unit.read(SERVICE)["Service"].items()}
    wanted = {
        "Type": "notify",
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "NoNewPrivileges": "yes",
        "PrivateTmp": "yes",
        "CapabilityBoundingSet": "",
        "StateDirectory": "seatline",
        "StateDirectoryMode": "0700",
        "Restart": "on-failure",
        "UMask": "0077",
    }
    assert {name: service[name] for name in wanted} == wanted
    assert int(service["LimitNOFILE"]) >= 65_536
    assert int(service["WatchdogSec"]) > 0
    assert service["User"] not in ("", "root")
    data = shlex.split(service["ExecStart"])[-1]
    assert data == f"/var/lib/{service['StateDirectory']}"


@pytest.mark.skipif(ANALYZE is None, reason="needs systemd-analyze")
@pytest.mark.parametrize(
    ("file", "options"), [(SERVICE, []), (SEAT, ["--user"])], ids=["service", "seat"]
)
def test_systemd_finds_nothing_wrong(file: Path, options: list[str], tmp_path: Path) -> None:
    unit = Unit.read(file)
    program = shlex.split(unit["Service"]["ExecStart"][0])[0]
    shipped = file.read_text(encoding="utf-8")
    copy = tmp_path / file.name.replace("@", "@1001")
    copy.write_text(shipped.replace(program, sys.executable), encoding="utf-8")
    assert ANALYZE is not None
    found = subprocess.run(
        [ANALYZE, *options, "verify", "--man=no", str(copy)],
        env={"XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    ours = [line for line in found.stderr.splitlines() if copy.name in line]
    assert (found.returncode, ours) == (0, [])  # what is wrong with the system's own units is its


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    """The socket at which it waits to be told."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as waiting:
        waiting.bind(str(tmp_path / "notify"))
        waiting.setblocking(False)
        yield waiting


async def told(systemd: socket.socket, *wanted: str) -> list[str]:
    """What it is told, up to something that is wanted."""
    loop, heard = asyncio.get_running_loop(), list[str]()
    async with asyncio.timeout(20):
        while not heard or not heard[-1].startswith(wanted):
            heard.append((await loop.sock_recv(systemd, 1000)).decode())
    return heard


async def test_systemd_is_told_when_it_is_ready_alive_reloading_and_ending(
    data: Path, systemd: socket.socket, tmp_path: Path
) -> None:
    variables = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "200000"}
    async with serving(data, **variables) as service:
        assert await told(systemd, "READY=1") == ["READY=1"]
        await told(systemd, "WATCHDOG=1")
        await told(systemd, "WATCHDOG=1")
        service.process.send_signal(signal.SIGHUP)
        await told(systemd, "RELOADING=1\nMONOTONIC_USEC=")
        await told(systemd, "READY=1")
        assert await service.end(signal.SIGTERM) == 0
        await told(systemd, "STOPPING=1")


async def test_a_systemd_that_does_not_listen_does_no_harm(data: Path, tmp_path: Path) -> None:
    variables = {"NOTIFY_SOCKET": str(tmp_path / "nobody"), "WATCHDOG_USEC": "nonsense"}
    async with serving(data, **variables) as service:
        assert await service.end(signal.SIGTERM) == 0
