"""Values of a content as people write them: lists of keywords, places, texts in one line."""

import json
import re
from collections.abc import Iterable

from protocol.wire.errors import Code, Refused

_KEYWORD = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[^,，、;；\n]*)\s*(?:[,，、;；\n]|$)')
_DIVIDING = re.compile(r'[,，、;；\n"\[\]]')
_PLACE = re.compile(r"[+-]?[0-9]{1,9}")
_QUOTE = '"'
_SHOWN = 32


def read_keywords(text: str) -> tuple[str, ...]:
    """Words between commas, in brackets or not; one with a comma stands in quotes, as in JSON.
    Raises `Refused` with `bad_header`."""
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        text = text[1:-1]
    words = (read_line("keywords", word.strip()) for word in _KEYWORD.findall(text))
    return tuple(word for word in words if word)


def written_keywords(words: Iterable[str]) -> str:
    """The same in one line."""
    return ", ".join(_quoted(word) if _DIVIDING.search(word) else word for word in words)


def read_line(name: str, text: str) -> str:
    """A text; one in quotes is JSON. Raises `Refused` with `bad_header`, which says `name`."""
    if not text.startswith(_QUOTE):
        return text
    try:
        value = json.loads(text)
    except ValueError as error:
        raise Refused(Code.BAD_HEADER, name=name) from error
    return str(value)


def written_line(text: str) -> str:
    """A text in one line."""
    return _quoted(text) if "\n" in text or text.startswith(_QUOTE) else text


def read_place(text: str) -> int:
    """A whole number. Raises `Refused` with `bad_place`."""
    if not _PLACE.fullmatch(text):
        raise Refused(Code.BAD_PLACE, text=text[:_SHOWN])
    return int(text)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
