"""Markdown on a terminal: what it says is there, within its width, and nothing in it acts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.style import Style

from agent_client.terminal.marked_text import laid_out
from agent_client.terminal.reading_pages import Pages
from agent_client.terminal.wording import Wording
from protocol.i18n import load

WORDS = Wording(load("en"))
_SIGNS = st.text(alphabet="ab 王，。#*_`[]()<>!|-\n\t\\~1.", max_size=120)


def lines(text: str, width: int = 40) -> list[str]:
    """All pages, one below the other."""
    pages = Pages(text)
    made = (laid_out(WORDS, pages.tree(section), width) for section in range(len(pages)))
    return [line.plain for page in made for line in page]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("**bold** *thin* ~~gone~~ `code`", ["bold thin gone code"]),
        ("[red]x[/red] <b>y</b>", ["[red]x[/red] <b>y</b>"]),
        ("<script>\nx\n</script>", ["<script> x </script>"]),
        ("![order](a/b.png)", ["[picture: order]"]),
        ("![](a/b.png)", ["[picture: a/b.png]"]),
        ("[call](a/b.MP3)", ["[recording: call, a/b.MP3]"]),
        ("![call](b.ogg?x=1)", ["[recording: call, b.ogg?x=1]"]),
        ("[rules](https://e.invalid/)", ["rules (https://e.invalid/)"]),
        ("<https://e.invalid/>", ["https://e.invalid/"]),
        ("[rules][r]\n\n# Two\n\n[r]: https://e.invalid/", ["rules (https://e.invalid/)", "Two"]),
        ("第一行，\n第二行\nthird", ["第一行，第二行 third"]),
        ("one  \ntwo", ["one", "two"]),
        ("- a\n- b\n  1. c\n  2. d", ["• a", "• b", "  1. c", "  2. d"]),
        ("9. a\n10. b", [" 9. a", "10. b"]),
        ("> a\n>\n> b", ["│ a", "│", "│ b"]),
        ("```\nx\ty\n\n  z\n```", ["  x   y", "", "    z"]),
        ("a\n\n---\n\nb", ["a", "", "─" * 40, "", "b"]),
        ("|a|列|\n|-|-|\n|1|二|", ["a  列", "─  ──", "1  二"]),
        ("a\x1b[2J\u202eb", ["a�[2J�b"]),
        ("", []),
    ],
)
def test_what_stands_there(text: str, said: list[str]) -> None:
    assert lines(text) == said


def test_a_table_that_is_too_wide_is_told_row_by_row() -> None:
    told = lines("|who|what|\n|-|-|\n|一线|" + "long " * 12 + "|\n|二线|x|", 30)
    assert told[:2] == ["who  一线", "what  long long long long long"]
    assert told[-3:] == ["who  二线", "what  x", ""]


def test_a_paragraph_of_chinese_begins_no_line_with_a_comma() -> None:
    told = lines("您好，我这边先帮您核对一下订单信息，请您稍等。" * 3, 20)
    assert all(line[0] not in "，。" for line in told)
    assert "".join(told) == "您好，我这边先帮您核对一下订单信息，请您稍等。" * 3


@given(_SIGNS, st.integers(20, 60))
def test_no_line_is_wider_than_its_room_and_none_acts(text: str, width: int) -> None:
    pages = Pages(text)
    for section in range(len(pages)):
        for line in laid_out(WORDS, pages.tree(section), width):
            assert line.cell_length <= width
            styles = (span.style for span in line.spans)
            assert not any(isinstance(style, Style) and style.meta for style in styles)


@given(st.lists(st.text(alphabet="ab王，", min_size=1, max_size=30), min_size=1, max_size=5))
def test_no_word_of_a_paragraph_is_lost(words: list[str]) -> None:
    told = "".join(lines("\n".join(words), 20))
    assert told.replace(" ", "") == "".join(words)
