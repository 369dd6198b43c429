"""What a terminal asks of the service through its seat: passed on, with its answers and codes."""

import uuid
from collections.abc import Callable

import msgspec

from agent_client.seat.comparing import MakeRequest
from agent_client.seat.link import Link, Unanswered
from protocol.wire import attendance, codec, report
from protocol.wire.desk_plan import AskService, ServiceAnswered
from protocol.wire.errors import Code, Refused
from protocol.wire.relayed import RelayedAnswer, RelayedRequest

TRIES = 3
"""How often something is sent whose answer was lost with the link."""

LONG_S = 120.0
"""For what the service needs long for: months of a whole floor."""
_LONG = (
    report.GetReport,
    attendance.GetAttendance,
    attendance.SignMonth,
    attendance.LockMonth,
)


class Relay:
    """Each raises `Refused`: with the service's code, `not_signed_in`, or `service_unreachable`."""

    def __init__(self, link: Link, signed_in: Callable[[], bool]) -> None:
        self._link = link
        self._signed_in = signed_in

    async def pass_on(self, request: AskService) -> ServiceAnswered:
        """Ask the service what a terminal asks. Each request is one whose repetition is harmless:
        it asks, says what the end should be, or has a key."""
        message = _keyed(request.message)

        def make(id_: int) -> RelayedRequest:
            return msgspec.structs.replace(message, id=id_)

        answer = await self.ask_again(make, LONG_S if isinstance(message, _LONG) else None)
        assert isinstance(answer, RelayedAnswer)
        return ServiceAnswered(request.id, answer)

    async def ask(self, make: MakeRequest, limit_s: float | None = None) -> codec.ServiceMessage:
        """Ask once; `limit_s` as the link has it."""
        if not self._signed_in():
            raise Refused("not_signed_in")
        return await self._link.ask_signed_in(make, limit_s)

    async def ask_again(
        self, make: MakeRequest, limit_s: float | None = None
    ) -> codec.ServiceMessage:
        """Ask, and again where the link was cut before the answer; not where the service is slow,
        which asking again would make slower."""
        for _ in range(TRIES - 1):
            try:
                return await self.ask(make, limit_s)
            except Unanswered:
                raise
            except Refused as refused:
                if refused.code != Code.SERVICE_UNREACHABLE:
                    raise
            await self._link.introduced()
        return await self.ask(make, limit_s)


def _keyed(message: RelayedRequest) -> RelayedRequest:
    """With a key of its own, if it needs one and has none."""
    if getattr(message, "key", None) == "":
        return msgspec.structs.replace(message, key=uuid.uuid4().hex)
    return message
