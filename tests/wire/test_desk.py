"""Messages between terminal and seat: one a line, as they went in, or not at all."""

import msgspec
import pytest
from hypothesis import given

from protocol.wire import desk
from tests.wire.hostile import BEYOND_64_BITS, BYTES, DEEP, HUGE, broken
from tests.wire.shapes import messages

REQUESTS = messages(desk.AnyRequest)
ANSWERINGS = messages(desk.AnyAnswering)


@given(REQUESTS)
def test_a_request_arrives_as_it_was_sent(request: desk.AnyRequest) -> None:
    assert desk.decode_request(desk.encode(request)) == request


@given(ANSWERINGS)
def test_an_answering_arrives_as_it_was_sent(answering: desk.AnyAnswering) -> None:
    assert desk.decode_answering(desk.encode(answering)) == answering


@given(REQUESTS | ANSWERINGS)
def test_a_message_is_one_line(message: desk.AnyRequest | desk.AnyAnswering) -> None:
    line = desk.encode(message)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"null",
        b'{"ask":"fly","id":1}',
        b'{"ask":"dial","id":1}',
        b'{"ask":"break","id":1,"reason":"BORED"}',
        b'{"ask":"getstatus","id":"\xff"}',
        b'{"ask":"getstatus","id":' + HUGE + b"}",
        b'{"ask":"getstatus","id":' + BEYOND_64_BITS + b"}",
        b'{"ask":"getstatus","id":1,"new":' + DEEP + b"}",
    ],
    ids=range(10),
)
def test_anything_else_is_one_kind_of_error(line: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        desk.decode_request(line)


@given(BYTES)
def test_arbitrary_bytes_are_too(line: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        desk.decode_answering(b"nonsense" + line)


@given(broken(REQUESTS.map(desk.encode)))
def test_a_broken_request_is_one_or_a_request_still(line: bytes) -> None:
    try:
        request = desk.decode_request(line)
    except msgspec.DecodeError:
        return
    desk.encode(request)
