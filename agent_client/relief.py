"""Relief on a shared desk: the incoming signs in and the outgoing signs out, as one action.

The incoming comes first, so that the post is never counted empty; where that is refused, nothing
has changed for the outgoing.
"""

import contextlib
from collections.abc import Awaitable, Callable
from typing import Protocol

from agent_client.whose_seat import NUMBER
from protocol.facts.agent import State
from protocol.wire import desk
from protocol.wire.errors import Code, Refused

_MAY_GO = frozenset({State.READY, State.NOT_READY, State.ACW})


class Asked(Protocol):
    """Whoever answers for a seat."""

    async def ask(self, make: Callable[[int], desk.AnyRequest]) -> desk.AnyAnswering:
        """The answer to one request. Raises `Refused`, or `ConnectionError`."""


class Seat(Asked, Protocol):
    """A connection to a seat."""

    async def close(self) -> None:
        """Leave the seat, which goes on."""


async def relieve(
    outgoing: Asked, reach: Callable[[], Awaitable[Seat]], incoming: str, password: str
) -> None:
    """Sign the incoming (a staff number) in at a seat of their own on this desk, which `reach`
    finds or starts, then the outgoing out.

    Raises `Refused`: `bad_staff_number`, `wrong_state` in a call, `own_case` for oneself, or
    whatever the sign-in is refused with. Where only the outgoing could not be signed out, both are
    signed in, and the code says why.
    """
    if not NUMBER.fullmatch(incoming):
        raise Refused(Code.BAD_STAFF_NUMBER)
    status = await _status(outgoing)
    if status.agent == incoming:
        raise Refused(Code.OWN_CASE)
    if status.state not in _MAY_GO:
        raise Refused("wrong_state" if status.state is not State.LOGGED_OFF else "not_signed_in")
    other = await reach()
    try:
        await _sign_in(other, password)
        await outgoing.ask(lambda id_: desk.Relieve(id_, incoming))
    finally:
        await other.close()


async def _sign_in(other: Asked, password: str) -> None:
    """The incoming, if they are not signed in here already. A seat that nobody could sign in at
    is not left behind."""
    if (await _status(other)).state is not State.LOGGED_OFF:
        return
    try:
        await other.ask(lambda id_: desk.SignIn(id_, password))
    except Refused:
        with contextlib.suppress(Refused, ConnectionError):
            await other.ask(desk.StopSeat)
        raise


async def _status(seat: Asked) -> desk.Status:
    status = await seat.ask(desk.GetStatus)
    assert isinstance(status, desk.Status)
    return status
