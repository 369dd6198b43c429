"""What is read from the text of a SIP message."""

import pytest

from agent_client.phone.messages import challenge_realm, header, invitation


@pytest.mark.parametrize(
    ("message", "value"),
    [
        (
            "INVITE sip:a SIP/2.0\r\nVia: x\r\nFrom: <sip:1@b>;tag=1\r\nTo: <sip:2@b>\r\n",
            "<sip:1@b>;tag=1",
        ),
        ("INVITE sip:a SIP/2.0\r\nf:<sip:1@b>\r\n", "<sip:1@b>"),
        ('INVITE sip:a SIP/2.0\r\nFROM : "J"\r\n <sip:1@b>\r\nTo: x', '"J" <sip:1@b>'),
        ("INVITE sip:a SIP/2.0\r\n\r\n", ""),
        ("INVITE sip:a SIP/2.0\r\n\r\nFrom: <sip:in-the-body@b>\r\n", ""),
        ("INVITE sip:a SIP/2.0\r\nVia: x\u2028From: <sip:evil@b>\r\nFrom: y\r\n", "y"),
    ],
)
def test_the_from_header_is_found(message: str, value: str) -> None:
    assert header(message, "from") == value


def test_an_invitation_says_who_calls_whom() -> None:
    message = (
        "INVITE sip:1001@h SIP/2.0\r\nf: <sip:1@b>\r\nt: <sip:2@b>\r\nm: <sip:1@c:5070>\r\n"
        "X-Seatline-Line: 4000\r\n\r\n"
    )
    said = invitation(message, "id")
    assert (said.from_header, said.to_header) == ("<sip:1@b>", "<sip:2@b>")
    assert (said.contact_header, said.line_header) == ("<sip:1@c:5070>", "4000")


@pytest.mark.parametrize(
    ("challenge", "realm"),
    [
        ('WWW-Authenticate: Digest realm="floor.test", nonce="x"', "floor.test"),
        ('Proxy-Authenticate: Digest nonce="x",realm = "a \\"b\\""', 'a "b"'),
        ("WWW-Authenticate: Digest realm=floor", ""),
        ("Via: x", ""),
    ],
)
def test_the_realm_of_a_challenge_is_found(challenge: str, realm: str) -> None:
    assert challenge_realm(f"SIP/2.0 401 Unauthorized\r\n{challenge}\r\n\r\n") == realm
