"""When a training task is done (domain §6). Pure."""

from collections.abc import Mapping

import msgspec


class Progress(msgspec.Struct, frozen=True):
    """Of one assignment."""

    items_done: int
    total_items: int
    trained_s: int
    completed: bool


def progress(
    item_seconds: Mapping[str, int], done: Mapping[str, bool], total_items: int, min_seconds: int
) -> Progress:
    """Completed with every drawn item done and the task's least time reached, both. Items by their
    names: credited seconds, and whether the end was confirmed."""
    items_done, trained_s = sum(done.values()), sum(item_seconds.values())
    completed = items_done >= total_items and trained_s >= min_seconds
    return Progress(items_done, total_items, trained_s, completed)


def hms(seconds: int) -> str:
    """A length of time as the training centre shows it: hh:mm:ss, hours as many as there are."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest:02}"
