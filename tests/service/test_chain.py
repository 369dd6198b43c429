"""The hash chain as arithmetic: what it covers, and that no two entries look the same to it."""

import hashlib
import struct

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_service.ledger import chain
from agent_service.ledger.chain import Entry

ENTRY = Entry(
    position=3,
    session="s1",
    seq=2,
    agent="1001",
    kind="phone.up",
    occurred_ms=1_000,
    wall_ms=2_000,
    mono_ms=3_000,
    received_ms=4_000,
    salt=b"s" * 16,
    payload=b'{"kind":"phone.up"}',
    hash=b"",
)
small = st.integers(-(1 << 63), (1 << 63) - 1)
position = st.integers(0, (1 << 64) - 1)
entries = st.builds(
    Entry,
    position=position,
    session=st.text(max_size=8),
    seq=position,
    agent=st.text(max_size=8),
    kind=st.text(max_size=8),
    occurred_ms=st.none() | small,
    wall_ms=small,
    mono_ms=small,
    received_ms=small,
    salt=st.just(b"s" * 16),
    payload=st.just(b""),
    hash=st.just(b""),
)


def test_the_hash_is_what_the_documentation_says() -> None:
    header = (
        struct.pack(">QQ?qqqqIII", 3, 2, True, 1_000, 2_000, 3_000, 4_000, 2, 4, 8)
        + b"s1"
        + b"1001"
        + b"phone.up"
    )
    payload = hashlib.sha256(b"s" * 16 + b'{"kind":"phone.up"}').digest()
    previous = b"p" * 32
    assert chain.link(previous, ENTRY) == hashlib.sha256(previous + header + payload).digest()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("position", 4),
        ("session", "s2"),
        ("seq", 3),
        ("agent", "1002"),
        ("kind", "phone.down"),
        ("occurred_ms", 1_001),
        ("occurred_ms", None),
        ("wall_ms", 0),
        ("mono_ms", 0),
        ("received_ms", 0),
        ("salt", b"t" * 16),
        ("payload", b'{"kind":"phone.up" }'),
    ],
)
def test_every_field_is_covered(field: str, value: object) -> None:
    changed = msgspec.structs.replace(ENTRY, **{field: value})
    assert chain.link(b"p" * 32, changed) != chain.link(b"p" * 32, ENTRY)


def test_what_went_before_is_covered() -> None:
    assert chain.link(b"p" * 32, ENTRY) != chain.link(b"q" * 32, ENTRY)
    assert chain.genesis("one") != chain.genesis("other")


@given(entries, entries)
def test_different_headers_are_encoded_differently(one: Entry, other: Entry) -> None:
    assert (chain.header(one) == chain.header(other)) == (one == other)
