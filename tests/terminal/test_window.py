"""A terminal ends with its window, whenever that goes."""

import os
import pty
import subprocess
import sys

from agent_client.terminal.window import GONE

PROGRAM = """
import sys, threading
from agent_client.terminal.window import end_with_window
sys.stdin.readline()
end_with_window(0)
print("watches", flush=True)
threading.Event().wait(20)
"""


def begun(descriptor: int) -> subprocess.Popen[bytes]:
    """A program that watches the window as soon as it reads a line, or the end of all lines."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=descriptor, stdout=subprocess.PIPE
    )


def test_a_window_that_goes_ends_it() -> None:
    near, far = pty.openpty()
    with begun(far) as program:
        os.close(far)
        os.write(near, b"\n")
        assert program.stdout is not None
        assert program.stdout.readline() == b"watches\n"
        os.close(near)
        assert program.wait(10) == GONE


def test_a_window_that_went_before_ends_it() -> None:
    near, far = pty.openpty()
    os.close(near)
    with begun(far) as program:
        os.close(far)
        assert program.wait(10) == GONE


def test_what_is_no_terminal_is_not_watched() -> None:
    with begun(subprocess.DEVNULL) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == b"watches\n"
        program.kill()
