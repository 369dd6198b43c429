"""What is left of a number when it is masked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.rules.masking import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("13812345678", "138****5678"),
        ("+8613812345678", "+861******5678"),
        ("sip:13812345678@10.0.0.1:5060", "sip:138****5678@10.0.0.1:5060"),
        ("021-5555 1234", "021-**** 1234"),
        ("1234567", "123**67"),
        ("123456", "******"),
        ("10086", "*****"),
        ("anna", "anna"),
        ("", ""),
        ("１３８１２３４５６７８", "１３８****５６７８"),
    ],
)
def test_examples(text: str, masked: str) -> None:
    assert mask(text) == masked


@given(st.text(alphabet="0123456789", min_size=1, max_size=30))
def test_of_a_number_at_most_seven_digits_are_shown_and_never_all(number: str) -> None:
    masked = mask(number)
    shown = len(masked) - masked.count("*")
    assert len(masked) == len(number)
    assert shown <= 7
    assert shown < len(number)


@given(st.text(max_size=40))
def test_any_text_keeps_its_length_and_all_but_digits(text: str) -> None:
    masked = mask(text)
    assert len(masked) == len(text)
    assert all(
        after in (before, "*") and (before.isdigit() or after == before)
        for before, after in zip(text, masked, strict=True)
    )


@given(st.text(max_size=40))
def test_masking_again_shows_no_more(text: str) -> None:
    shown = sum(character.isdigit() for character in mask(text).partition("@")[0])
    again = sum(character.isdigit() for character in mask(mask(text)).partition("@")[0])
    assert again <= shown
