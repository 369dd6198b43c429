"""Words: whatever can be said has words in both languages, and no words are left over."""

import ast
import re
from collections.abc import Iterator

import pytest

from protocol.facts.agent import Reason, State
from protocol.i18n import Catalogue, load
from protocol.rules.agent_state import Refusal
from protocol.rules.roster_check_finding import FindingCode
from protocol.wire.documents import DocumentFault, DocumentField
from protocol.wire.errors import Code
from protocol.wire.session import Role
from protocol.wire.texts import TextFault
from tests.architecture.sources import PACKAGES, ROOT, files, tree

ENGLISH = load("en")
CHINESE = load("zh_CN")
KEYS = ENGLISH.keys()
CJK = re.compile("[\u4e00-\u9fff]")
PRODUCT = "terminal.product"
NAMES_BOTH = "terminal.action.language"
"""Who chooses a language has to be able to read its name."""
FAMILIES: dict[str, set[str]] = {
    "state": set(State),
    "reason": set(Reason),
    "role": set(Role),
    "error": {*Code, *Refusal, "unknown"},
    "roster_finding": {*FindingCode, "HOLIDAY", "PLAN_CHANGED"},
    "text_fault": set(TextFault),
    "document_fault": set(DocumentFault),
    "document_field": set(DocumentField),
}
"""Families of words that stand for the members of an enumeration."""
COMPOSED = ("terminal.link_fault.", "terminal.phone_fault.")
"""Keys that are put together from two variables: a family, and a code of the other side's."""
ANY = "[^.]+"


def words(catalogue: Catalogue, key: str) -> str:
    """A text, with nothing in its gaps."""
    return catalogue.text(key, **dict.fromkeys(catalogue.placeholders(key), ""))


def nodes() -> Iterator[ast.AST]:
    for path in files(*PACKAGES):
        yield from ast.walk(tree(path))


def calls() -> Iterator[ast.Call]:
    return (node for node in nodes() if isinstance(node, ast.Call) and node.args)


def literal(node: ast.expr) -> str | None:
    """The string that an expression is, if it is one."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def mentions() -> set[str]:
    """Patterns of the keys that the code mentions: literals, and texts with one gap at the end."""
    constants = {node.value for node in nodes() if isinstance(node, ast.Constant)}
    literals = {re.escape(value) for value in constants if isinstance(value, str)}
    beginnings = {
        str(literal(node.values[0]))
        for node in nodes()
        if isinstance(node, ast.JoinedStr) and len(node.values) == 2
    } | {str(value)[: -len("{}")] for value in constants if str(value).endswith(".{}")}
    families = {text for text in beginnings if re.search(r"\w[._]$", text)} - {"terminal."}
    return literals | {re.escape(text) + ANY for text in families}


def placeholders(key: str) -> frozenset[str]:
    return ENGLISH.placeholders(key)


def given(call: ast.Call) -> set[str | None]:
    """The names of a call's keyword arguments; None stands for `**`."""
    return {keyword.arg for keyword in call.keywords}


def key_asked(call: ast.Call) -> str | None:
    """The key of a `….text("key", …)`, where it is written out."""
    is_text = isinstance(call.func, ast.Attribute) and call.func.attr == "text"
    key = literal(call.args[0]) if is_text else None
    return f"terminal.{key}" if key and f"terminal.{key}" in KEYS else key


def code_raised(call: ast.Call) -> str | None:
    """The code of a `Refused(Code.…)` or an `Unreadable(Code.…)`."""
    code = call.args[0]
    is_code = isinstance(code, ast.Attribute) and getattr(code.value, "id", "") == "Code"
    is_raised = getattr(call.func, "id", "") in ("Refused", "Unreadable")
    return Code[code.attr].value if is_code and is_raised else None


def test_both_languages_have_the_same_keys() -> None:
    assert CHINESE.keys() == KEYS


def test_both_languages_mention_the_same_things() -> None:
    differing = {key for key in KEYS if ENGLISH.placeholders(key) != CHINESE.placeholders(key)}
    assert differing == set()


def test_no_text_is_left_in_the_other_language() -> None:
    same = {key for key in KEYS if words(ENGLISH, key) == words(CHINESE, key)}
    assert {key for key in same if re.search("[a-z]{3}", words(CHINESE, key))} == {PRODUCT}
    assert {key for key in KEYS if CJK.search(words(ENGLISH, key))} == {NAMES_BOTH}


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_has_words_for_each_member_and_no_other(family: str) -> None:
    begin = f"{family}."
    named = {key.removeprefix(begin) for key in KEYS if key.startswith(begin)}
    assert named == FAMILIES[family]


def test_every_text_is_used() -> None:
    patterns = re.compile("|".join(sorted(mentions())))
    loose = {
        key for key in KEYS if key.split(".")[0] not in FAMILIES and not key.startswith(COMPOSED)
    }
    unused = {
        key
        for key in loose
        if not patterns.fullmatch(key) and not patterns.fullmatch(key.removeprefix("terminal."))
    }
    assert unused == set()


def test_every_text_asked_for_exists() -> None:
    asked = {key for call in calls() if (key := key_asked(call)) and "." in key}
    assert asked - KEYS == set()


def test_every_text_is_given_what_it_mentions() -> None:
    wrong = {
        key: given(call)
        for call in calls()
        if (key := key_asked(call)) in KEYS
        and None not in given(call)
        and given(call) != placeholders(key)
    }
    assert wrong == {}


def test_every_code_is_given_what_its_words_mention() -> None:
    wrong = {
        code: given(call)
        for call in calls()
        if (code := code_raised(call))
        and None not in given(call)
        and not given(call) >= placeholders(f"error.{code}")
    }
    assert wrong == {}


def test_code_holds_no_chinese() -> None:
    holding = [
        path for path in files(*PACKAGES) if CJK.search((ROOT / path).read_text(encoding="utf-8"))
    ]
    assert holding == []
