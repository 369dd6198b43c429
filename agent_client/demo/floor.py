"""The demonstration's floor: a service with people in it, and their seats."""

import asyncio
import os
import re
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from agent_client.demo.cast import Cast, DemoStaff
from agent_client.demo.exchange import Exchange
from agent_client.demo.player import Player
from agent_client.demo.roster import write_roster
from agent_client.demo.stage import Stage, free_address, free_ports
from agent_client.phone.engine import Sound
from agent_client.settings import Settings

_ADDRESS = re.compile(r"wss?://\S+")


class Place(msgspec.Struct, frozen=True):
    """Somebody's desk on this floor."""

    settings: Settings
    address: str
    """The phone's SIP address."""


class DemoFloor:
    """A floor on a stage."""

    def __init__(self, stage: Stage, cast: Cast) -> None:
        self._stage = stage
        self._cast = cast
        self._data = str(stage.folder / "service")
        self.exchange = Exchange()

    async def open(self) -> None:
        """Make the database and its people, and start the exchange and the service."""
        await self.exchange.open()
        service = "agent_service.cli"
        password = self._cast.password + "\n"
        await self._stage.call(
            service, "init", "--data", self._data, "--password-stdin", given=password
        )
        await asyncio.gather(*map(self._hire, self._cast.staff))
        config = ("--config", str(project_file("config", "demo-service.toml")))
        await self._plan(*config)
        line = await self._stage.start(
            service,
            *("serve", "--data", self._data, "--listen", free_address(), *config),
            environment={
                "SEATLINE_SITE_ZONE": self._cast.zone,
                "SEATLINE_SIP_REGISTRAR": self.exchange.address,
            },
        )
        found = _ADDRESS.search(line)
        assert found is not None, line
        self._stage.server = found.group()

    async def _plan(self, *config: str) -> None:
        """Publish everybody's roster, from the next minute on."""
        file = self._stage.folder / "roster.csv"
        write_roster(file, self._cast.agents(), datetime.now(ZoneInfo(self._cast.zone)))
        await self._stage.call(
            "agent_service.cli",
            *("import", "roster", str(file), "--publish", "--accept-warnings"),
            *("--data", self._data, *config),
            environment={"SEATLINE_SITE_ZONE": self._cast.zone},
        )

    async def _hire(self, who: DemoStaff) -> None:
        roles = [part for role in who.roles for part in ("--role", role)]
        sip = ["--sip-user", who.number] if "agent" in who.roles else []
        team = ["--team", who.team] if who.team else []
        arguments = ("--name", who.name, *team, *roles, *sip)
        await self._stage.call(
            "agent_service.cli",
            *("user", "add", who.number, *arguments, "--data", self._data),
            *("--password-stdin", "--password-final"),
            given=f"{self._cast.password}\n\n",
        )

    async def seat(self, agents: tuple[str, ...], sound: Sound) -> list[Place]:
        """Start these people's seats; the first of them is heard with `sound`."""

        async def start(agent: str, port: int) -> Place:
            heard = sound if agent == agents[0] else Sound.NONE
            settings = await self._stage.start_seat(agent, port, heard)
            return Place(settings, f"sip:{agent}@127.0.0.1:{port}")

        return await asyncio.gather(*map(start, agents, free_ports(len(agents))))

    async def sign_in(self, place: Place) -> Player:
        """Sit somebody down at a new desk."""
        player = await Player.at(place.settings)
        await player.enrol_and_sign_in(await self.code(), self._cast.password)
        return player

    async def code(self) -> str:
        """A one-time code for one desk."""
        return await self._stage.call("agent_service.cli", "enrol", "--data", self._data)

    async def verified(self) -> bool:
        """Whether the chain and every projection hold. Raises `StageFailed` with what does not."""
        await self._stage.call("agent_service.cli", "verify", "--data", self._data)
        return True


async def usable_sound() -> Sound:
    """The desk's own sound where it has a microphone, so that the customers are heard."""
    looking = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "agent_client.phone.portaudio"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    return Sound.AUTO if await looking.wait() == 0 else Sound.NONE


def project_file(*parts: str) -> Path:
    """A file of the project, beside this package."""
    return Path(__file__).parents[2].joinpath(*parts)


def demo_folder() -> Path:
    """Where the demonstration keeps its data."""
    chosen = os.environ.get("SEATLINE_DEMO")
    return Path(chosen) if chosen else project_file(".run")
