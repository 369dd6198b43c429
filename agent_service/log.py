"""The log: one line an event, with a stable name and fields, for people or for programs.

    _log.info("signed_in", extra=fields(agent=number, desk=desk))

Fields hold staff numbers, desks, addresses and counts; never a password, a token, a code or a
full telephone number. What people or peers wrote can't forge a line: everything that does not
print is escaped.
"""

import json
import logging
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Literal

import msgspec

from agent_service.printable import printable

_EVENT = re.compile(r"[a-z][a-z0-9_]*")
_PLAIN = re.compile(r"[^\s\"'=\\]+")
_FIELDS = "fields"
_FOREIGN = "message"
"""The event of records that other libraries write; their sentence is the field `text`."""


FORMATS = ("text", "json")


class Log(msgspec.Struct, frozen=True):
    """How the log looks and what is in it."""

    format: Literal["text", "json"] = "text"
    level: Literal["debug", "info", "warning", "error"] = "info"
    """What is less is left out."""


def fields(**values: str | int | float | bool | None) -> Mapping[str, object]:
    """The `extra=` of a log call."""
    return {_FIELDS: values}


def set_up(settings: Log) -> None:
    """Send all records to standard error in that form, in place of where they went before."""
    handler = _StandardError()
    handler.setFormatter(JsonFormatter() if settings.format == "json" else TextFormatter())
    root = logging.getLogger()
    for earlier in [each for each in root.handlers if isinstance(each, _StandardError)]:
        root.removeHandler(earlier)
    root.addHandler(handler)
    root.setLevel(settings.level.upper())
    logging.getLogger("websockets").setLevel(logging.WARNING)


class JsonFormatter(logging.Formatter):
    """An object a line: `time`, `level`, `event`, `logger`, then the fields."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        event, rest = _told(record)
        entry = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "event": event,
            "logger": record.name,
        }
        return json.dumps(entry | dict(rest), default=str)


class TextFormatter(logging.Formatter):
    """Time, level and event, then `name=value`, quoted where a value is not plain."""

    def format(self, record: logging.LogRecord) -> str:
        """The line. A traceback stands in it as one quoted value."""
        event, rest = _told(record)
        pairs = (f"{name}={_shown(value)}" for name, value in rest)
        return " ".join((_time(record), f"{record.levelname:<7}", event, *pairs))


class _StandardError(logging.Handler):
    """Writes to what standard error is at the time."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
        except Exception:  # noqa: BLE001 - logging's own way: a log that fails stops nobody
            self.handleError(record)


def _told(record: logging.LogRecord) -> tuple[str, Iterator[tuple[str, object]]]:
    """The event and its fields."""
    message = record.getMessage()
    known = _EVENT.fullmatch(message) is not None
    return (message if known else _FOREIGN), _rest(record, None if known else message)


def _rest(record: logging.LogRecord, text: str | None) -> Iterator[tuple[str, object]]:
    if text is not None:
        yield "text", text
    yield from getattr(record, _FIELDS, {}).items()
    if record.exc_info:
        yield "traceback", logging.Formatter().formatException(record.exc_info)


def _time(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _shown(value: object) -> str:
    text = json.dumps(value) if isinstance(value, bool | None) else str(value)
    if _PLAIN.fullmatch(text) and text.isprintable():
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{printable(escaped)}"'
