"""When things happened that were written down before the clock was set: pure.

A seat that starts without the service may have no anchor yet. Its facts then carry the monotonic
clock alone, and an anchor of the same running of the machine, whenever it comes, gives them their
instants.
"""

from collections.abc import Iterable

import msgspec

from protocol.facts.record import AnyFact
from protocol.facts.session import SessionAnchored, SessionProvisional


class Unread(msgspec.Struct, frozen=True):
    """A fact that this version can't read. It may have been a change of state."""


Told = AnyFact | Unread
"""What one entry of a session says."""


class Timed(msgspec.Struct, frozen=True, gc=False):
    """A fact with what its envelope says of time."""

    occurred_ms: int | None
    """Server time in milliseconds; null when the seat had no anchor as it wrote it."""
    mono_ms: int
    fact: Told


Placed = tuple[int | None, Told]
"""When it happened (server time in ms, null where nobody can know), and what."""


def place(facts: Iterable[Timed]) -> list[Placed]:
    """Facts of one desk, session after session in order, each with its instant.

    An instant that a fact carries stands. One that it lacks follows from the first anchor of the
    same running of the machine (`boot_id`) and the monotonic difference. Where the system does
    not name its running (an empty `boot_id`), an anchor is good for its own session alone.
    """
    ordered = list(facts)
    boots = _boots(ordered)
    anchors: dict[str, SessionAnchored] = {}
    for boot, timed in zip(boots, ordered, strict=True):
        if isinstance(timed.fact, SessionAnchored):
            anchors.setdefault(boot, timed.fact)
    return [
        (_instant(timed, anchors.get(boot)), timed.fact)
        for boot, timed in zip(boots, ordered, strict=True)
    ]


def _boots(ordered: Iterable[Timed]) -> list[str]:
    """For each fact, what names the running of the machine in which it was written."""
    boots: list[str] = []
    boot, unnamed, unanchored = "", 0, False
    for timed in ordered:
        match timed.fact:
            case SessionProvisional(boot_id=name):
                unnamed += 1
                boot, unanchored = name or f"session {unnamed}", True
            case SessionAnchored(boot_id=name) if name:
                boot, unanchored = name, False
            case SessionAnchored() if not unanchored:
                unnamed += 1
                boot = f"session {unnamed}"
            case SessionAnchored():
                unanchored = False
            case _:
                pass
        boots.append(boot)
    return boots


def _instant(timed: Timed, anchor: SessionAnchored | None) -> int | None:
    if timed.occurred_ms is not None or anchor is None:
        return timed.occurred_ms
    return max(0, anchor.server_ms + timed.mono_ms - anchor.anchor_mono_ms)
