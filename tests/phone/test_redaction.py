"""What a log may hold of a SIP message."""

import pytest

from agent_client.phone.redaction import redacted


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("call to <sip:+4955512345@pbx.test:5060> failed", "call to <sip:…@pbx.test:5060> failed"),
        ('From: "Jane Customer" <sip:jane@h>', 'From: "…" <sip:…@h>'),
        ("to tel:+4955512345", "to tel:…@"),
        ("number 4955512345 busy", "number …45 busy"),
        ("status=70013 408", "status=70013 408"),
        ('Digest response="5ccc069c403ebaf9f0171e9517f40e41"\n', 'Digest response="…"'),
    ],
)
def test_people_and_secrets_are_taken_out(line: str, kept: str) -> None:
    assert redacted(line) == kept
