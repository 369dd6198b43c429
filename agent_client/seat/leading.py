"""What leads ask of the service through their seat: passed on, with its answers and codes."""

import uuid
from collections.abc import Callable
from datetime import date

from agent_client.seat.comparing import MakeRequest
from agent_client.seat.instants import instant
from agent_client.seat.link import Link
from protocol.wire import codec, desk_floor, orders, session
from protocol.wire.errors import Code, Refused
from protocol.wire.person import GetPersonDay, PersonDay

TRIES = 3
"""How often an order is sent whose answer was lost with the link."""


class Leading:
    """Each raises `Refused`: with the service's code, `not_signed_in`, or `service_unreachable`."""

    def __init__(
        self,
        link: Link,
        signed_in: Callable[[], bool],
        today: Callable[[], date],
        zone: Callable[[], str],
    ) -> None:
        self._link = link
        self._signed_in = signed_in
        self._today = today
        self._zone = zone

    async def person(self, request: desk_floor.GetPerson) -> desk_floor.PersonPage:
        """One person's day."""
        day = request.day or self._today()
        answer = await self._ask(lambda id_: GetPersonDay(id_, request.agent, day))
        assert isinstance(answer, PersonDay)
        return desk_floor.PersonPage(request.id, answer)

    async def place_order(self, request: desk_floor.PlaceOrder) -> None:
        """An order. Sent again where the link was cut before the answer: its key makes that
        harmless."""
        key = uuid.uuid4().hex
        for left in reversed(range(TRIES)):
            try:
                await self._ask(
                    lambda id_: orders.PlaceOrder(
                        id_, request.what, request.text, request.agent, request.team, key
                    )
                )
            except Refused as refused:
                if refused.code != Code.SERVICE_UNREACHABLE or not left:
                    raise
                await self._link.introduced()
            else:
                return

    async def reset_password(self, request: desk_floor.ResetPassword) -> desk_floor.ResetCode:
        """A one-time code for somebody who has forgotten the password."""
        answer = await self._ask(lambda id_: session.ResetPassword(id_, request.agent))
        assert isinstance(answer, session.ResetCode)
        expires = instant(answer.expires_ms)
        assert expires is not None
        return desk_floor.ResetCode(request.id, answer.code, expires, self._zone())

    async def _ask(self, make: MakeRequest) -> codec.ServiceMessage:
        if not self._signed_in():
            raise Refused("not_signed_in")
        return await self._link.ask_signed_in(make)
