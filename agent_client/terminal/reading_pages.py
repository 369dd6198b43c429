"""A training's text in pages: a heading of the first or second level begins one."""

from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

_BEGIN = ("h1", "h2")
_NESTED = 100
"""How deep lists and quotes go, at most."""


class Pages:
    """One text. Nothing in it is ever read as HTML."""

    def __init__(self, text: str) -> None:
        options = {"html": False, "maxNesting": _NESTED}
        self._parser = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
        self._named: dict[str, object] = {}
        """Addresses that stand elsewhere in the text than the links to them."""
        self.sections = tuple(self._divide(text.replace("\r\n", "\n").replace("\r", "\n")))
        """Joined, they are the text."""

    def __len__(self) -> int:
        return len(self.sections)

    def tree(self, section: int) -> SyntaxTreeNode:
        """What a page is made of."""
        return SyntaxTreeNode(self._parser.parse(self.sections[section], self._named))

    def _divide(self, text: str) -> Iterator[str]:
        """What stands above the first heading is a page, unless it is blank."""
        lines = text.split("\n")
        begun = 0
        for begin in _headings(self._parser.parse(text, self._named)):
            if any(line.strip() for line in lines[begun:begin]):
                yield "".join(f"{line}\n" for line in lines[begun:begin])
                begun = begin
        yield "\n".join(lines[begun:])


def _headings(tokens: list[Token]) -> Iterator[int]:
    """In which lines they stand, counted from 0. One in a list or a quote divides nothing."""
    for token in tokens:
        if token.type == "heading_open" and token.tag in _BEGIN and not token.level and token.map:
            yield token.map[0]
