"""SIP addresses: whom a `Dial` may reach, and who calls, out of text that nobody has checked."""

import re
from urllib.parse import unquote

from agent_client.phone.engine import Transport

PEER_LENGTH = 64
"""Longest number or address kept of a caller."""
NAME_LENGTH = 80
"""Longest display name kept of a caller."""
URI_LENGTH = 200
"""Longest SIP address kept of a caller."""

_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?"
_USER = r"(?:[A-Za-z0-9\-_.!~*'()&=+$,]|%[0-9A-Fa-f]{2}){1,64}"
# Neither further parameters nor `?` headers: they would let text into our own SIP messages.
_SIP = re.compile(rf"sip:(?:{_USER}@)?{_HOST}(?:;transport=(?:udp|tcp|tls))?")
_NUMBER = re.compile(r"[0-9*#+]{1,32}")
_HOST_PORT = re.compile(_HOST)
_PLAIN_USER = re.compile(_USER)

_NAME_ADDR = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^"<]*))\s*<([^>]*)>', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_SCHEME = re.compile(r"(?:sips?|tel):", re.IGNORECASE)


class BadAddress(ValueError):
    """Text that may not be put into a SIP message."""


def _suffix(transport: Transport) -> str:
    return "" if transport is Transport.UDP else f";transport={transport}"


def address_uri(user: str, host_port: str, transport: Transport) -> str:
    """`sip:user@host:port`, with the transport unless it is UDP. Raises `BadAddress`."""
    if not (_PLAIN_USER.fullmatch(user) and _HOST_PORT.fullmatch(host_port)):
        raise BadAddress
    return f"sip:{user}@{host_port}{_suffix(transport)}"


def server_uri(host_port: str, transport: Transport) -> str:
    """A server's URI. Raises `BadAddress`."""
    if not _HOST_PORT.fullmatch(host_port):
        raise BadAddress
    return f"sip:{host_port}{_suffix(transport)}"


def target_uri(target: str, registrar: str, transport: Transport) -> str:
    """The URI to call: a plain `sip:` URI as it is, or a number (digits, `*`, `#`, `+`) at the
    registrar. Raises `BadAddress` for anything else, and for a number without a registrar."""
    if _SIP.fullmatch(target):
        return target
    if not _NUMBER.fullmatch(target):
        raise BadAddress
    return address_uri(target.replace("#", "%23"), registrar, transport)


def is_number(target: str) -> bool:
    """Whether this is a number, which only an exchange can reach."""
    return _NUMBER.fullmatch(target) is not None


def display_name(text: str) -> str:
    """The name as a quoted string followed by a space, or nothing."""
    cleaned = _clean(text.replace('"', "").replace("\\", ""), NAME_LENGTH)
    return f'"{cleaned}" ' if cleaned else ""


def caller(value: str) -> tuple[str, str]:
    """Number and display name in a From header's value, decoded, without characters that don't
    print, and cut to `PEER_LENGTH` and `NAME_LENGTH`.

    The number is the address's user part, or the whole address without one.
    """
    named = _NAME_ADDR.match(value)
    if named is None:
        return _number(value.partition(";")[0]), ""
    quoted, token, address = named.groups()
    name = _ESCAPE.sub(r"\1", quoted) if quoted is not None else token
    return _number(address), _clean(name, NAME_LENGTH)


def callable_uri(value: str) -> str:
    """The address in a Contact header's value, if it is one that may be called; else empty."""
    named = _NAME_ADDR.match(value)
    if named is None:
        address, parameters = value.partition(";")[0].strip(), ""
    else:
        address, _, parameters = named[3].strip().partition(";")
    transport = re.search(r"(?:^|;)(transport=\w+)(?:;|$)", parameters.lower())
    uri = f"{address};{transport[1]}" if transport else address
    callable_ = "@" not in parameters and len(uri) <= URI_LENGTH and _SIP.fullmatch(uri)
    return uri if callable_ else ""


def line_called(line_header: str, to_header: str) -> str:
    """What the caller dialled: as the exchange says, else the number in the To header's value."""
    return _clean(line_header, PEER_LENGTH) or caller(to_header)[0]


def _number(address: str) -> str:
    bare = _SCHEME.sub("", address.strip(), count=1)
    user, at, _ = bare.rpartition("@")
    if at:
        return _clean(unquote(user.partition(";")[0].partition(":")[0]), PEER_LENGTH)
    if address.lower().startswith("tel:"):
        return _clean(bare.partition(";")[0], PEER_LENGTH)
    return _clean(address, PEER_LENGTH)


def _clean(text: str, length: int) -> str:
    # Bytes that are not UTF-8 come as lone surrogates, which no encoder takes.
    whole = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(sign for sign in whole if sign.isprintable()).strip()[:length]
