"""What a process and its children use, as Linux tells of them."""

import os
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")
_NS = 1e-9


def cpu_s(pid: int) -> float:
    """Processor seconds of a process and of its children that run. To the nanosecond, since a
    server may consist of a thousand processes that each do little."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    own_ns = sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads)
    return own_ns * _NS + sum(map(cpu_s, children(pid)))


def memory_bytes(pid: int) -> int:
    """Memory in use by a process itself."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE


def children(pid: int) -> list[int]:
    """Those that run."""
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
