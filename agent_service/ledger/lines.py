"""The ledger as lines of JSON: a heading, then an entry a line, so exact that the chain holds.

The heading tells how many entries follow and the last one's hash, so that a file that was cut
short is seen.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from agent_service.ledger import replay
from agent_service.ledger.append import Head
from agent_service.ledger.chain import Entry
from agent_service.ledger.tail import head_of
from agent_service.ledger.verify import check_link
from protocol.facts.base import UNREADABLE, Int64
from protocol.wire.errors import Code, Refused

FORMAT = 1
T = TypeVar("T")

_Hex = Annotated[str, Meta(pattern="^([0-9a-f]{2})*$")]
_Text = Annotated[str, Meta(max_length=1 << 16)]
_Position = Annotated[int, Meta(ge=1, le=(1 << 63) - 1)]


class Heading(msgspec.Struct, frozen=True):
    """The first line."""

    format: int
    """1; another one is refused."""
    ledger: str
    created_ms: Int64
    entries: Annotated[int, Meta(ge=0, le=(1 << 63) - 1)]
    head: _Hex


class _Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """An entry. Bytes are hexadecimal, but for a payload that is text, as all but a hostile
    seat's are."""

    position: _Position
    session: _Text
    seq: _Position
    agent: _Text
    kind: _Text
    occurred_ms: Int64 | None
    wall_ms: Int64
    mono_ms: Int64
    received_ms: Int64
    salt: _Hex
    hash: _Hex
    payload: str | None = None
    payload_hex: _Hex | None = None


_encoder = msgspec.json.Encoder()
_heading = msgspec.json.Decoder(Heading)
_line = msgspec.json.Decoder(_Line)


def write(connection: sqlite3.Connection, ledger: str) -> Iterator[bytes]:
    """The lines of a ledger, each with its line break. The connection should be in one read
    transaction. Raises `Refused` with `ledger_broken` at the first entry that does not fit."""
    end = head_of(connection, ledger, replay.last_position(connection))
    (created_ms,) = connection.execute("SELECT created_ms FROM ledger").fetchone()
    yield _encoder.encode(Heading(FORMAT, ledger, created_ms, end.position, end.hash.hex())) + b"\n"
    head = head_of(connection, ledger, 0)
    for entry in replay.entries(connection):
        check_link(head, entry)
        head = Head(entry.position, entry.hash)
        yield _encoder.encode(_line_of(entry)) + b"\n"


class Lines:
    """The lines of a file, read one by one. What is wrong with one is raised as `Refused` with
    `bad_line`, its number and its fault."""

    def __init__(self, lines: Iterable[bytes], name: str) -> None:
        """Read the heading."""
        self._lines = iter(lines)
        self._name = name
        self.number = 0
        """The line that was read last, from 1."""
        self.heading = self._decode(_heading, next(self._lines, b""))
        if self.heading.format != FORMAT:
            raise self.bad("format")

    def entries(self) -> Iterator[Entry]:
        """The entries. Whether they are a chain is for others to check."""
        for line in self._lines:
            yield self._entry(self._decode(_line, line))

    def check_end(self, head: Head) -> None:
        """Whether the heading told of this end."""
        self.number += 1
        if (head.position, head.hash.hex()) != (self.heading.entries, self.heading.head):
            raise self.bad("head")

    def bad(self, detail: str, line: int | None = None) -> Refused:
        """The refusal that names a line, or the one read last."""
        return Refused(Code.BAD_LINE, file=self._name, line=line or self.number, detail=detail)

    def _decode(self, decoder: "msgspec.json.Decoder[T]", line: bytes) -> T:
        self.number += 1
        try:
            return decoder.decode(line)
        except UNREADABLE as error:
            raise self.bad(str(error)) from error

    def _entry(self, line: _Line) -> Entry:
        return Entry(
            line.position,
            line.session,
            line.seq,
            line.agent,
            line.kind,
            line.occurred_ms,
            line.wall_ms,
            line.mono_ms,
            line.received_ms,
            bytes.fromhex(line.salt),
            self._payload(line),
            bytes.fromhex(line.hash),
        )

    def _payload(self, line: _Line) -> bytes:
        if line.payload is not None and line.payload_hex is None:
            return line.payload.encode()
        if line.payload_hex is not None and line.payload is None:
            return bytes.fromhex(line.payload_hex)
        raise self.bad("payload")


def _line_of(entry: Entry) -> _Line:
    payload, payload_hex = _text_of(entry.payload), None
    if payload is None:
        payload_hex = entry.payload.hex()
    return _Line(
        entry.position,
        entry.session,
        entry.seq,
        entry.agent,
        entry.kind,
        entry.occurred_ms,
        entry.wall_ms,
        entry.mono_ms,
        entry.received_ms,
        entry.salt.hex(),
        entry.hash.hex(),
        payload,
        payload_hex,
    )


def _text_of(payload: bytes) -> str | None:
    try:
        return payload.decode()
    except UnicodeDecodeError:
        return None
