"""HTML as plain text: lines stay lines, and what is no text is refused."""

import re
from html.parser import HTMLParser

from protocol.wire.errors import Code, Refused

_LINES = frozenset(
    {
        *("address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "figure", "footer"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p"),
        *("pre", "section", "table", "td", "th", "tr", "ul"),
    }
)
_PICTURES = frozenset(
    {"audio", "canvas", "embed", "iframe", "img", "math", "object", "picture", "svg", "video"}
)
_SILENT = frozenset({"script", "style", "title"})
_RAISED = {"sup": "^", "sub": "_"}
"""What keeps 10² from becoming 102."""
_BLANKS = re.compile(r"[ \t\r\n\f\xa0]+")


def plain(html: str) -> str:
    """The text of a piece of HTML. Raises `Refused` with `holds_picture`."""
    reader = _Text()
    reader.feed(html.replace("<![", "&lt;!["))  # no part of HTML, and the parser gives up on it
    reader.close()
    return reader.text()


class _Text(HTMLParser):
    """Collects it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = [""]
        self._silent = 0

    def text(self) -> str:
        """Without blank lines."""
        lines = (_BLANKS.sub(" ", line).strip() for line in self._lines)
        return "\n".join(line for line in lines if line)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _PICTURES:
            raise Refused(Code.HOLDS_PICTURE, tag=tag)
        if tag in _LINES:
            self._lines.append("")
        self._silent += tag in _SILENT
        self.handle_data(_RAISED.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in _LINES:
            self._lines.append("")
        self._silent -= tag in _SILENT and self._silent > 0

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._lines[-1] += data
