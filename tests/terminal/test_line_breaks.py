"""Chinese in lines: nothing is too wide, no line begins with a comma, no text is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content

from agent_client.terminal.line_breaks import NOT_FIRST, NOT_LAST, broken

SIGNS = st.text("按就绪示闲123 abc（）。，、！？：；「」…·\u00a0", max_size=60)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("没有通话。按 F5 示闲，开始接听。", 20, ["没有通话。按 F5 示", "闲，开始接听。"]),
        ("没有通话，请等待。", 8, ["没有通", "话，请等", "待。"]),
        ("有效期至 22:01:40（还剩 30:00）。", 18, ["有效期至 22:01:40", "（还剩 30:00）。"]),
        ("! 当前状态下不可用", 20, ["! 当前状态下不可用"]),
        ("示闲/示忙", 4, ["示", "闲/", "示忙"]),
        ("一二～三四—五", 4, ["一", "二～", "三", "四—", "五"]),
        ("一\n二三四", 4, ["一", "二三", "四"]),
        ("No Chinese · in here", 6, ["No Chinese · in here"]),
        ("plain", 2, ["plain"]),
    ],
)
def test_lines_end_where_a_reader_expects_it(text: str, width: int, lines: list[str]) -> None:
    assert broken(Content(text), width).plain.split("\n") == lines


@given(SIGNS, st.integers(12, 40))
def test_no_line_is_too_wide_or_loses_anything(text: str, width: int) -> None:
    lines = broken(Content(f"中{text}"), width).plain.split("\n")
    assert all(cell_len(line.rstrip()) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == f"中{text}".replace(" ", "")


@given(st.lists(st.sampled_from(["示闲", "F5", "，", "。", "（", "）"]), max_size=30))
def test_no_line_begins_or_ends_wrongly_where_there_is_a_choice(words: list[str]) -> None:
    """A comma between Chinese signs always has one: the sign before it goes along."""
    text = "".join(word if word in ("示闲", "F5") else f"接{word}听" for word in words)
    lines = broken(Content(text), 10).plain.split("\n")
    assert not any(line[:1] in NOT_FIRST for line in lines if line)
    assert not any(line[-1:] in NOT_LAST for line in lines if line)


def test_styles_stay_with_their_words() -> None:
    text = Content.assemble(("没有通话，", "bold"), "请等待。")
    lines = broken(text, 8)
    assert [lines.plain[span.start : span.end] for span in lines.spans] == ["没有通", "话，"]


def test_a_width_that_is_not_known_breaks_nothing() -> None:
    assert broken(Content("没有通话，请等待。"), 0).plain == "没有通话，请等待。"
