"""Making this desk known to the service."""

import contextlib

from agent_client.seat import identity
from agent_client.seat.link import Link
from agent_client.seat.place import SeatPlace
from protocol.wire.errors import Code, Refused


async def enrol(link: Link, place: SeatPlace, code: str, name: str) -> None:
    """Hand in a one-time code, and prove the new key at once. Raises `Refused`:
    `ALREADY_ENROLLED`, also where another seat of this desk has done it meanwhile.

    The key is on the disk before the code is used up: enrolling again after an interruption goes
    on with it, and the service knows it again.
    """
    await link.introduced()
    with contextlib.suppress(Refused):  # without a key, or with one that the service refuses
        await take_identity(link, place)
    pending = _pending_key(place)
    desk = await link.enrol(code, identity.public_half(pending.key), name)
    known = identity.DeskIdentity(desk, pending.key)
    identity.keep(place.identity, known)
    identity.forget(place.pending)
    link.identity = known
    await link.present()


def _pending_key(place: SeatPlace) -> identity.PendingKey:
    """The key of an enrolment that was interrupted or that another seat of this desk has begun,
    or a new one. One that the service refuses as this desk's is not used again."""
    refused = identity.read(place.identity, identity.DeskIdentity)
    new = identity.PendingKey(identity.new_key())
    pending = identity.keep_first(place.pending, new)
    if pending is None or (refused is not None and refused.key == pending.key):
        identity.keep(place.pending, new)
        return new
    return pending


async def take_identity(link: Link, place: SeatPlace) -> None:
    """Another seat of this desk may have enrolled it meanwhile. Raises `Refused`:
    `NOT_ENROLLED`, or as the service does."""
    if link.identity is not None:
        return
    link.identity = identity.read(place.identity, identity.DeskIdentity)
    if link.identity is None:
        raise Refused(Code.NOT_ENROLLED)
    if link.connected:
        await link.present()
