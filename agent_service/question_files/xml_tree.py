"""XML as a tree that knows its lines, without anything that a file could harm with: no document
type, no entities of its own, no more depth or elements than a file of questions has."""

from collections.abc import Iterator
from xml.parsers import expat

import msgspec

from protocol.wire.errors import Code, Refused

_MOST_DEPTH = 64
_MOST_NODES = 1_000_000
_SHOWN = 200


class Node(msgspec.Struct):
    """An element."""

    tag: str
    line: int
    attributes: dict[str, str] = {}
    parts: list["Node | str"] = []

    def all(self, tag: str) -> Iterator["Node"]:
        """The elements in it that have a name."""
        return (part for part in self.parts if isinstance(part, Node) and part.tag == tag)

    def text(self) -> str:
        """What stands in it and in its elements."""
        return "".join(part if isinstance(part, str) else part.text() for part in self.parts)


class Unreadable(Exception):
    """Why, and on which line."""

    def __init__(self, line: int, detail: str) -> None:
        super().__init__(detail)
        self.line = line
        self.refused = Refused(Code.XML_UNREADABLE, detail=detail[:_SHOWN])


def parse(content: bytes) -> Node:
    """The root element. Raises `Unreadable`."""
    tree = _Tree()
    try:
        tree.parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Unreadable(tree.line, str(error)) from error
    return tree.root


class _Tree:
    """Builds it."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self._document = Node("", 0)
        self._open = [self._document]
        self._nodes = 0

    @property
    def line(self) -> int:
        return max(1, self.parser.CurrentLineNumber)

    @property
    def root(self) -> Node:
        """There is one in whatever could be parsed."""
        return next(part for part in self._document.parts if isinstance(part, Node))

    def _doctype(self, *said: object) -> None:
        raise Unreadable(self.line, "<!DOCTYPE>")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._nodes += 1
        if len(self._open) > _MOST_DEPTH or self._nodes > _MOST_NODES:
            raise Unreadable(self.line, f"<{tag}> > {_MOST_DEPTH} / {_MOST_NODES}")
        node = Node(tag, self.line, attributes)
        self._open[-1].parts.append(node)
        self._open.append(node)

    def _end(self, tag: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        self._open[-1].parts.append(text)
