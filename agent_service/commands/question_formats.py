"""The formats of question files, by the endings of their names."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from agent_service import sheets
from agent_service.commands.documents_words import question_labels, question_words
from agent_service.file_content import content_of, text_of
from agent_service.question_files import (
    aiken,
    gift_read,
    gift_write,
    moodle_read,
    moodle_write,
    sheet,
)
from agent_service.question_files.reading import Reading
from protocol.facts.document import Question
from protocol.i18n import Catalogue
from protocol.wire.errors import Code, Refused


class Format(NamedTuple):
    """How such files are read and written."""

    read: Callable[[Path], Reading]
    """Raises `Refused` for a file that can't be opened, or is nothing of the kind at all."""
    write: Callable[[Path, Sequence[Question], Catalogue], None]
    """Into a file that is there and empty."""
    holds: Callable[[Question], bool]


def format_of(file: Path) -> Format:
    """Raises `Refused` with `unknown_file_format`."""
    found = _FORMATS.get(file.suffix.lower())
    if found is None:
        formats = ", ".join(_FORMATS)
        raise Refused(Code.UNKNOWN_FILE_FORMAT, file=str(file), formats=formats)
    return found


def _read_sheet(file: Path) -> Reading:
    return sheet.read(sheets.read(file), question_words())


def _write_sheet(file: Path, questions: Sequence[Question], catalogue: Catalogue) -> None:
    sheets.write(file, sheet.write(questions, question_labels(catalogue)), sheets.EXCEL)


def _in_text(read: Callable[[str], Reading]) -> Callable[[Path], Reading]:
    def read_file(file: Path) -> Reading:
        content = content_of(file, Code.TEXT_UNREADABLE)
        return read(text_of(file, content, Code.TEXT_UNREADABLE))

    return read_file


def _as_text(
    write: Callable[[Sequence[Question]], str],
) -> Callable[[Path, Sequence[Question], Catalogue], None]:
    def write_file(file: Path, questions: Sequence[Question], catalogue: Catalogue) -> None:
        file.write_text(write(questions), encoding="utf-8", newline="\n")

    return write_file


def _read_moodle(file: Path) -> Reading:
    return moodle_read.read(content_of(file, Code.TEXT_UNREADABLE))


def _everything(question: Question) -> bool:
    return True


_FORMATS: Mapping[str, Format] = {
    sheets.EXCEL: Format(_read_sheet, _write_sheet, _everything),
    ".gift": Format(_in_text(gift_read.read), _as_text(gift_write.write), gift_write.holds),
    ".txt": Format(_in_text(aiken.read), _as_text(aiken.write), aiken.holds),
    ".xml": Format(_read_moodle, _as_text(moodle_write.write), _everything),
}
