"""Killing a running program at a commit point of its own: by a tracer that sends SIGKILL as the
program enters the n-th system call of a kind, so that no line of the program knows of it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

ATTACH_S = 10.0


class Point(msgspec.Struct, frozen=True):
    """A place in a program's life at which it may die."""

    name: str
    program: str
    """`service`, `seat`, `phone`, `terminal`, or the command `backup`."""
    call: str
    """The system call, entered and not done."""

    def __str__(self) -> str:
        return f"{self.program}-{self.name}"


POINTS = (
    Point("before-the-ledger-is-written", "service", "pwrite64"),
    Point("before-the-ledger-is-synced", "service", "fdatasync"),
    Point("before-an-answer-is-sent", "service", "sendto,sendmsg,write,writev"),
    Point("before-the-outbox-is-written", "seat", "pwrite64"),
    Point("before-the-outbox-is-synced", "seat", "fdatasync"),
    Point("before-a-frame-or-status-is-sent", "seat", "sendto"),
    Point("before-the-phone-is-told", "seat", "write"),
    Point("before-the-seat-is-told", "phone", "write"),
    Point("before-a-sip-message-is-sent", "phone", "sendmsg,sendto"),
    Point("before-it-paints", "terminal", "write"),
)
"""In the middle of work."""
PRIVATE_FILES = (
    Point("before-a-private-file-is-synced", "seat", "fsync"),
    Point("before-a-private-file-has-its-name", "seat", "rename,renameat,renameat2"),
)
"""While somebody signs in: the token to resume by, the clock, the sealed sign-in."""
BACKUP = (
    Point("before-the-copy-is-written", "backup", "pwrite64"),
    Point("before-the-copy-is-synced", "backup", "fsync,fdatasync"),
    Point("before-the-copy-has-its-name", "backup", "rename,renameat,renameat2,link,linkat"),
)


def sabotaging(point: Point, passing: int, log: Path) -> tuple[str, ...]:
    """What to start a program under, so that it is killed as it enters the point's call for the
    `passing`-th time."""
    inject = f"inject={point.call}:signal=SIGKILL:when={passing}"
    return ("strace", "-f", "-o", str(log), "-e", f"trace={point.call}", "-e", inject)


@contextlib.asynccontextmanager
async def sabotaged(pid: int, point: Point, passing: int, log: Path) -> AsyncIterator[None]:
    """Within, the process is killed as it enters the point's call for the `passing`-th time."""
    tracer = await asyncio.create_subprocess_exec(
        *sabotaging(point, passing, log), "-p", str(pid), stderr=asyncio.subprocess.PIPE
    )
    assert tracer.stderr is not None
    await asyncio.wait_for(tracer.stderr.readline(), ATTACH_S)  # that it is attached
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            tracer.kill()  # asked politely it may wait for ever for a process that is just dying
        await tracer.communicate()
