"""Whether the operator's lines of business can be told apart."""

from collections.abc import Iterable, Iterator, Sequence

from protocol.i18n import LANGUAGES
from protocol.rules.lines import CodeItem, Line
from protocol.wire.errors import Code, Refused

Named = tuple[str, str]
"""A value, and where it stands in the settings."""


def check_lines(lines: Sequence[Line]) -> None:
    """Raises `Refused` with `bad_setting`, naming the place, for a name, a called number or a
    code that stands twice, and for labels in a language that nobody reads."""
    _refuse_twice((line.name, f"lines[{at}].name") for at, line in enumerate(lines))
    _refuse_twice(
        (number, f"lines[{at}].called[{place}]")
        for at, line in enumerate(lines)
        for place, number in enumerate(line.called)
    )
    for at, line in enumerate(lines):
        _check_labels(line.labels, f"lines[{at}]")
        for place, codes in _lists_of_codes(line, f"lines[{at}]"):
            _refuse_twice((item.code, f"{place}[{n}].code") for n, item in enumerate(codes))
            for number, item in enumerate(codes):
                _check_labels(item.labels, f"{place}[{number}]")


def _lists_of_codes(line: Line, place: str) -> Iterator[tuple[str, Sequence[CodeItem]]]:
    yield f"{place}.categories", line.categories
    yield f"{place}.outcomes", line.outcomes
    yield f"{place}.actions", line.actions


def _refuse_twice(values: Iterable[Named]) -> None:
    seen: dict[str, str] = {}
    for value, place in values:
        if value in seen:
            raise Refused(Code.BAD_SETTING, name=place, detail=f"twice: {seen[value]}")
        seen[value] = place


def _check_labels(labels: Iterable[str], place: str) -> None:
    for language in labels:
        if language not in LANGUAGES:
            raise Refused(Code.BAD_SETTING, name=f"{place}.labels.{language}", detail="unknown")
