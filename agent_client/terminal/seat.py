"""What the terminal needs of a connection to a seat, whoever makes it."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from protocol.wire.desk import AnyAnswering, AnyRequest, Pushed

MakeRequest = Callable[[int], AnyRequest]
"""Makes a request with the id that the connection gives it; a request's class without other
fields is one."""


class Seat(Protocol):
    """A connection to a running seat."""

    async def ask(self, make: MakeRequest) -> AnyAnswering:
        """The answer to one request. Raises `Refused` with the seat's code, and `ConnectionError`
        if the seat is gone: then it is not known whether the request was carried out."""

    def listen(self, listener: Callable[[Pushed], None]) -> None:
        """Hear what the seat tells by itself."""

    async def closed(self) -> None:
        """Return when the seat is gone."""

    async def close(self) -> None:
        """Leave the seat, which goes on."""


Connect = Callable[[], Awaitable[Seat]]
"""Finds the running seat or starts one. Raises `Refused` where that fails."""
