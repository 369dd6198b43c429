"""Text measured in terminal cells: an East Asian character takes two, a combining one none."""

import unicodedata

from rich.cells import cell_len, set_cell_size

ELLIPSIS = "…"
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_HARMFUL = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Controls, lone surrogates and line separators: they would move the cursor or fail to encode."""
_DIRECTIONS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)
"""Marks that would turn the order of what stands beside them."""


def shown(text: str) -> str:
    """Text from people, made safe to stand in one line of a screen."""
    return "".join(_safe(character) for character in text)


def visible(text: str) -> str:
    """Text that is entered, without what would not be seen: numbers copied out of an address book
    often carry such marks."""
    return "".join(each for each in text.replace("\t", " ") if not _harmful(each))


def _safe(character: str) -> str:
    if character in "\t\n\r":
        return " "
    return _REPLACEMENT if _harmful(character) else character


def _harmful(character: str) -> bool:
    return character in _DIRECTIONS or unicodedata.category(character) in _HARMFUL


def fit(text: str, width: int) -> str:
    """The text in exactly `width` cells: padded, or cut with an ellipsis."""
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(set_cell_size(text, width - 1).rstrip() + ELLIPSIS, width)


def cut(text: str, width: int) -> str:
    """The text in at most `width` cells, cut with an ellipsis where it is longer."""
    return text if cell_len(text) <= width else fit(text, width).rstrip()


def shown_lines(text: str) -> str:
    """Text from people, made safe line by line."""
    return "\n".join(shown(line) for line in text.replace("\r\n", "\n").split("\n"))
