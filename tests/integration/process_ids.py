"""Processes by their numbers, as the system knows them."""

import os
import signal
from pathlib import Path

PHONE = b"agent_client.phone.process"
"""The module that a phone's process runs."""


def children(pid: int) -> list[int]:
    """The process ids of a process's children."""
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def runs(pid: int, module: bytes) -> bool:
    """Whether a process runs a Python module."""
    try:
        return module in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:  # it has just ended
        return False


def only_child(pid: int) -> int:
    """The process id of a process's one child."""
    (child,) = children(pid)
    return child


def stop_process(pid: int) -> None:
    """SIGKILL, by number."""
    os.kill(pid, signal.SIGKILL)
