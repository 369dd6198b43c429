"""Contents as Markdown files: what stands before the text, and what is meant without it."""

from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_service.content_files.markdown import Page, read, write
from agent_service.content_files.reading import Placed, Written
from agent_service.documents.essential import essential
from protocol.facts.document import TrainingContent
from tests.service.question_files.asked import LINES, WORDS

WHOLE = """---
title: 退费：第一步
type: 业务培训
keywords: 退费、流程, "a, b"
place: 20
remark: "两行\\n备注"
---

# 退费

先核对。
"""


def page(text: str, path: str = "业务培训/01-退费.md") -> Page:
    return read(text, PurePath(path))


def content(text: str, path: str = "业务培训/01-退费.md") -> Placed:
    found = page(text, path)
    assert (found.faults, found.notes) == ([], [])
    assert found.content is not None
    return found.content


def test_a_file_says_everything_about_itself() -> None:
    assert content(WHOLE, "别处/x.md") == Placed(
        *("别处/x.md", 1, "退费：第一步", "业务培训", "# 退费\n\n先核对。"),
        *(("退费", "流程", "a, b"), 20, "两行\n备注"),
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("# 退费流程\n先核对。", "退费流程"),
        ("先核对。\n\n## 退费流程 ##\n", "退费流程"),
        ("先核对。", "01-退费"),
        ("---\ntitle:\n---\n# 退费流程", "退费流程"),
        ("---\ntitle：流程\n---\n# 退费流程", "流程"),
    ],
)
def test_without_a_title_it_is_called_by_its_first_heading(text: str, name: str) -> None:
    told = content(text)
    assert (told.name, told.type) == (name, "业务培训")
    assert (told.keywords, told.place, told.remark) == (None, None, None)


@pytest.mark.parametrize(
    "text",
    [
        "---\nno header\n---\ntext",
        "---\ntitle: a",
        "text\n---\ntitle: a\n---",
        "# a\n---\nb: c\n---",
    ],
)
def test_what_only_looks_like_a_header_is_text(text: str) -> None:
    assert content(text).text == text


@pytest.mark.parametrize(
    ("text", "path", "line", "code"),
    [
        ("先核对。", "top.md", 1, "content_without_type"),
        ("---\ntype: a\nplace: first\n---\n", "a/b.md", 3, "bad_place"),
        ('---\ntitle: "open\n---\n', "a/b.md", 2, "bad_header"),
        ('---\nplace: 1\nkeywords: ["a, b]\n---\n', "a/b.md", 3, "bad_header"),
    ],
)
def test_a_bad_line_is_named_with_its_file(text: str, path: str, line: int, code: str) -> None:
    found = page(text, path)
    assert [(each.column, each.line, each.code) for each in found.faults] == [(path, line, code)]
    assert found.content is None


def test_a_line_that_nobody_knows_is_passed_over_and_told() -> None:
    found = page("---\nauthor: me\ntitle: a\n---\n")
    assert [(each.line, each.code, each.params) for each in found.notes] == [
        (2, "header_passed", {"name": "author"})
    ]
    assert found.content is not None and found.content.name == "a"


@given(WORDS.filter(bool), st.lists(WORDS), st.integers(-(10**9) + 1, 10**9 - 1), LINES, LINES)
def test_what_is_written_says_the_same(
    name: str, keywords: list[str], place: int, remark: str, text: str
) -> None:
    kept = essential(TrainingContent(name, "t", text, tuple(keywords), place, remark))
    assert isinstance(kept, TrainingContent)
    told = content(
        write(Written(kept.name, "类型", kept.keywords, kept.place, kept.remark, kept.text))
    )
    assert (told.name, told.type, told.keywords) == (kept.name, "类型", kept.keywords)
    assert (told.place, told.remark, told.text) == (kept.place, kept.remark, kept.text)


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from(["---", "title:", '"', "\n", "[", "a"])).map("".join)
)
def test_whatever_stands_in_a_file_is_a_content_or_a_fault(text: str) -> None:
    found = page(text)
    assert (found.content is None) == bool(found.faults)
