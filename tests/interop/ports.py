"""Ports on loopback."""

import asyncio
import contextlib
import socket

LIMIT_S = 10.0
TRIES = 50


def free_port() -> int:
    """A port that is free for both UDP and TCP. Raises OSError when none of many is."""
    for _ in range(TRIES):
        with socket.socket(type=socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
            udp.bind(("127.0.0.1", 0))
            port: int = udp.getsockname()[1]
            with contextlib.suppress(OSError):
                tcp.bind(("127.0.0.1", port))
                return port
    raise OSError("no port is free")


async def listening(port: int, process: asyncio.subprocess.Process) -> None:
    """Wait until a program listens. Fails when it ends instead."""
    async with asyncio.timeout(LIMIT_S):
        while True:
            assert process.returncode is None, "it did not start"
            with contextlib.suppress(ConnectionRefusedError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                await writer.wait_closed()
                return
            await asyncio.sleep(0.02)
