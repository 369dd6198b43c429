"""What all messages between terminal and seat are made of."""

import msgspec

from protocol.facts.base import Int64
from protocol.wire.errors import Params


class Request(msgspec.Struct, frozen=True, tag_field="ask", tag=str.lower):
    """Something asked of the seat."""

    id: Int64


class Answering(msgspec.Struct, frozen=True, tag_field="tell", tag=str.lower):
    """Something the seat says."""


class Done(Answering, frozen=True):
    """The request was carried out, and what follows from it is on disk."""

    re: int


class Refused(Answering, frozen=True):
    """The request was not carried out; nothing changed."""

    re: int | None
    code: str
    params: Params = {}
