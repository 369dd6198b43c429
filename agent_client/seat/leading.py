"""What leads ask of the service through their seat: passed on, with its answers and codes."""

import uuid
from collections.abc import Callable
from datetime import date

from agent_client.seat.instants import instant
from agent_client.seat.relay import Relay
from protocol.wire import desk_floor, orders, session
from protocol.wire.person import GetPersonDay, PersonDay


class Leading:
    """Each raises `Refused`: with the service's code, `not_signed_in`, or `service_unreachable`."""

    def __init__(self, relay: Relay, today: Callable[[], date], zone: Callable[[], str]) -> None:
        self._relay = relay
        self._today = today
        self._zone = zone

    async def person(self, request: desk_floor.GetPerson) -> desk_floor.PersonPage:
        """One person's day."""
        day = request.day or self._today()
        answer = await self._relay.ask(lambda id_: GetPersonDay(id_, request.agent, day))
        assert isinstance(answer, PersonDay)
        return desk_floor.PersonPage(request.id, answer)

    async def place_order(self, request: desk_floor.PlaceOrder) -> None:
        """An order. Sent again where the link was cut before the answer: its key makes that
        harmless."""
        key = uuid.uuid4().hex
        await self._relay.ask_again(
            lambda id_: orders.PlaceOrder(
                id_, request.what, request.text, request.agent, request.team, key
            )
        )

    async def reset_password(self, request: desk_floor.ResetPassword) -> desk_floor.ResetCode:
        """A one-time code for somebody who has forgotten the password."""
        answer = await self._relay.ask(lambda id_: session.ResetPassword(id_, request.agent))
        assert isinstance(answer, session.ResetCode)
        expires = instant(answer.expires_ms)
        assert expires is not None
        return desk_floor.ResetCode(request.id, answer.code, expires, self._zone())
