"""Writes docs/protocol.yaml: the AsyncAPI document of the wire, made from the messages themselves.

python -m tools.protocol_document
"""

import inspect
from pathlib import Path
from typing import get_args

import msgspec
import yaml

from protocol import OLDEST_VERSION, VERSION
from protocol.facts.record import AnyFact
from protocol.wire import codec
from protocol.wire.errors import Code

FILE = Path(__file__).parent.parent / "docs" / "protocol.yaml"

Node = dict[str, object]

ABOUT = """\
One websocket path, JSON text frames. `type` names the message. The order on a connection is told in
protocol/wire/session.py: hello, welcome; enrol once in a desk's life; present; sign in or resume.
A request carries an `id` and gets exactly one reply with `re`, or one `error` with a stable code.
Facts travel in `append`, in their envelope; the kinds of facts are under `Fact`."""


def document() -> Node:
    """The whole document, as plain values in the order in which they are written."""
    members = (*get_args(codec.SeatMessage), *get_args(codec.ServiceMessage))
    facts = get_args(AnyFact)
    _, schemas = msgspec.json.schema_components(
        (*members, *facts), ref_template="#/components/schemas/{name}"
    )
    schemas["Fact"] = {"oneOf": [_schema(fact) for fact in facts]}
    schemas["Code"] = {"type": "string", "enum": sorted(Code)}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Seatline",
            "version": f"{VERSION} (understands {OLDEST_VERSION} and later)",
            "description": ABOUT,
        },
        "servers": {
            "floor": {
                "host": "127.0.0.1:7420",
                "protocol": "ws",
                "description": "wss off the machine itself.",
            }
        },
        "defaultContentType": "application/json",
        "channels": {
            "floor": {
                "address": "/",
                "messages": {_tag(member): _message_ref(member) for member in members},
            }
        },
        "operations": {
            "fromSeat": _operation("receive", get_args(codec.SeatMessage)),
            "fromService": _operation("send", get_args(codec.ServiceMessage)),
        },
        "components": {
            "messages": {_tag(member): _message(member) for member in members},
            "schemas": dict(sorted(schemas.items())),
        },
    }


def _tag(member: type[msgspec.Struct]) -> str:
    return str(member.__struct_config__.tag)


def _schema(member: type[msgspec.Struct]) -> Node:
    return {"$ref": f"#/components/schemas/{member.__name__}"}


def _message_ref(member: type[msgspec.Struct]) -> Node:
    return {"$ref": f"#/components/messages/{_tag(member)}"}


def _message(member: type[msgspec.Struct]) -> Node:
    return {
        "name": _tag(member),
        "summary": " ".join((inspect.getdoc(member) or "").split()),
        "payload": _schema(member),
    }


def _operation(action: str, members: tuple[type[msgspec.Struct], ...]) -> Node:
    """As the floor service sees it: what it receives and what it sends."""
    messages = [{"$ref": f"#/channels/floor/messages/{_tag(member)}"} for member in members]
    return {"action": action, "channel": {"$ref": "#/channels/floor"}, "messages": messages}


def _ordered(node: object, *, default: bool = False) -> object:
    """With the sets among the defaults, which come in any order, in one."""
    if isinstance(node, dict):
        return {
            key: _ordered(each, default=default or key == "default") for key, each in node.items()
        }
    if isinstance(node, list):
        parts = [_ordered(each, default=default) for each in node]
        return sorted(parts, key=str) if default else parts
    return node


def text() -> str:
    """What the file should hold."""
    head = "# Made by tools/protocol_document.py from protocol/; `make docs` writes it again.\n"
    whole = _ordered(msgspec.to_builtins(document()))
    body = yaml.safe_dump(whole, sort_keys=False, allow_unicode=True, width=100)
    return head + str(body)


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
