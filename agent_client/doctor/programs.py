"""Python, the phone library and the sound devices: what the phone's processes will find."""

import asyncio
import contextlib
import importlib.util
import sys

import msgspec

from agent_client.doctor.finding import Finding, Found, found

OLDEST = (3, 11)
NEWEST = (3, 12)
PROBE_S = 15.0


class _Library(msgspec.Struct):
    version: str
    openssl: str


class _Sound(msgspec.Struct):
    library: bool
    detail: str = ""
    input: str = ""
    output: str = ""


async def python() -> list[Finding]:
    """Whether this Python is one that the phone library exists for."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    present = sys.version_info[:2]
    if present < OLDEST:
        return [found(Found.PYTHON_OLD, version=version)]
    return [found(Found.PYTHON_NEW if present > NEWEST else Found.PYTHON_FINE, version=version)]


async def phone_library() -> list[Finding]:
    """Whether it loads, in a process of its own since it may end that; and how good its TLS is."""
    if importlib.util.find_spec("pjsua2") is None:
        return [found(Found.PHONE_LIBRARY_MISSING)]
    said = await _probe("agent_client.doctor.library_probe")
    try:
        library = msgspec.json.decode(said, type=_Library)
    except msgspec.DecodeError:
        return [found(Found.PHONE_LIBRARY_BROKEN)]
    return [found(Found.PHONE_LIBRARY, version=library.version), _tls(library.openssl)]


async def sound() -> list[Finding]:
    """The default microphone and loudspeaker; a missing library is told apart from none."""
    said = await _probe("agent_client.doctor.sound_probe")
    try:
        devices = msgspec.json.decode(said, type=_Sound)
    except msgspec.DecodeError:
        return [found(Found.SOUND_BROKEN)]
    if not devices.library:
        return [found(Found.NO_PORTAUDIO, detail=devices.detail)]
    missing = []
    if not devices.input:
        missing.append(found(Found.NO_MICROPHONE))
    if not devices.output:
        missing.append(found(Found.NO_LOUDSPEAKER))
    return missing or [found(Found.SOUND_DEVICES, input=devices.input, output=devices.output)]


def _tls(openssl: str) -> Finding:
    if not openssl:
        return found(Found.PHONE_TLS_NONE)
    old = openssl.split()[1:2] < ["1.1.1"]
    return found(Found.PHONE_TLS_OLD if old else Found.PHONE_TLS, version=openssl)


async def _probe(module: str) -> bytes:
    """The last line that a program wrote before it ended, however it ended."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(PROBE_S):
            output, _ = await process.communicate()
    except TimeoutError:
        return b""
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    return output.strip().rpartition(b"\n")[2]
