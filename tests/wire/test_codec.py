"""Messages between seat and service: they come out as they went in, or are refused with a code."""

import msgspec
import pytest
from hypothesis import given

from protocol.wire import codec
from protocol.wire.errors import Code
from protocol.wire.session import Heartbeat
from protocol.wire.sync import Append
from tests.wire.hostile import BEYOND_64_BITS, BYTES, DEEP, HUGE, broken
from tests.wire.shapes import JSON, messages

FROM_SEAT = messages(codec.SeatMessage)
FROM_SERVICE = messages(codec.ServiceMessage)


def append(body: bytes) -> bytes:
    """A frame that appends one fact with that body."""
    record = b'{"seq":1,"occurred_ms":null,"wall_ms":2,"mono_ms":3,"body":' + body + b"}"
    return b'{"type":"append","session":"s","facts":[' + record + b"]}"


def refused(frame: str | bytes) -> codec.Unreadable:
    """How a frame is refused, which it must be."""
    with pytest.raises(codec.Unreadable) as caught:
        codec.decode_from_seat(frame)
    return caught.value


def read_or_refused(frame: bytes) -> None:
    """Either a message, which can be written again, or `Unreadable`: nothing else."""
    try:
        message = codec.decode_from_seat(frame)
    except codec.Unreadable as unreadable:
        assert unreadable.code in (Code.MALFORMED_MESSAGE, Code.UNKNOWN_COMMAND)
    else:
        codec.encode(message)


@given(FROM_SEAT)
def test_a_seats_message_arrives_as_it_was_sent(message: codec.SeatMessage) -> None:
    sent = codec.encode(message)
    received = codec.decode_from_seat(sent.decode())
    assert type(received) is type(message)
    assert codec.encode(received) == sent


@given(FROM_SERVICE)
def test_the_services_message_arrives_as_it_was_sent(message: codec.ServiceMessage) -> None:
    sent = codec.encode(message)
    assert codec.decode_from_service(sent.decode()) == message


@given(JSON)
def test_a_facts_body_stays_the_bytes_that_its_author_wrote(body: object) -> None:
    written = msgspec.json.format(msgspec.json.encode(body), indent=3)
    received = codec.decode_from_seat(append(written))
    assert isinstance(received, Append)
    assert bytes(received.facts[0].body) == written
    assert written in codec.encode(received)


def test_fields_of_a_newer_version_are_left_aside() -> None:
    assert codec.decode_from_seat('{"type":"heartbeat","mono_ms":5,"new":{}}') == Heartbeat(5)


def test_an_unknown_type_is_an_unknown_command() -> None:
    unreadable = refused('{"type":"teleport","id":7}')
    assert (unreadable.code, unreadable.re) == (Code.UNKNOWN_COMMAND, 7)
    assert unreadable.params == {"command": "teleport"}


@pytest.mark.parametrize(
    ("frame", "re"),
    [
        ('{"type":"signin","id":7,"agent":"1001"}', 7),
        ('{"type":"signin","id":7,"agent":1001,"password":"p","session":"s"}', 7),
        ('{"type":"signin","id":"seven"}', None),
        ('{"type":"teleport","id":"seven"}', None),
        ('{"type":5,"id":7}', None),
        ('{"id":7}', None),
        ('{"type":"heartbeat","mono_ms":1.5}', None),
        ('{"type":"heartbeat","mono_ms":1}{}', None),
        ("[]", None),
        ("null", None),
        ("", None),
        (b'{"type":"\xff"}', None),
        ('{"type":"\udc80"}', None),
        (b"\xef\xbb\xbf{}", None),
        (append(b'{"kind":'), None),
    ],
)
def test_anything_else_is_malformed(frame: str | bytes, re: int | None) -> None:
    unreadable = refused(frame)
    assert (unreadable.code, unreadable.re) == (Code.MALFORMED_MESSAGE, re)


def test_a_password_is_not_quoted() -> None:
    frame = '{"type":"signin","id":1,"agent":7,"password":"correct horse","session":"s"}'
    assert "horse" not in str(refused(frame))


@pytest.mark.parametrize(
    "frame",
    [
        b'{"type":"heartbeat","mono_ms":1,"new":' + DEEP + b"}",
        b'{"type":"heartbeat","mono_ms":' + DEEP + b"}",
        b'{"type":' + DEEP + b"}",
        append(DEEP),
        DEEP,
    ],
    ids=["new field", "known field", "type", "body", "frame"],
)
def test_deep_nesting_is_malformed(frame: bytes) -> None:
    assert refused(frame).code == Code.MALFORMED_MESSAGE


@pytest.mark.parametrize("number", [HUGE, BEYOND_64_BITS, b"-" + HUGE, b"1e400"])
def test_a_number_that_no_database_holds_is_malformed(number: bytes) -> None:
    assert refused(b'{"type":"heartbeat","mono_ms":' + number + b"}").code == Code.MALFORMED_MESSAGE
    assert refused(b'{"type":"signout","id":' + number + b"}").code == Code.MALFORMED_MESSAGE
    assert refused(b'{"type":"teleport","id":' + number + b"}").code == Code.MALFORMED_MESSAGE


def test_what_is_quoted_of_a_message_is_short() -> None:
    long = "x" * 100_000
    quoted = [
        refused(f'{{"type":"{long}","id":1}}'),
        refused(f'{{"type":"{long}","id":"1"}}'),
    ]
    assert max(len(str(each)) for each in quoted) < 300


@given(BYTES)
def test_arbitrary_bytes_are_refused(frame: bytes) -> None:
    read_or_refused(frame)


@given(broken(FROM_SEAT.map(codec.encode)))
def test_broken_messages_are_refused_or_still_messages(frame: bytes) -> None:
    read_or_refused(frame)


@given(JSON)
def test_json_that_is_no_message_is_refused(value: object) -> None:
    read_or_refused(msgspec.json.encode(value))


@given(BYTES)
def test_a_seat_survives_a_service_that_talks_nonsense(frame: bytes) -> None:
    with pytest.raises(codec.Unreadable):
        codec.decode_from_service(b"nonsense" + frame)
