"""Making this desk known to the service."""

from agent_client.seat import identity
from agent_client.seat.link import Link
from agent_client.seat.place import SeatPlace
from protocol.wire.errors import Code, Refused


async def enrol(link: Link, place: SeatPlace, code: str, name: str) -> None:
    """Hand in a one-time code, and prove the new key at once. Raises `Refused`."""
    private, public = identity.new_key()
    await link.introduced()
    known = identity.DeskIdentity(await link.enrol(code, public, name), private)
    identity.keep(place.identity, known)
    link.identity = known
    await link.present()


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
