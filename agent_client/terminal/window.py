"""Ending with the window. A program that is not told that its window is gone would read its end
for ever, and start the seat again whenever somebody stops it."""

import errno
import os
import threading

LOOK_S = 1.0
GONE = 129
"""The exit code: as if ended by SIGHUP."""


def end_with_window(descriptor: int) -> None:
    """From now on, end this process at once when the terminal at `descriptor` is hung up. Nothing
    is put in order: there is no screen to restore, and what the terminal shows, the seat holds."""
    if os.isatty(descriptor) or _is_hung_up(descriptor):
        threading.Thread(target=_watch, args=(descriptor,), daemon=True).start()


def _watch(descriptor: int) -> None:
    never = threading.Event()
    while os.isatty(descriptor):
        never.wait(LOOK_S)
    os._exit(GONE)


def _is_hung_up(descriptor: int) -> bool:
    """Whether it was a terminal whose window went while this process began."""
    try:
        os.get_terminal_size(descriptor)
    except OSError as error:
        return error.errno == errno.EIO
    return False
