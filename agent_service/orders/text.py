"""What people may write to one another: pure."""

from protocol.wire.orders import MAX_TEXT
from protocol.wire.texts import bad_text, fault_of


def optional_text(text: str, limit: int = MAX_TEXT) -> str:
    """As `check_text`, but it may be empty."""
    return check_text(text, limit) if text.strip() else ""


def check_text(text: str, limit: int = MAX_TEXT) -> str:
    """The text without what surrounds it. Raises `Refused` with `bad_text` for an empty one, one
    that is too long, and one with characters that a terminal might obey."""
    stripped = text.replace("\r\n", "\n").strip()
    fault = fault_of(stripped, limit)
    if fault is not None:
        raise bad_text(fault, limit)
    return stripped
