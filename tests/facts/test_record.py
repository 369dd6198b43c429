"""Facts as bytes: known ones are read, those of a newer version are kept, others are refused."""

import msgspec
import pytest
from hypothesis import given

from protocol.facts.agent import State, StateEntered
from protocol.facts.record import KINDS, AnyFact, MalformedFact, encode_fact, kind_of, read_fact
from protocol.facts.request import RequestWithdrawn
from tests.wire.hostile import BEYOND_64_BITS, BYTES, DEEP, HUGE, broken
from tests.wire.shapes import messages

FACTS = messages(AnyFact)


@given(FACTS)
def test_a_fact_is_read_as_it_was_written(fact: AnyFact) -> None:
    body = encode_fact(fact)
    assert read_fact(body) == fact
    assert read_fact(msgspec.Raw(body)) == fact
    assert kind_of(body) in KINDS


@given(FACTS)
def test_fields_of_a_newer_version_are_no_hindrance(fact: AnyFact) -> None:
    newer = msgspec.json.decode(encode_fact(fact)) | {"added_later": [1, {"a": None}]}
    assert read_fact(msgspec.json.encode(newer)) == fact


def test_a_request_that_was_withdrawn_before_reasons_were_told_has_none() -> None:
    body = b'{"kind":"request.withdrawn","request":"r1","actor":"2001"}'
    assert read_fact(body) == RequestWithdrawn("r1", "2001", "")


def test_a_kind_of_a_newer_version_is_none() -> None:
    body = b'{"kind":"agent.levitated","height_cm":3}'
    assert (kind_of(body), read_fact(body)) == ("agent.levitated", None)


def test_a_kind_names_family_and_event() -> None:
    assert [kind for kind in KINDS if len(kind.split(".")) != 2] == []


def test_what_is_written_is_compact_and_begins_with_its_kind() -> None:
    entered = StateEntered(state=State.READY, trigger="ready", actor="1001")
    assert encode_fact(entered).startswith(b'{"kind":"agent.state_entered","state":"READY",')


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"kind":5}',
        b'{"kind":"agent.state_entered"}',
        b'{"kind":"agent.state_entered","state":"ASLEEP","trigger":"t","actor":"a"}',
        b'{"kind":"call.held","call_id":"\xff"}',
        b'{"kind":"agent.levitated","\xff":1}',
        b'{"kind":"agent.levitated","new":' + DEEP + b"}",
        b'{"kind":"phone.down","code":"c","sip_status":' + HUGE + b"}",
        b'{"kind":"phone.down","code":"c","sip_status":' + BEYOND_64_BITS + b"}",
        b'{"kind":"link.lost","agent":"a","seat_session":"s","last_heard_ms":-1}',
        b'{"kind":"link.lost","agent":"a","seat_session":"s","last_heard_ms":253402300800000}',
        b'{"kind":"call.held","call_id":"c"} {}',
    ],
    ids=range(15),
)
def test_anything_else_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedFact):
        read_fact(body)


def test_what_is_quoted_of_a_body_is_short() -> None:
    long = b"x" * 100_000
    with pytest.raises(MalformedFact) as caught:
        read_fact(b'{"kind":"call.missed","call_id":"c","cause":"' + long + b'"}')
    assert len(str(caught.value)) < 300


@given(BYTES | broken(FACTS.map(encode_fact)))
def test_nothing_raises_anything_else(body: bytes) -> None:
    try:
        fact = read_fact(body)
    except MalformedFact:
        return
    assert fact is None or read_fact(encode_fact(fact)) == fact
