"""Kamailio: registrar, proxy and a queue, on free ports of loopback."""

import asyncio
import contextlib
import os
import shutil
import signal
from pathlib import Path

import pytest
import trustme

from agent_client.phone.engine import Transport
from tests.interop.ports import free_port, listening

CONFIG = Path(__file__).parent / "kamailio.cfg"
QUEUE, READY_CODE, PAUSE_CODE = "4000", "*71", "*72"
PASSWORD = "secret"
"""Everybody's."""


class Kamailio:
    """An exchange. It is ended with every process of its own."""

    def __init__(self, folder: Path) -> None:
        found = shutil.which("kamailio", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        if found is None:
            pytest.skip("kamailio is not installed")
        self._program = found
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        self.port = free_port()
        self.tls_port = free_port()
        self.ca = folder / "ca.pem"

    @property
    def address(self) -> str:
        """Where it speaks UDP and TCP."""
        return f"127.0.0.1:{self.port}"

    def address_for(self, transport: Transport) -> str:
        """Where it speaks this transport."""
        return f"127.0.0.1:{self.tls_port if transport is Transport.TLS else self.port}"

    async def start(self) -> None:
        """Start it, for the first time or again on the same ports, knowing nobody."""
        if not self.ca.exists():
            self.certify("127.0.0.1")
        text = CONFIG.read_text().replace("@TLS_PORT@", str(self.tls_port))
        text = text.replace("@PORT@", str(self.port)).replace("@FOLDER@", str(self._folder))
        config = self._folder / "kamailio.cfg"
        config.write_text(text)
        with (self._folder / "kamailio.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                self._program,
                *("-f", str(config), "-P", str(self._folder / "kamailio.pid")),
                *("-Y", str(self._folder), "-w", str(self._folder)),
                *("-DD", "-E", "-m", "32", "-M", "8"),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        for port in (self.port, self.tls_port):
            await listening(port, self._process)

    def certify(self, name: str) -> None:
        """Have a certificate for a host, from an authority of its own."""
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.ca)
        server = authority.issue_cert(name)
        server.private_key_and_cert_chain_pem.write_to_path(self._folder / "server.pem")

    def falls_silent(self) -> None:
        """It answers nothing, and its ports stay open."""
        self._signal(signal.SIGSTOP)

    def speaks_again(self) -> None:
        """It goes on."""
        self._signal(signal.SIGCONT)

    async def stop(self) -> None:
        """It is gone, like a machine without power."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._signal(signal.SIGKILL)
            await self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        os.killpg(self._process.pid, number)
