"""What leads ask of seats."""

from collections.abc import Callable
from typing import Protocol

from agent_service.allowance import Allowance
from agent_service.asking import asker
from agent_service.dispatch import Standing, handles
from agent_service.identity import check_key
from agent_service.orders.placing import Act, OrderPlacer
from agent_service.orders.text import check_text
from agent_service.session import Conversation
from agent_service.settings import Orders
from agent_service.writer import Writer
from protocol.facts.order import OrderKind
from protocol.rules.permissions import LEADS, may_order
from protocol.wire.errors import Code, Refused
from protocol.wire.orders import OrderAccepted, PlaceOrder
from protocol.wire.session import Person

_SHOWN = 64
_MINUTE_MS = 60_000


class Staff(Protocol):
    """Who works here today (`accounts.directory`)."""

    def find(self, number: str) -> Person | None:
        """Somebody by staff number."""

    def members(self, team: str) -> list[Person]:
        """Who is in a team."""


class OrderHandlers:
    """Forced states, requests and messages."""

    def __init__(
        self,
        settings: Orders,
        placer: OrderPlacer,
        writer: Writer,
        staff: Staff,
        allowance: Allowance,
        now_ms: Callable[[], int],
    ) -> None:
        self._settings = settings
        self._placer = placer
        self._writer = writer
        self._staff = staff
        self._allowance = allowance
        self._now_ms = now_ms

    @handles(PlaceOrder, Standing.PERSON, LEADS)
    async def place(self, peer: Conversation, message: PlaceOrder) -> OrderAccepted:
        """Record the orders; their seats are sent them when they are on the disk."""
        actor = asker(peer, self._allowance)
        text = check_text(message.text)
        check_key(message.key)
        agents = self._agents(actor, message)
        act = Act(actor.number, message.key, message.what, text, agents)
        now_ms = self._now_ms()
        expires_ms = now_ms + self._lasting_ms(message.what)
        orders = await self._writer.run(
            lambda connection: self._placer.place(connection, act, now_ms, expires_ms)
        )
        return OrderAccepted(message.id, orders)

    def _agents(self, actor: Person, message: PlaceOrder) -> tuple[str, ...]:
        """Of whom it is asked. Raises `Refused`."""
        if bool(message.agent) == bool(message.team):
            raise Refused(Code.MALFORMED_MESSAGE, detail="agent or team")
        if message.team:
            return self._team(actor, message)
        subject = self._staff.find(message.agent)
        if subject is None:
            raise Refused(Code.UNKNOWN_AGENT, agent=message.agent[:_SHOWN])
        if subject.number == actor.number:
            raise Refused(Code.OWN_ORDER)
        if not may_order(actor, subject, message.what):
            raise Refused(Code.NOT_PERMITTED)
        return (subject.number,)

    def _team(self, actor: Person, message: PlaceOrder) -> tuple[str, ...]:
        """The members of today but the one who asks."""
        if message.what is not OrderKind.MESSAGE:
            raise Refused(Code.MALFORMED_MESSAGE, detail="a team gets messages only")
        members = self._staff.members(message.team)
        if not members:
            raise Refused(Code.UNKNOWN_TEAM, team=message.team[:_SHOWN])
        others = [member for member in members if member.number != actor.number]
        allowed = [member for member in others if may_order(actor, member, message.what)]
        if len(allowed) < max(1, len(others)):
            raise Refused(Code.NOT_PERMITTED)
        return tuple(sorted(member.number for member in allowed))

    def _lasting_ms(self, what: OrderKind) -> int:
        if what is OrderKind.MESSAGE:
            return self._settings.message_hours * 60 * _MINUTE_MS
        return self._settings.force_minutes * _MINUTE_MS
