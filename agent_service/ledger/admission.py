"""What a seat may send: each fact is read and judged before it comes near the writer."""

from collections.abc import Sequence

import msgspec

from protocol.facts.record import AnyFact, MalformedFact, Record, kind_of, read_fact
from protocol.wire.errors import Code, Refused
from protocol.wire.sync import MAX_BATCH

SEAT_FAMILIES = ("agent.", "call.", "session.", "phone.")
"""What a seat can know. Other kinds are the service's to record."""
UNREADABLE = "unreadable"
"""In place of the kind of what names none."""

_KIND_LENGTH = 64
"""A longer name is no kind of any version's."""


class Admitted(msgspec.Struct, frozen=True, gc=False):
    """A fact that may be appended, with its payload as it came."""

    seq: int
    occurred_ms: int | None
    wall_ms: int
    mono_ms: int
    kind: str
    payload: bytes
    fact: AnyFact | None
    """None for one that this version can't read: a kind that it does not know, or another form
    of a known one."""


_kinds = {member: str(member.__struct_config__.tag) for member in AnyFact.__args__}


def admit(session: str, records: Sequence[Record]) -> tuple[Admitted, ...]:
    """Judge one batch. What can't be read is kept as it came, so that it holds back nothing that
    follows. Raises `Refused` for the whole of it: `batch_too_large`, `sequence_gap` (numbers that
    do not follow one another) or `fact_not_yours`."""
    if len(records) > MAX_BATCH:
        raise Refused(Code.BATCH_TOO_LARGE, session=session, limit=MAX_BATCH)
    admitted = tuple(_admit(session, record) for record in records)
    expected = admitted[0].seq if admitted else 1
    for fact in admitted:
        if fact.seq != expected or expected < 1:
            raise Refused(Code.SEQUENCE_GAP, session=session, expected=max(expected, 1))
        expected += 1
    return admitted


def _admit(session: str, record: Record) -> Admitted:
    payload = bytes(record.body)
    try:
        fact = read_fact(payload)
    except MalformedFact:
        fact = None
    kind = _kind_told(payload) if fact is None else _kinds[type(fact)]
    if not kind.startswith(SEAT_FAMILIES) and kind != UNREADABLE:
        raise Refused(Code.FACT_NOT_YOURS, session=session, seq=record.seq, kind=kind)
    return Admitted(
        record.seq, record.occurred_ms, record.wall_ms, record.mono_ms, kind, payload, fact
    )


def _kind_told(payload: bytes) -> str:
    """The kind that it names, if that is one."""
    try:
        kind = kind_of(payload)
    except MalformedFact:
        return UNREADABLE
    return kind if 0 < len(kind) <= _KIND_LENGTH else UNREADABLE
