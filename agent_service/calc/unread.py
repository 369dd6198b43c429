"""What of an input is in no figure: names that a figure does not know, as a slip of the pen."""

import json
from collections.abc import Iterator
from types import UnionType
from typing import NoReturn, cast, get_args, get_origin

import msgspec

from agent_service.calc.input import bad_input

_SHOWN = 64


def unread(kind: type[msgspec.Struct], given: bytes) -> list[str]:
    """The places, such as `$.actual[0].raeson`, of names that an input of this kind does not have.
    The input can be read as that kind. Raises `BadInput` where an object has a name twice."""
    try:
        tree = json.loads(given, object_pairs_hook=_once)
    except RecursionError:
        _refuse("depth")
    return list(_unread("$", kind, tree))


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        _refuse(next(f"{name!r} × 2" for name in names if names.count(name) > 1))
    return found


def _refuse(detail: str) -> NoReturn:
    raise bad_input("$", detail)


def _unread(place: str, kind: object, value: object) -> Iterator[str]:
    if isinstance(value, dict):
        struct, of_any = _of_kind(kind, msgspec.Struct), _of_kind(kind, dict)
        known = {} if struct is None else _fields(struct)
        for name, part in value.items():
            if name in known:
                yield from _unread(f"{place}.{name}", known[name], part)
            elif of_any is not None:
                yield from _unread(f"{place}.{name}", get_args(of_any)[1], part)
            else:
                yield f"{place}.{_told(name)}"
    elif isinstance(value, list) and (items := _of_kind(kind, tuple)) is not None:
        for number, part in enumerate(value):
            yield from _unread(f"{place}[{number}]", get_args(items)[0], part)


def _of_kind(kind: object, wanted: type) -> object:
    """The kind itself, or the one of several that it may be; None: it is never that."""
    if isinstance(kind, UnionType):
        return next((each for each in get_args(kind) if _of_kind(each, wanted)), None)
    origin = get_origin(kind) or kind
    return kind if isinstance(origin, type) and issubclass(origin, wanted) else None


def _fields(struct: object) -> dict[str, object]:
    found = msgspec.structs.fields(cast("type[msgspec.Struct]", struct))
    return {field.encode_name: field.type for field in found}


def _told(name: str) -> str:
    return name if name.isidentifier() else json.dumps(name[:_SHOWN])
