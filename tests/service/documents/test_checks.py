"""What may stand in a document: every fault is found, and named with its place."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from msgspec.structs import replace

from agent_service.documents.checks import checked
from agent_service.documents.essential import essential
from agent_service.documents.row import StoredDocument, digest, published
from protocol.facts.document import (
    AnyBody,
    AssignRule,
    DocumentKind,
    DocumentPublished,
    Paper,
    TrainingTask,
    TrainingType,
)
from protocol.facts.exam import Generation, PaperItem, QuestionType, Wanted
from protocol.wire.documents import (
    MAX_CONTENT,
    MAX_ITEMS,
    MAX_KEYWORDS,
    MAX_NAME,
    MAX_OPTION,
    MAX_QUESTION,
    MAX_REMARK,
)
from protocol.wire.errors import Refused
from tests.service.documents.written import (
    ESSAY,
    FILL_IN,
    MULTI,
    SINGLE,
    TRUE_FALSE,
    TYPE,
    content,
    drawing,
    paper,
)
from tests.wire.shapes import messages

FEW = 3
"""Enabled contents of the type."""


class Others:
    """The documents that are there."""

    def __init__(self, bodies: Mapping[str, AnyBody]) -> None:
        self._rows = {
            name: published(None, DocumentPublished(name, 1, 1, body, "5001"), 0, 1)
            for name, body in bodies.items()
        }

    def find(self, document: str) -> StoredDocument | None:
        return self._rows.get(document)

    def is_taken(
        self, what: DocumentKind, name_key: str, parent: str | None, but: str = ""
    ) -> bool:
        return any(
            (row.what, row.name_key) == (what, name_key) and parent in (None, row.parent)
            for row in self._rows.values()
            if row.document != but
        )

    def enabled_contents(self, type: str) -> int:
        return FEW * (type == "t")


OTHERS = Others(
    {
        "t": TYPE,
        "t2": TrainingType("财务培训"),
        "c": content("t", "VPN"),
        "task": drawing("t"),
        "q": SINGLE,
        "q2": ESSAY,
        "p": paper("q"),
    }
)
LONG_NAME = "名" * (MAX_NAME + 1)
WANTED = Wanted("礼仪", QuestionType.SINGLE, "simple", 1)


def fault(body: AnyBody, document: str = "") -> tuple[str, str]:
    """Where it is wrong, and what is."""
    with pytest.raises(Refused) as refused:
        checked(body, OTHERS, document)
    assert refused.value.code == "bad_document"
    return str(refused.value.params["field"]), str(refused.value.params["fault"])


@pytest.mark.parametrize(
    "body",
    [
        TrainingType("安全培训"),
        TrainingType("名" * MAX_NAME, remark="x" * MAX_REMARK),
        content("t"),
        content("t2", "VPN"),
        content("t", text="x" * MAX_CONTENT),
        content("t", text="| a\t| b |\n|---|---|\n\n　缩进"),
        drawing("t", FEW, "每月"),
        TrainingTask("勾选", contents=("c",), min_seconds=86_400, due_days=366),
        SINGLE,
        MULTI,
        TRUE_FALSE,
        FILL_IN,
        ESSAY,
        replace(SINGLE, half_points=1),
        replace(SINGLE, half_points=2_000, text="x" * MAX_QUESTION),
        replace(MULTI, options=tuple("abcdefghij"), key=tuple("ABCDEFGHIJ")),
        paper("q", "q2", name="季考"),
        replace(paper("q", name="季考"), pass_percent=0),
        replace(paper("q", name="季考"), generated=Generation("7", (WANTED,))),
    ],
)
def test_what_may_stand_is_kept_as_it_is(body: AnyBody) -> None:
    assert checked(body, OTHERS) == body


@pytest.mark.parametrize(
    ("body", "field", "expected"),
    [
        (TrainingType(" "), "name", "name_missing"),
        (TrainingType(LONG_NAME), "name", "too_long"),
        (TrainingType("two\nlines"), "name", "unreadable"),
        (TrainingType("\x1b[2J"), "name", "unreadable"),
        (TrainingType("a\tb"), "name", "unreadable"),
        (TrainingType(" 业务培训 "), "name", "name_taken"),
        (TrainingType("新", remark="x" * (MAX_REMARK + 1)), "remark", "too_long"),
        (TrainingType("新", remark="\x07"), "remark", "unreadable"),
        (content("none"), "type", "unknown_type"),
        (content("c"), "type", "unknown_type"),
        (content("t", text=" \n"), "text", "text_missing"),
        (content("t", text="x" * (MAX_CONTENT + 1)), "text", "too_long"),
        (content("t", text="a\x00b"), "text", "unreadable"),
        (content("t", text="a\rb"), "text", "unreadable"),
        (content("t", "ｖｐｎ"), "name", "name_taken"),
        (content("t", keywords=("a\nb",)), "keywords", "unreadable"),
        (content("t", keywords=(LONG_NAME,)), "keywords", "too_long"),
        (content("t", keywords=tuple(map(str, range(MAX_KEYWORDS + 1)))), "keywords", "too_many"),
        (drawing("none"), "type", "unknown_type"),
        (drawing("", name="x"), "type", "unknown_type"),
        (drawing("t", 0), "count", "count"),
        (drawing("t", -1), "count", "count"),
        (drawing("t", MAX_ITEMS + 1), "count", "count"),
        (drawing("t"), "name", "name_taken"),
        (replace(drawing("t"), min_seconds=-1), "min_seconds", "seconds"),
        (replace(drawing("t"), min_seconds=86_401), "min_seconds", "seconds"),
        (replace(drawing("t"), due_days=-1), "due_days", "days"),
        (replace(drawing("t"), due_days=367), "due_days", "days"),
        (TrainingTask("x", contents=("c", "none")), "contents", "unknown_content"),
        (TrainingTask("x", contents=("t",)), "contents", "unknown_content"),
        (TrainingTask("x", contents=("c", "c")), "contents", "twice"),
        (TrainingTask("x", contents=tuple(map(str, range(201)))), "contents", "too_many"),
        (replace(SINGLE, text=""), "text", "text_missing"),
        (replace(SINGLE, text="x" * (MAX_QUESTION + 1)), "text", "too_long"),
        (replace(SINGLE, text="\u202e"), "text", "unreadable"),
        (replace(SINGLE, category=LONG_NAME), "category", "too_long"),
        (replace(SINGLE, half_points=0), "half_points", "points"),
        (replace(SINGLE, half_points=2_001), "half_points", "points"),
        (replace(SINGLE, options=()), "options", "options"),
        (replace(SINGLE, options=("a",)), "options", "options"),
        (replace(SINGLE, options=("a", " a ")), "options", "options"),
        (replace(SINGLE, options=tuple("abcdefghijk")), "options", "options"),
        (replace(SINGLE, options=("a", " ")), "options", "text_missing"),
        (replace(SINGLE, options=("a", "x" * (MAX_OPTION + 1))), "options", "too_long"),
        (replace(SINGLE, key=()), "key", "key"),
        (replace(SINGLE, key=("A", "B")), "key", "key"),
        (replace(SINGLE, key=("C",)), "key", "key"),
        (replace(SINGLE, key=("a",)), "key", "key"),
        (replace(SINGLE, key=("AB",)), "key", "key"),
        (replace(MULTI, key=()), "key", "key"),
        (replace(MULTI, key=("A", "A")), "key", "key"),
        (replace(MULTI, key=("A", "D")), "key", "key"),
        (replace(TRUE_FALSE, key=()), "key", "key"),
        (replace(TRUE_FALSE, key=("T", "F")), "key", "key"),
        (replace(TRUE_FALSE, key=("A",)), "key", "key"),
        (replace(TRUE_FALSE, options=("对", "错")), "options", "options"),
        (replace(FILL_IN, key=()), "key", "key"),
        (replace(FILL_IN, key=("a", "a ")), "key", "key"),
        (replace(FILL_IN, key=("",)), "key", "text_missing"),
        (replace(FILL_IN, key=tuple("abcdefghijk")), "key", "key"),
        (replace(FILL_IN, options=("a", "b")), "options", "options"),
        (replace(ESSAY, key=("A",)), "key", "key"),
        (replace(ESSAY, options=("a", "b")), "options", "options"),
        (paper("q", name=""), "name", "name_missing"),
        (paper("q"), "name", "name_taken"),
        (replace(paper("q"), category="a\nb"), "category", "unreadable"),
        (paper(), "items", "no_items"),
        (paper("none"), "items", "unknown_question"),
        (paper("c"), "items", "unknown_question"),
        (paper("q", "q2", "q"), "items", "twice"),
        (paper(*map(str, range(MAX_ITEMS + 1))), "items", "too_many"),
        (Paper("x", items=(PaperItem("q", 0, 2),)), "items", "unknown_question"),
        (Paper("x", items=(PaperItem("q", 2, 2),)), "items", "unknown_question"),
        (Paper("x", items=(PaperItem("q", 1, 0),)), "items", "points"),
        (replace(paper("q"), pass_percent=-1), "pass_percent", "share"),
        (replace(paper("q"), pass_percent=101), "pass_percent", "share"),
        (replace(paper("q"), generated=Generation("\x1b", ())), "generated", "unreadable"),
        (replace(paper("q"), generated=Generation("s", (WANTED,) * 201)), "generated", "too_many"),
        (
            replace(paper("q"), generated=Generation("s", (replace(WANTED, category="\n"),))),
            "generated",
            "text_missing",
        ),
    ],
)
def test_what_is_wrong_is_named(body: AnyBody, field: str, expected: str) -> None:
    assert fault(body) == (field, expected)


def test_a_document_may_keep_its_own_name() -> None:
    assert checked(TYPE, OTHERS, "t") == TYPE
    assert fault(TYPE, "t2") == ("name", "name_taken")


def test_more_than_the_type_has_is_refused_with_how_many_there_are() -> None:
    with pytest.raises(Refused) as refused:
        checked(drawing("t", FEW + 1), OTHERS)
    assert str(refused.value) == "n_exceeds_content (count=4, there=3)"


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (
            content(
                "t", " 名 ", text="\r\n  code\r\n", keywords=(" a", "", "a", "b"), remark=" r "
            ),
            content("t", "名", text="  code", keywords=("a", "b"), remark="r"),
        ),
        (
            TrainingTask("x", "t", 9, ("c",), rules=(AssignRule.NEW_STAFF, AssignRule.FINDING) * 2),
            TrainingTask("x", "", 0, ("c",), rules=(AssignRule.FINDING, AssignRule.NEW_STAFF)),
        ),
        (replace(MULTI, key=("C", " A")), MULTI),
        (replace(FILL_IN, key=("12345 ", "一二三四五")), FILL_IN),
        (replace(SINGLE, text=" 先问什么？\n", options=(" 姓名", "电话 ")), SINGLE),
        (replace(paper("q", name=" 季考 "), category=" 月度"), paper("q", name="季考")),
    ],
)
def test_what_means_nothing_is_not_kept(body: AnyBody, kept: AnyBody) -> None:
    assert checked(body, OTHERS) == kept


@given(messages(AnyBody))
def test_whatever_is_written_is_kept_or_refused(body: AnyBody) -> None:
    try:
        kept = checked(body, OTHERS)
    except Refused as refused:
        assert refused.code in ("bad_document", "n_exceeds_content")
        return
    assert checked(kept, OTHERS) == kept
    assert digest(kept) == digest(essential(body))
