"""What is read from a SIP message's own text, since the library does not tell it."""

import re

from agent_client.phone.stack import Invitation

_SHORT = {"from": "f", "to": "t", "contact": "m"}
_FOLD = re.compile(r"\r?\n[ \t]+")
_REALM = re.compile(r'\brealm\s*=\s*"((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


def header(message: str, name: str) -> str:
    """The value of a SIP message's first header of this name (lower case) or its short form;
    empty without one."""
    head = _FOLD.sub(" ", message.partition("\r\n\r\n")[0])
    for line in head.split("\n")[1:]:
        found, _, value = line.partition(":")
        if found.strip().lower() in (name, _SHORT.get(name)):
            return value.strip()
    return ""


def challenge_realm(message: str) -> str:
    """The realm in a SIP answer's digest challenge; empty without one."""
    value = header(message, "www-authenticate") or header(message, "proxy-authenticate")
    found = _REALM.search(value)
    return _ESCAPE.sub(r"\1", found[1]) if found else ""


def invitation(message: str, sip_call_id: str) -> Invitation:
    """What an INVITE says about who calls whom."""
    return Invitation(
        from_header=header(message, "from"),
        contact_header=header(message, "contact"),
        to_header=header(message, "to"),
        line_header=header(message, "x-seatline-line"),
        sip_call_id=sip_call_id,
    )
