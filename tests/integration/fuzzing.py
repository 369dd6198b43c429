"""Running a coverage-guided fuzzer in a process of its own, to its end."""

import os
from collections.abc import Callable

import atheris

_RUNS = "-runs="


def fuzz(program: str, options: list[str], take: Callable[[bytes], None]) -> None:
    """Give `take` as many inputs as `-runs=` says, then end the process at once. Left to itself
    the fuzzer's library ends it while threads of ours are running, and may wait for ever."""
    left = next(int(each.removeprefix(_RUNS)) for each in options if each.startswith(_RUNS))

    def one(data: bytes) -> None:
        nonlocal left
        take(data)
        left -= 1
        if left <= 0:
            os._exit(0)

    atheris.Setup([program, *options], one)
    atheris.Fuzz()
