"""Words from codes, at the edge, in the reader's language.

A catalogue is a folder of TOML files beside this module, a file a room, of dotted keys. Both
languages hold the same keys with the same placeholders, and no key stands twice (kept by tests).
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from string import Formatter

LANGUAGES = ("en", "zh_CN")
VARIABLE = "SEATLINE_LANG"
_CODED = {
    "bad_document": {"fault": "document_fault.{}", "field": "document_field.{}"},
    "bad_text": {"fault": "text_fault.{}"},
    "phone_refused": {"detail": "phone_refusal.{}"},
    "roster_refused": {"code": "roster_finding.{}"},
    "roster_warnings": {"code": "roster_finding.{}"},
}
"""Errors of which parameters are codes as well, and the keys of their words."""


class Catalogue:
    """The texts of one language."""

    def __init__(self, language: str, texts: Mapping[str, str]) -> None:
        self.language = language
        self._texts = texts

    def text(self, key: str, /, **params: object) -> str:
        """The text of a key with its placeholders filled in. Raises KeyError without the key."""
        return self._texts[key].format(**params)

    def error(self, code: str, params: Mapping[str, object] | None = None) -> str:
        """The words of an error code. A code that this version does not know, or whose
        parameters do not fit (a peer of another version), is named as it is."""
        try:
            told = dict(params or {})
            for name, key in _CODED.get(code, {}).items():
                words = self._texts.get(key.format(told[name]))
                told[name] = told[name] if words is None else words.format(**told)
            return self._texts[f"error.{code}"].format(**told)
        except (KeyError, IndexError):
            return self.text("error.unknown", code=code)

    def keys(self) -> frozenset[str]:
        """All keys."""
        return frozenset(self._texts)

    def placeholders(self, key: str) -> frozenset[str]:
        """The names that a text mentions in braces."""
        return frozenset(
            name for _, name, _, _ in Formatter().parse(self._texts[key]) if name is not None
        )


@cache
def load(language: str) -> Catalogue:
    """The catalogue of `en` or `zh_CN`, which is read once."""
    return Catalogue(language, dict(pair for texts in rooms(language) for pair in texts.items()))


def rooms(language: str) -> Iterator[Mapping[str, str]]:
    """The texts of a language, room by room."""
    folder = files(__package__).joinpath(language)
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        yield dict(_flat(tomllib.loads(file.read_text(encoding="utf-8"))))


def choose_language(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """From `--lang`, else `SEATLINE_LANG`, else the locale's variables: Chinese or English.

    Read before the arguments are parsed, since their help is written in that language too; a
    wrong `--lang` is refused by the parser later.
    """
    asked = _option(arguments) or environment.get(VARIABLE)
    locale = (
        environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG", "")
    )
    return "zh_CN" if (asked or locale).lower().startswith("zh") else "en"


def _option(arguments: Sequence[str]) -> str | None:
    for position, argument in enumerate(arguments):
        if argument == "--lang" and position + 1 < len(arguments):
            return arguments[position + 1]
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
    return None


def _flat(tree: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)
