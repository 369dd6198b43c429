"""Finding the code that somebody means while typing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_client.terminal.codes import found, label, meant, named
from protocol.rules.lines import CodeItem, Line

ITEMS = (
    CodeItem("D01", {"en": "Delivery late", "zh_CN": "配送延误"}),
    CodeItem("D02", {"en": "Delivery damaged", "zh_CN": "配送破损"}),
    CodeItem("R01", {"en": "Refund", "zh_CN": "退款"}),
    CodeItem("X99", {"en": "Late refund"}, retired=True),
    CodeItem("N1", {"zh_CN": "咨询"}),
    CodeItem("bare", {}),
)


def codes(needle: str, language: str = "en") -> list[str]:
    return [item.code for item in found(ITEMS, needle, language)]


@pytest.mark.parametrize(
    ("needle", "language", "expected"),
    [
        ("", "en", ["D01", "D02", "R01", "N1", "bare"]),
        ("d02", "en", ["D02"]),
        ("dam del", "en", ["D02"]),
        ("re", "en", ["R01", "bare"]),
        ("配送", "zh_CN", ["D01", "D02"]),
        ("late", "en", ["D01"]),
        ("nothing", "en", []),
    ],
)
def test_by_code_or_label_in_any_order(needle: str, language: str, expected: list[str]) -> None:
    assert codes(needle, language) == expected


@pytest.mark.parametrize(
    ("needle", "code"),
    [("d01", "D01"), ("refund", "R01"), ("dam", "D02"), ("d0", None), ("", None), ("zzz", None)],
)
def test_what_a_text_can_only_mean(needle: str, code: str | None) -> None:
    item = meant(ITEMS, needle, "en")
    assert (item.code if item is not None else None) == code


def test_labels_fall_back_to_another_language_and_then_to_the_code() -> None:
    assert [label(item, "en") for item in ITEMS[-2:]] == ["咨询", "bare"]
    assert label(Line("complaints", {}), "en") == "complaints"


def test_a_retired_or_unknown_code_that_was_chosen_can_still_be_read() -> None:
    assert named(ITEMS, "X99", "en") == "Late refund"
    assert named(ITEMS, "\x1b[0m", "en") == "\ufffd[0m"


@given(st.text())
def test_what_is_meant_is_among_what_is_found(needle: str) -> None:
    item = meant(ITEMS, needle, "en")
    assert item is None or item in found(ITEMS, needle, "en")
