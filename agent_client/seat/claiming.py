"""Sessions that the service does not know: the signed-in person vouches for them."""

import logging

from agent_client.seat.comparing import Comparing
from agent_client.seat.delivery import Delivery
from agent_client.seat.link import Link
from agent_client.seat.outbox import Outbox
from protocol.wire.errors import Code, Refused

_log = logging.getLogger(__name__)


async def claim(comparing: Comparing, delivery: Delivery, link: Link, outbox: Outbox) -> None:
    """Claim what waits for it, and let it be delivered; the present session is known by having
    been signed in with. What the service will not have stays on this disk."""
    present = frozenset({outbox.present.id} if outbox.present is not None else ())
    unknown = delivery.unknown
    try:
        await comparing.claim(link.request, unknown - present)
    except Refused as refused:
        _log.error("earlier sessions could not be claimed: %s", refused)
        if refused.code != Code.SERVICE_UNREACHABLE:
            delivery.release(present)
    else:
        delivery.release(unknown)
