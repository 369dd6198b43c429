"""From a message to its handler: who may send it is declared on the handler, and what goes wrong
becomes an `Error` here and nowhere else."""

import inspect
import logging
from collections.abc import Awaitable, Callable, Iterable
from enum import IntEnum
from typing import Any, Protocol, TypeVar

import msgspec

from protocol.wire import codec
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Error, FromSeat, FromService, Person, Role

_log = logging.getLogger(__name__)


class Standing(IntEnum):
    """How far a connection has come: each includes those before it."""

    STRANGER = 0
    GREETED = 1
    DESK = 2
    PERSON = 3


_EXPECTED = {
    Standing.GREETED: Code.HELLO_EXPECTED,
    Standing.DESK: Code.DESK_EXPECTED,
    Standing.PERSON: Code.SIGN_IN_EXPECTED,
}


class Peer(Protocol):
    """What dispatch needs to know of a connection."""

    @property
    def standing(self) -> Standing:
        """How far it has come."""

    @property
    def person(self) -> Person | None:
        """Who is signed in."""

    @property
    def draining(self) -> bool:
        """Whether nothing more is taken from it."""

    def send(self, message: FromService) -> None:
        """Send it."""

    def aside(self, question: int | None, answer: Callable[[], Awaitable[object]]) -> None:
        """Answer a question beside the frames that follow."""


class Need(msgspec.Struct, frozen=True):
    """Who may send a message."""

    message: type[FromSeat]
    standing: Standing
    roles: frozenset[Role]
    """Any of these; empty: whatever the role."""
    aside: bool = False
    """Whether it takes long: it is answered beside the frames that follow, and only as long as
    whoever asked is there."""


Handler = Callable[[Any, Any], Awaitable[FromService | None]]
H = TypeVar("H", bound=Callable[..., Awaitable[FromService | None]])
_MARK = "__need__"


def handles(
    message: type[FromSeat], standing: Standing, roles: Iterable[Role] = (), *, aside: bool = False
) -> Callable[[H], H]:
    """Declare a method as the handler of a message: `async (peer, message) -> reply or None`."""

    def declare(handler: H) -> H:
        setattr(handler, _MARK, Need(message, standing, frozenset(roles), aside))
        return handler

    return declare


class Dispatch:
    """The table of handlers."""

    def __init__(self, rooms: Iterable[object]) -> None:
        """Collect the declared methods of the features' handlers."""
        self._table: dict[type[FromSeat], tuple[Need, Handler]] = {}
        for room in rooms:
            for _, method in inspect.getmembers(room, inspect.ismethod):
                need = getattr(method, _MARK, None)
                if need is not None:
                    self._table[need.message] = (need, method)

    async def handle(self, peer: Peer, frame: bytes) -> bool:
        """Answer one frame. Returns False for what speaks against the peer: no message at all,
        or, before it has proved its desk, one that was refused."""
        try:
            message = codec.decode_from_seat(frame)
        except codec.Unreadable as unreadable:
            peer.send(Error(unreadable.code, unreadable.params, unreadable.re))
            return False
        return await self._answer(peer, message, self._now_or_aside)

    async def _answer(self, peer: Peer, message: FromSeat, work: Handler) -> bool:
        request = getattr(message, "id", None)
        try:
            reply = await work(peer, message)
            if reply is not None:
                peer.send(reply)
        except Refused as refused:
            peer.send(Error(refused.code, refused.params, request))
            return peer.standing >= Standing.DESK
        except Exception:  # noqa: BLE001 - the edge: a fault of one handler is one answer
            _log.exception("handler_failed")
            peer.send(Error(Code.INTERNAL, {}, request))
        return True

    async def _now_or_aside(self, peer: Peer, message: FromSeat) -> FromService | None:
        need, handler = self._table[type(message)]
        _permit(peer, need)
        if not need.aside:
            return await handler(peer, message)
        question, asker = getattr(message, "id", None), _who(peer)

        async def aside(peer: Peer, message: FromSeat) -> FromService | None:
            # Whoever asked may have signed out by now, or do so before the answer is found.
            _permit(peer, need)
            _expect(peer, asker)
            reply = await handler(peer, message)
            _expect(peer, asker)
            return reply

        peer.aside(question, lambda: self._answer(peer, message, aside))
        return None


def _who(peer: Peer) -> str | None:
    return None if peer.person is None else peer.person.number


def _expect(peer: Peer, asker: str | None) -> None:
    """Nobody is answered, and nothing is done, in the name of the next one at a desk."""
    if _who(peer) != asker:
        raise Refused(Code.SIGN_IN_EXPECTED)


def _permit(peer: Peer, need: Need) -> None:
    if peer.draining:
        raise Refused(Code.DRAINING)
    if peer.standing < need.standing:
        raise Refused(_EXPECTED[Standing(peer.standing + 1)])
    if need.roles and (peer.person is None or need.roles.isdisjoint(peer.person.roles)):
        raise Refused(Code.NOT_PERMITTED)
