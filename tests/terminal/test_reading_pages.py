"""Pages of a text: a heading of the first or second level begins one, and nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_client.terminal.reading_pages import Pages

_BEGUN = ["# One", "## Two", "### Three", "Title", "===", "---", "# ", "\t#", "  # in a list?"]
_OTHERS = ["```", "~~~", "- item", "> quote", "text", "", "    # code", "<b>", "\f", "~", "-"]
_LINES = st.sampled_from([*_BEGUN, *_OTHERS])
_TEXTS = st.lists(_LINES | st.text(max_size=12), max_size=30).map("\n".join)


@given(_TEXTS)
def test_joined_again_they_are_the_whole_text(text: str) -> None:
    pages = Pages(text)
    assert "".join(pages.sections) == text.replace("\r\n", "\n").replace("\r", "\n")
    assert len(pages) >= 1


@given(_TEXTS)
def test_every_page_can_be_read(text: str) -> None:
    pages = Pages(text)
    assert all(pages.tree(section) for section in range(len(pages)))


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("", 1),
        ("no heading", 1),
        ("# One\ntext", 1),
        ("\n\n# One\ntext", 1),
        ("before\n# One\n## Two\n### Three", 3),
        ("One\n===\nTwo\n---\n", 2),
        ("```\n# code\n```\n", 1),
        ("> # quoted\n\n- # listed\n", 1),
        ("# One\r\n# Two\r# Three", 3),
    ],
)
def test_what_begins_a_page(text: str, pages: int) -> None:
    assert len(Pages(text)) == pages
