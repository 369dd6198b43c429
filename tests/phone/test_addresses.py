"""Who may be called, and who calls: text that nobody has checked."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_client.phone.addresses import (
    NAME_LENGTH,
    PEER_LENGTH,
    BadAddress,
    address_uri,
    callable_uri,
    caller,
    display_name,
    line_called,
    target_uri,
)
from agent_client.phone.engine import Transport

FORBIDDEN = re.compile(r"[\s<>\"\\?\x00-\x1f\x7f]")
NETWORK_TEXT = st.binary(max_size=400).map(lambda raw: raw.decode("utf-8", "surrogateescape"))


@pytest.mark.parametrize(
    ("target", "uri"),
    [
        ("1002", "sip:1002@pbx:5060"),
        ("+4955512345", "sip:+4955512345@pbx:5060"),
        ("*71", "sip:*71@pbx:5060"),
        ("#31#0555", "sip:%2331%230555@pbx:5060"),
        ("sip:jane@10.0.0.7:5070", "sip:jane@10.0.0.7:5070"),
        ("sip:jane@[::1]:5070", "sip:jane@[::1]:5070"),
        ("sip:10.0.0.7;transport=tcp", "sip:10.0.0.7;transport=tcp"),
    ],
)
def test_numbers_and_addresses_can_be_called(target: str, uri: str) -> None:
    assert target_uri(target, "pbx:5060", Transport.UDP) == uri


def test_a_number_takes_the_registrars_transport() -> None:
    assert target_uri("1", "pbx", Transport.TLS) == "sip:1@pbx;transport=tls"


@pytest.mark.parametrize(
    "target",
    [
        "",
        " ",
        "1002 ",
        "1002\n",
        "１００２",
        "sip:a@b\n",
        "sip:a@b;lr",
        "sips:a@b",
        "SIP:",
        "0" * 33,
    ],
)
def test_other_text_is_refused(target: str) -> None:
    with pytest.raises(BadAddress):
        target_uri(target, "pbx:5060", Transport.UDP)


@given(st.text(max_size=80) | st.text(max_size=40).map("sip:a@b".__add__))
def test_no_text_gets_into_a_message(text: str) -> None:
    try:
        uri = target_uri(text, "pbx:5060", Transport.UDP)
    except BadAddress:
        return
    assert uri.startswith("sip:")
    assert not FORBIDDEN.search(uri)


@pytest.mark.parametrize(("user", "host"), [("a b", "h"), ("a", "h\r\n"), ("", "h"), ("a>", "h")])
def test_a_setting_that_is_no_address_is_refused(user: str, host: str) -> None:
    with pytest.raises(BadAddress):
        address_uri(user, host, Transport.UDP)


@given(st.text(max_size=200))
def test_a_display_name_stays_inside_its_quotes(name: str) -> None:
    assert re.fullmatch(r'("[^"\\\x00-\x1f]*" )?', display_name(name))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('"Jane Customer" <sip:+4955512345@trunk.test>;tag=1', ("+4955512345", "Jane Customer")),
        ('"Say \\"hi\\" \\\\o/" <sip:1@b>', ("1", 'Say "hi" \\o/')),
        ("Jane Customer <sip:1@b>;tag=x", ("1", "Jane Customer")),
        ("<sip:1@b;user=phone>", ("1", "")),
        ("sip:1@b;tag=x", ("1", "")),
        ("<sip:%2B49%20555@b>", ("+49 555", "")),
        ("<sip:+49;phone-context=x:secret@b>", ("+49", "")),
        ("<tel:+49-555;phone-context=b>", ("+49-555", "")),
        ("<sip:gateway.test:5060>", ("sip:gateway.test:5060", "")),
        ('"王女士" <sip:13800000000@b>', ("13800000000", "王女士")),
        ('"a\\\nb\x1b[31m\u202e" <sip:1@b>', ("1", "ab[31m")),
        ("", ("", "")),
    ],
)
def test_who_calls(header: str, expected: tuple[str, str]) -> None:
    assert caller(header) == expected


def test_bytes_that_are_no_text_are_marked() -> None:
    header = b'"J\xe4ne" <sip:1@b>'.decode("utf-8", "surrogateescape")
    assert caller(header) == ("1", "J\N{REPLACEMENT CHARACTER}ne")


@given(NETWORK_TEXT | NETWORK_TEXT.map(lambda text: f'"{text}" <sip:{text}@b>'))
def test_whatever_calls_can_be_shown_and_stored(header: str) -> None:
    peer, name = caller(header)
    assert len(peer) <= PEER_LENGTH
    assert len(name) <= NAME_LENGTH
    assert (peer + name).isprintable()
    (peer + name).encode("utf-8")


@pytest.mark.parametrize(
    ("contact", "uri"),
    [
        ("<sip:1001@127.0.0.1:5070;ob>", "sip:1001@127.0.0.1:5070"),
        ("<sip:1001@127.0.0.1:5070;transport=TCP;ob>", "sip:1001@127.0.0.1:5070;transport=tcp"),
        ('"Jane" <sip:[::1]:5070>;expires=60', "sip:[::1]:5070"),
        ("sip:1001@127.0.0.1;expires=60", "sip:1001@127.0.0.1"),
        ("<sip:49;phone-context=x@b>", ""),
        ("<sip:1@b?X-Evil=1>", ""),
        ("<sips:1@b>", ""),
        ("*", ""),
        ("", ""),
    ],
)
def test_where_a_caller_can_be_called_back(contact: str, uri: str) -> None:
    assert callable_uri(contact) == uri


@given(NETWORK_TEXT | NETWORK_TEXT.map(lambda text: f"<sip:{text}@b;transport={text}>"))
def test_only_what_may_be_dialled_is_said_to_be_callable(contact: str) -> None:
    uri = callable_uri(contact)
    assert not uri or target_uri(uri, "", Transport.UDP) == uri


@pytest.mark.parametrize(
    ("line_header", "to_header", "called"),
    [
        ("4000-800-123", "<sip:1001@10.0.0.7>", "4000-800-123"),
        ("", '"Sales" <sip:4000@b>;tag=1', "4000"),
        ("\x1b[31m7", "", "[31m7"),
    ],
)
def test_what_was_dialled(line_header: str, to_header: str, called: str) -> None:
    assert line_called(line_header, to_header) == called
