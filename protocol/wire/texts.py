"""What is wrong with a text that somebody wrote: pure."""

from enum import StrEnum

from protocol.wire.errors import Code, Refused

_SPACES = "\n\u00a0\u3000"
"""Not printable for Python, and common in texts."""


class TextFault(StrEnum):
    """Why a text is not taken."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"
    """It has characters that a terminal might obey, or that nobody sees."""


def fault_of(text: str, most: int) -> TextFault | None:
    """What is wrong with a text that has to be there and holds at most `most` characters."""
    if not text.strip():
        return TextFault.EMPTY
    if len(text) > most:
        return TextFault.TOO_LONG
    if not all(letter.isprintable() or letter in _SPACES for letter in text):
        return TextFault.UNREADABLE
    return None


def bad_text(fault: TextFault, most: int) -> Refused:
    """The refusal that says so."""
    return Refused(Code.BAD_TEXT, fault=fault.value, most=most)
