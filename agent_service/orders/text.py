"""What people may write to one another: pure."""

from protocol.wire.errors import Code, Refused
from protocol.wire.orders import MAX_TEXT

_SPACES = "\n\u00a0\u3000"
"""Not printable for Python, and common in texts."""


def check_text(text: str) -> str:
    """The text without what surrounds it. Raises `Refused` with `bad_text` for an empty one, one
    that is too long, and one with characters that a terminal might obey."""
    stripped = text.replace("\r\n", "\n").strip()
    printable = all(letter.isprintable() or letter in _SPACES for letter in stripped)
    if not (stripped and printable and len(stripped) <= MAX_TEXT):
        raise Refused(Code.BAD_TEXT, most=MAX_TEXT)
    return stripped
