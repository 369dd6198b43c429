"""The promise "never acknowledge before the disk", watched from outside: the service's system
calls are traced while facts come in one by one."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from protocol.facts.agent import Reason, State, StateEntered
from tests.integration.rig import PASSWORD, Rig
from tests.service.client import Client, DeskKey

FACTS = 20
CALLS = "trace=fdatasync,fsync,pwrite64,sendto,sendmsg,write,writev"

_RESUMED = re.compile(r"^(?P<pid>\d+) +<\.\.\. (?P<name>\w+) resumed>(?P<rest>.*)$")
_BEGUN = re.compile(r"^(?P<pid>\d+) +(?P<name>\w+)\((?P<rest>.*)$")


def completed_calls(trace: str) -> Iterator[tuple[str, str]]:
    """(name, arguments and result) of each system call, in the order in which they returned;
    what was sent counts from when it began."""
    begun: dict[tuple[str, str], str] = {}
    for line in trace.splitlines():
        resumed, started = _RESUMED.match(line), _BEGUN.match(line)
        if resumed is not None:
            key = (resumed["pid"], resumed["name"])
            yield resumed["name"], begun.pop(key, "") + resumed["rest"]
        elif started is not None and started["rest"].endswith("<unfinished ...>"):
            begun[started["pid"], started["name"]] = started["rest"]
        elif started is not None:
            yield started["name"], started["rest"]


def order_of(trace: str) -> str:
    """The trace as letters: w a write to the write-ahead log, s its sync done, a an ack sent."""
    letters = []
    for name, rest in completed_calls(trace):
        if name == "pwrite64" and "-wal" in rest:
            letters.append("w")
        elif name in ("fdatasync", "fsync") and "-wal" in rest and rest.endswith("= 0"):
            letters.append("s")
        elif r"\"type\":\"ack\"" in rest:
            letters.append("a")
    return "".join(letters)


def test_the_reading_of_a_trace_tells_the_orders_apart() -> None:
    wrote = '7 pwrite64(9</d/seatline.db-wal>, "x", 1, 0) = 1'
    sync = "7 fdatasync(9</d/seatline.db-wal>) = 0"
    begins = "7 fdatasync(9</d/seatline.db-wal> <unfinished ...>"
    ends = "7 <... fdatasync resumed>)  = 0"
    ack = r'5 sendto(8<TCP>, "{\"type\":\"ack\"}", 9, 0, NULL, 0) = 9'
    assert order_of("\n".join([wrote, sync, ack])) == "wsa"
    assert order_of("\n".join([wrote, begins, ack, ends])) == "was"


@pytest.mark.prove
async def test_every_ack_is_sent_after_its_facts_are_synced_to_the_disk(
    tmp_path: Path, database: Path
) -> None:
    if shutil.which("strace") is None and os.environ.get("REQUIRE_INTEROP") != "1":
        pytest.skip("strace is not installed")
    rig = Rig(tmp_path)
    shutil.copytree(database, rig.data)
    trace = tmp_path / "trace"
    tracer = ("strace", "-f", "-y", "-s", "64", "-e", CALLS, "-o", str(trace))
    try:
        await rig.start_service(under=tracer)
        key = DeskKey()
        code = await rig.command("enrol", "--data", str(rig.data))
        async with await Client.open(rig.server, key) as client:
            await (await client.hello()).enrol(code)
            await (await client.present()).sign_in("1001", PASSWORD)
            before = order_of(trace.read_text(errors="replace")).count("a")
            for seq in range(1, FACTS + 1):
                fact = StateEntered(State.NOT_READY, "break", "1001", reason=Reason.REST)
                await client.record(fact, first=seq)
    finally:
        await rig.close()
    order = order_of(trace.read_text(errors="replace"))

    assert before == 0
    assert order.count("a") == FACTS
    for between in order.split("a")[:-1]:
        assert re.search("ws+$", between), f"an ack without its own sync before it: {order}"
