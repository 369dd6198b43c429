"""The codes that describe a call: their labels in a language, and finding them by typing."""

from collections.abc import Sequence

from agent_client.terminal.cells import shown
from protocol.rules.lines import CodeItem, Line


def label(item: CodeItem | Line, language: str) -> str:
    """What people read; another language's words where there are none, else the bare code."""
    bare = item.name if isinstance(item, Line) else item.code
    return shown(item.labels.get(language) or next(iter(item.labels.values()), "") or bare)


def named(items: Sequence[CodeItem], code: str, language: str) -> str:
    """The label of a code; a code that the line does not have (any more) is shown as it is."""
    return next((label(item, language) for item in items if item.code == code), shown(code))


def found(items: Sequence[CodeItem], needle: str, language: str) -> list[CodeItem]:
    """The codes in use that hold all words of `needle` in code or a label, in the operator's order,
    but those first whose code or label begins with it."""
    parts = needle.casefold().split()
    in_use = [item for item in items if not item.retired]
    matching = [item for item in in_use if all(part in _searched(item) for part in parts)]
    return sorted(matching, key=lambda item: not _begins(item, needle.casefold().strip(), language))


def meant(items: Sequence[CodeItem], needle: str, language: str) -> CodeItem | None:
    """The one code that a text can only mean: its code or label, or the only one found."""
    typed = needle.casefold().strip()
    candidates = found(items, needle, language)
    exact = [item for item in candidates if typed in _names(item, language)]
    if len(exact) == 1:
        return exact[0]
    return candidates[0] if len(candidates) == 1 and typed else None


def _names(item: CodeItem, language: str) -> tuple[str, str]:
    return item.code.casefold(), label(item, language).casefold()


def _searched(item: CodeItem) -> str:
    """Labels of all languages: whoever reads Chinese may type without an input method."""
    return "\n".join((item.code, *item.labels.values())).casefold()


def _begins(item: CodeItem, needle: str, language: str) -> bool:
    return any(name.startswith(needle) for name in _names(item, language))
