"""Markdown laid out for a terminal: measured in cells, links inert, pictures and clips named."""

from collections.abc import Iterator, Sequence

from markdown_it.tree import SyntaxTreeNode
from rich.cells import cell_len
from textual.content import Content

from agent_client.terminal.cells import shown
from agent_client.terminal.line_breaks import broken
from agent_client.terminal.marked_table import table
from agent_client.terminal.wording import Wording

CLIPS = (".mp3", ".wav", ".ogg", ".opus", ".m4a", ".flac", ".mp4", ".webm", ".mov")
"""Endings of what is heard or watched."""
_WIDE = 2
_LEAST = 8
"""Cells that remain for a text, however deep it stands in lists."""
_STYLES = {"strong": "bold", "em": "italic", "s": "strike"}
_HEADINGS = {"h1": "bold underline $accent", "h2": "bold $accent"}
_BULLETS = "•◦▪"


def laid_out(words: Wording, tree: SyntaxTreeNode, width: int) -> list[Content]:
    """The lines of a page, none wider than `width` cells."""
    return _Layout(words).below(tree.children, max(_LEAST, width))


class _Layout:
    def __init__(self, words: Wording) -> None:
        self._words = words
        self._depth = 0
        """Of lists in lists."""

    def below(self, nodes: Sequence[SyntaxTreeNode], width: int) -> list[Content]:
        """One below the other, with a blank line between them."""
        lines: list[Content] = []
        for node in nodes:
            tight = node.type == "paragraph" and node.hidden
            close = tight or (node.type.endswith("_list") and self._depth > 0)
            lines += [Content("")] if lines and not close else []
            lines += self._block(node, width)
        return lines

    def _block(self, node: SyntaxTreeNode, width: int) -> list[Content]:
        match node.type:
            case "heading":
                return _wrapped(self._inline(node).stylize(_HEADINGS.get(node.tag, "bold")), width)
            case "blockquote":
                return _beside("│ ", "│ ", self.below(node.children, _within(width, "│ ")))
            case "bullet_list" | "ordered_list":
                return self._list(node, width)
            case "fence" | "code_block":
                return list(_code(node.content, width))
            case "hr":
                return [Content.styled("─" * width, "$line")]
            case "table":
                rows = [[self._inline(cell) for cell in row.children] for row in _rows(node)]
                return table(rows, width, _wrapped)
            case _:
                return _wrapped(self._inline(node), width)

    def _list(self, node: SyntaxTreeNode, width: int) -> list[Content]:
        bullet = _BULLETS[self._depth % len(_BULLETS)]
        first = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
        last = f"{(first or 0) + len(node.children) - 1}. "
        lines: list[Content] = []
        self._depth += 1
        for place, item in enumerate(node.children):
            mark = f"{bullet} " if first is None else f"{first + place}. ".rjust(len(last))
            text = self.below(item.children, _within(width, mark)) or [Content("")]
            lines += _beside(mark, " " * cell_len(mark), text)
        self._depth -= 1
        return lines

    def _inline(self, node: SyntaxTreeNode) -> Content:
        pieces = [self._piece(each) for each in _leaves(node)]
        return Content.assemble(*_joined(pieces))

    def _piece(self, node: SyntaxTreeNode) -> Content:
        match node.type:
            case "strong" | "em" | "s":
                return self._inline(node).stylize(_STYLES[node.type])
            case "code_inline":
                return Content.styled(shown(node.content), "$key")
            case "softbreak" | "hardbreak":
                return Content("\n" if node.type == "hardbreak" else " ")
            case "link":
                return self._link(node)
            case "image":
                return self._picture(node)
            case _:
                return Content(shown(node.content))

    def _link(self, node: SyntaxTreeNode) -> Content:
        """The address can be read, and is not opened."""
        name, address = self._inline(node), shown(str(node.attrs.get("href", "")))
        if _is_clip(address):
            return Content(self._words.text("reader.clip", name=name.plain, path=address))
        named = name.stylize("underline")
        return named if name.plain == address else Content.assemble(named, f" ({address})")

    def _picture(self, node: SyntaxTreeNode) -> Content:
        path = shown(str(node.attrs.get("src", "")))
        name = self._inline(node).plain or path
        if _is_clip(path):
            return Content(self._words.text("reader.clip", name=name, path=path))
        return Content(self._words.text("reader.picture", name=name))


def _is_clip(path: str) -> bool:
    return path.lower().partition("?")[0].endswith(CLIPS)


def _leaves(node: SyntaxTreeNode) -> Iterator[SyntaxTreeNode]:
    """Of an inline text; a block has its text in a node of its own."""
    for each in node.children:
        yield from each.children if each.type == "inline" else (each,)


def _joined(pieces: list[Content]) -> Iterator[Content]:
    """Between two lines of Chinese stands no blank."""
    before = ""
    for place, piece in enumerate(pieces):
        after = pieces[place + 1].plain[:1] if place + 1 < len(pieces) else ""
        if piece.plain != " " or cell_len(before) < _WIDE or cell_len(after) < _WIDE:
            yield piece
        before = piece.plain[-1:]


def _rows(table_node: SyntaxTreeNode) -> Iterator[SyntaxTreeNode]:
    for part in table_node.children:
        yield from part.children


def _code(text: str, width: int) -> Iterator[Content]:
    """As it was written; what is too wide goes on in the next line."""
    for line in text.rstrip("\n").split("\n"):
        folded = Content(shown(line.expandtabs(4))).fold(_within(width, "  "))
        yield from _beside("  ", "  ", folded or [Content("")])


def _within(width: int, mark: str) -> int:
    return max(_LEAST, width - cell_len(mark))


def _beside(mark: str, then: str, lines: Sequence[Content]) -> list[Content]:
    """A mark in front of the first line, and what stands in front of the others."""
    return [
        Content.assemble((then if place else mark, "$quiet"), line).rstrip()
        for place, line in enumerate(lines)
    ]


def _wrapped(content: Content, width: int) -> list[Content]:
    return [line.rstrip() for line in broken(content, width).wrap(width)]
