"""Contents as a folder of Markdown: a file a content, and folders that are named for types."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from agent_service.accounts.staff_sheet import Fault
from agent_service.content_files import markdown
from agent_service.content_files.reading import Placed, Reading, Written
from agent_service.file_content import content_of, text_of
from protocol.wire.errors import Code, Refused

SUFFIX = ".md"
_SUFFIXES = frozenset({SUFFIX, ".markdown"})
_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
_MOST_NAME = 60
"""Characters of a file's name: in Chinese a third of what file systems hold."""
_MOST_FILES = 10_000


def read(folder: Path) -> Reading:
    """Everything in it, in the order of the files' names. Raises `Refused` with `file_refused` or
    `text_unreadable`."""
    contents: list[Placed] = []
    faults: list[Fault] = []
    notes: list[Fault] = []
    for path in _files(folder):
        inside = path.relative_to(folder)
        if path.suffix.lower() not in _SUFFIXES:
            notes.append(Fault(1, inside.as_posix(), Code.FILE_PASSED, {}))
            continue
        text = text_of(path, content_of(path, Code.TEXT_UNREADABLE), Code.TEXT_UNREADABLE)
        page = markdown.read(text, inside)
        contents += [page.content] if page.content is not None else []
        faults += page.faults
        notes += page.notes
    return Reading(contents, faults, notes)


def write(folder: Path, contents: Iterable[Written]) -> None:
    """Write them into a folder that is there and empty, in the order in which they come."""
    for number, content in enumerate(contents, 1):
        place = folder / (_fit(content.type) or "_")
        place.mkdir(mode=0o700, exist_ok=True)
        path = place / f"{number:04}-{_fit(content.name)}{SUFFIX}"
        path.write_text(markdown.write(content), encoding="utf-8", newline="\n")


def _files(folder: Path) -> Iterator[Path]:
    """Without hidden ones, and without folders that lie elsewhere."""
    found: list[Path] = []
    for place, folders, files in os.walk(folder, onerror=_refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(place, name) for name in files if not name.startswith(".")]
        if len(found) > _MOST_FILES:
            detail = f"> {_MOST_FILES}"
            raise Refused(Code.FILE_REFUSED, file=str(folder), detail=detail)
    yield from sorted(found, key=lambda path: path.relative_to(folder).parts)


def _refuse(error: OSError) -> None:
    raise Refused(Code.FILE_REFUSED, file=str(error.filename), detail=str(error.strerror))


def _fit(name: str) -> str:
    """A name as file systems take it."""
    return _UNFIT.sub("_", name).strip(" .")[:_MOST_NAME].rstrip(" .")
