"""A phone's process as its parent sees it."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent_client.phone.child import PhoneChild
from agent_client.phone.engine import (
    Answer,
    CallConnected,
    CallEnded,
    CallIncoming,
    CallProgress,
    CommandRefused,
    Ending,
    Hangup,
    Open,
    PhoneDown,
    PhoneUp,
    Ring,
    Sound,
    decode_event,
    encode,
)
from tests.contract.phones import LIMIT_S, ChildPhones, Phone, connect

ENDS_WITHIN_S = 5.0  # alone it takes 0.1 s


async def exit_of(phones: ChildPhones) -> int:
    """Wait for the first child that dies by itself."""
    return await asyncio.wait_for(phones.exits.get(), LIMIT_S)


async def test_a_killed_phone_is_reported_and_refuses_commands(children: ChildPhones) -> None:
    phone = await children.make()
    await phone.open("1001")
    pid = children.children[0].pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert await exit_of(children) == -signal.SIGKILL
    assert children.children[0].pid is None
    phone.do(Hangup(call_id="lost"))
    refused = await phone.next(CommandRefused)
    assert (refused.code, refused.call_id) == ("not_open", "lost")


async def test_a_stopped_phone_is_not_reported(children: ChildPhones) -> None:
    phone = await children.make()
    await phone.open("1001")
    await children.stop()
    await children.stop()
    assert children.exits.empty()
    assert children.children[0].pid is None


async def test_a_phone_that_hangs_is_ended_by_force() -> None:
    phone = Phone()
    child = PhoneChild(phone.take, lambda returncode: None)
    await child.start()
    phone.drive(child)
    await phone.open("1001")
    assert child.pid is not None
    os.kill(child.pid, signal.SIGSTOP)
    await child.stop(limit_s=0.1)
    assert child.pid is None


async def test_ctrl_c_does_not_end_a_phone(children: ChildPhones) -> None:
    phone, peer = await children.make(), await children.make()
    await phone.open("1001")
    await peer.open("1002")
    pid = children.children[0].pid
    assert pid is not None
    os.kill(pid, signal.SIGINT)
    os.kill(pid, signal.SIGHUP)
    await connect(peer, phone)


class RawChild:
    """A phone's process whose pipes a test holds."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        assert process.stdin is not None
        assert process.stdout is not None
        self.stdin = process.stdin
        self.stdout = process.stdout

    async def open(self, user: str) -> PhoneUp:
        self.stdin.write(encode(Open(user=user, sound=Sound.NONE)))
        event = decode_event(await asyncio.wait_for(self.stdout.readline(), LIMIT_S))
        assert isinstance(event, PhoneUp)
        return event

    async def exit(self) -> int:
        async with asyncio.timeout(ENDS_WITHIN_S):
            return await self.process.wait()


@pytest.fixture
async def raw(tmp_path: Path) -> AsyncIterator[RawChild]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "agent_client.phone.process", "--log", str(tmp_path / "phone.log")),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    child = RawChild(process)
    yield child
    child.stdin.close()
    await process.wait()


async def test_the_end_of_its_input_ends_calls_and_phone(
    raw: RawChild, children: ChildPhones
) -> None:
    address = (await raw.open("1001")).address
    peer = await children.make()
    await peer.open("1002")
    out = peer.dials(address)
    line = await asyncio.wait_for(raw.stdout.readline(), LIMIT_S)
    into = line.split(b'"call_id":"')[1].split(b'"')[0]
    raw.stdin.write(b'{"command":"answer","call_id":"%s"}\n' % into)
    assert b"callconnected" in await asyncio.wait_for(raw.stdout.readline(), LIMIT_S)
    raw.stdin.close()
    assert await raw.exit() == 0
    assert await peer.next(CallEnded) == CallEnded(call_id=out, ending=Ending.REMOTE, answered=True)


@pytest.mark.parametrize("answered", [False, True])
async def test_sigterm_ends_a_phone_in_order(
    raw: RawChild, children: ChildPhones, answered: bool
) -> None:
    address = (await raw.open("1001")).address
    peer = await children.make()
    await peer.open("1002")
    peer.dials(address)
    offered = decode_event(await asyncio.wait_for(raw.stdout.readline(), LIMIT_S))
    assert isinstance(offered, CallIncoming)
    order = Answer(call_id=offered.call_id) if answered else Ring(call_id=offered.call_id)
    raw.stdin.write(encode(order))
    await peer.next(CallConnected if answered else CallProgress)
    raw.process.send_signal(signal.SIGTERM)
    assert await raw.exit() == 0


async def test_what_is_no_command_is_ignored(raw: RawChild) -> None:
    raw.stdin.write(b"\n{\nnull\n\xff\xfe\n[1]\n")
    raw.stdin.write(b'{"command":"fly"}\n{"command":"hangup"}\n{"call_id":"x"}\n')
    raw.stdin.write(b"x" * 300_000 + b"\n")
    assert (await raw.open("1001")).microphone
    raw.stdin.close()
    assert await raw.exit() == 0


async def test_nothing_but_events_is_written(raw: RawChild, tmp_path: Path) -> None:
    await raw.open("1001")
    raw.stdin.close()
    assert await raw.exit() == 0
    assert await raw.stdout.read() == b""
    assert raw.process.stderr is not None
    assert await raw.process.stderr.read() == b""
    assert (tmp_path / "phone.log").stat().st_mode & 0o077 == 0


async def test_a_port_that_is_taken_is_told_and_another_may_be_tried(
    children: ChildPhones,
) -> None:
    phone = await children.make()
    with socket.socket(type=socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        phone.do(Open(user="1001", listen_port=port, sound=Sound.NONE))
        assert await phone.next(PhoneDown) == PhoneDown(code="transport_failed")
    await phone.open("1001")
    peer = await children.make()
    await peer.open("1002")
    await connect(peer, phone)


async def test_a_missing_library_is_told(
    children: ChildPhones, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pjsua2.py").write_text("raise ImportError('not for this system')")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    phone = await children.make()
    phone.do(Open(user="1001", sound=Sound.NONE))
    assert await phone.next(PhoneDown) == PhoneDown(code="library_missing")
    phone.dials("sip:1002@127.0.0.1")
    assert (await phone.next(CommandRefused)).code == "not_open"


async def test_what_is_no_event_is_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that writes nonsense: sitecustomize is what Python runs before all else."""
    (tmp_path / "sitecustomize.py").write_text(
        "import os; os.write(1, b'\\n{\\nnull\\n\\xff\\n' + b'x' * 300_000 + b'\\n')"
    )
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    phone = Phone()
    child = PhoneChild(phone.take, lambda returncode: None, engine="fake")
    await child.start()
    phone.drive(child)
    await phone.open("1001")
    assert len(phone.events) == 1
    await child.stop()


PARENT = """
import asyncio, sys
from agent_client.phone.child import PhoneChild
from agent_client.phone.engine import *

async def main():
    def tell(event):
        print(event.address, child.pid, flush=True)
    child = PhoneChild(tell, print)
    await child.start()
    child.do(Open(user="1001", sound=Sound.NONE))
    await asyncio.sleep(60)

asyncio.run(main())
"""


def alive(pid: int) -> bool:
    """Whether the process exists and is not only waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_a_phone_does_not_outlive_its_parent(children: ChildPhones) -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    address, number = (await asyncio.wait_for(parent.stdout.readline(), LIMIT_S)).decode().split()
    caller = await children.make()
    await caller.open("1002")
    caller.dials(address)
    assert alive(int(number))
    parent.kill()
    await parent.wait()
    ended = await caller.next(CallEnded)
    assert not ended.answered
    async with asyncio.timeout(ENDS_WITHIN_S):
        while alive(int(number)):
            await asyncio.sleep(0.01)


async def test_two_phones_never_mix_their_callers(children: ChildPhones) -> None:
    first, second = await children.make(), await children.make()
    caller = await children.make()
    for phone, user in ((first, "1001"), (second, "1002"), (caller, "1003")):
        await phone.open(user)
    assert first.address != second.address
    await connect(caller, second)
    assert first.told(CallIncoming) == []
