import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from agent_client.terminal.cells import cut, fit, shown, visible


@given(st.text(), st.integers(0, 60))
def test_a_fitted_text_has_exactly_the_width(text: str, width: int) -> None:
    assert cell_len(fit(shown(text), width)) == width


@given(st.text(), st.integers(0, 60))
def test_a_cut_text_has_at_most_the_width(text: str, width: int) -> None:
    assert cell_len(cut(shown(text), width)) <= width


@given(st.text())
def test_what_is_shown_has_no_control_character(text: str) -> None:
    assert not {unicodedata.category(each) for each in shown(text)} & {"Cc", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x1b[31mb", "a\N{REPLACEMENT CHARACTER}[31mb"),
        ("a\u202eb", "a\N{REPLACEMENT CHARACTER}b"),
        ("a\nb\tc", "a b c"),
        ("[red]x[/x]", "[red]x[/x]"),
        ("שלום 王丽", "שלום 王丽"),
    ],
)
def test_harmful_characters_are_replaced_and_others_kept(text: str, expected: str) -> None:
    assert shown(text) == expected


def test_a_wide_character_is_not_halved() -> None:
    assert fit("王丽丽", 4) == "王… "
    assert fit("王丽", 4) == "王丽"


def test_a_number_out_of_an_address_book_loses_its_unseen_marks() -> None:
    assert visible("\u202a+86\t138\u202c\x1b") == "+86 138"
    assert visible("张三 {x} [b]") == "张三 {x} [b]"
