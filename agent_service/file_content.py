"""What stands in a file that people wrote, whole and within bounds."""

from pathlib import Path

from protocol.wire.errors import Code, Refused

_MOST_BYTES = 32 << 20
_SHOWN = 200


def content_of(path: Path, unreadable: Code) -> bytes:
    """Its bytes. Raises `Refused` with `file_refused`, or `unreadable` where there are too many."""
    try:
        if path.stat().st_size <= _MOST_BYTES:
            return path.read_bytes()
    except OSError as error:
        raise Refused(Code.FILE_REFUSED, file=str(path), detail=str(error.strerror)) from error
    raise refusal(path, unreadable, f"> {_MOST_BYTES >> 20} MiB")


def text_of(path: Path, content: bytes, unreadable: Code) -> str:
    """Its bytes as text: UTF-8, or GB 18030 as Chinese Windows writes it. Raises `Refused` with
    `unreadable`."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refusal(path, unreadable, "UTF-8, GB 18030")


def refusal(path: Path, unreadable: Code, detail: str) -> Refused:
    """The refusal that says what is wrong with a whole file."""
    return Refused(unreadable, file=str(path), detail=detail[:_SHOWN])
