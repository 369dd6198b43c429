"""The AsyncAPI document is what the messages are: made anew it comes out the same, and whole."""

import re
from functools import cache

import yaml

from protocol.facts.record import KINDS
from tools import protocol_document


@cache
def document() -> object:
    """As it lies there; to read it takes a second."""
    return yaml.safe_load(protocol_document.FILE.read_text(encoding="utf-8"))


def references(node: object) -> set[str]:
    """Every `$ref` below a node."""
    return set(re.findall(r"'\$ref': '#/([^']+)'", repr(node)))


def target(reference: str) -> object:
    """What a reference names. Raises KeyError."""
    node = document()
    for name in reference.split("/"):
        node = node[name]
    return node


def test_the_document_is_current() -> None:
    assert protocol_document.FILE.read_text(encoding="utf-8") == protocol_document.text()


def test_every_reference_leads_somewhere() -> None:
    found = references(document())
    assert len(found) > 100
    assert all(target(reference) for reference in found)


def test_every_kind_of_fact_is_described() -> None:
    named = [each["$ref"].removeprefix("#/") for each in target("components/schemas/Fact")["oneOf"]]
    facts = [target(name) for name in named]
    assert {fact["properties"]["kind"]["enum"][0] for fact in facts} == KINDS
