"""Where a line of Chinese may end. A wrapping that knows spaces alone takes a whole sentence for
one word, and begins lines with commas."""

from collections.abc import Iterator
from itertools import pairwise

from rich.cells import get_character_cell_size
from textual.content import Content

NOT_FIRST = frozenset("。，、！？：；）」』》】〉”’…·％,.!?:;)]}%/～—")
"""What never begins a line."""
NOT_LAST = frozenset("（「『《【〈“‘([{")
"""What never ends one."""
_SPACE, _NO_BREAK = " ", "\u00a0"


def broken(content: Content, width: int) -> Content:
    """The text in lines of at most `width` cells, as far as there is Chinese in it. What is in one
    script is broken as everywhere: at spaces."""
    text = content.plain
    if width <= 0 or text.isascii():
        return content
    cuts = list(_cuts(text, width))
    if not cuts:
        return content
    return Content("\n").join(piece.rstrip(_SPACE) for piece in content.divide(cuts))


def _cuts(text: str, width: int) -> Iterator[int]:
    """Before which characters a line is to begin that did not."""
    start = 0
    for line in text.split("\n"):
        if any(map(_is_wide, line)):
            for cut in _line_cuts(line, width):
                yield start + cut
        start += len(line) + 1


def _line_cuts(line: str, width: int) -> Iterator[int]:
    cells, at_cut, cut = 0, 0, 0
    for place, (before, sign) in enumerate(pairwise(_SPACE + line)):
        if place and may_break(before, sign):
            cut, at_cut = place, cells
        cells += get_character_cell_size(sign)
        if cells > width and sign != _SPACE:
            if not cut:  # nothing fits: where it must be
                cut, at_cut = place, cells - get_character_cell_size(sign)
            if cut:
                yield cut
            cells, at_cut, cut = cells - at_cut, 0, 0


def may_break(before: str, sign: str) -> bool:
    """Whether a line may end between two characters."""
    if sign == _SPACE or _NO_BREAK in (before, sign):
        return False
    if sign in NOT_FIRST or before in NOT_LAST or not get_character_cell_size(sign):
        return False
    return before == _SPACE or _is_wide(before) or _is_wide(sign)


def _is_wide(sign: str) -> bool:
    """Chinese, its punctuation, and its neighbours."""
    return "\u2e80" <= sign <= "\uffdc"
