import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_client.terminal.floor_columns import GAP, columns, place
from agent_client.terminal.wording import Wording
from protocol.facts.agent import State
from protocol.i18n import LANGUAGES, load
from protocol.wire.sync import Link
from tests.terminal.fake_seat import NOW
from tests.terminal.scenes import FLOOR, row

WORDS = {language: Wording(load(language)) for language in LANGUAGES}
_words = st.sampled_from(list(WORDS.values()))


@given(st.integers(0, 400), _words)
def test_the_columns_never_exceed_the_width(width: int, words: Wording) -> None:
    placed = place(width, columns(words))
    assert sum(each.width + GAP for each in placed) <= width + GAP


@given(st.integers(0, 400), _words)
def test_a_wider_screen_never_shows_less(width: int, words: Wording) -> None:
    narrow = {each.column.name for each in place(width, columns(words))}
    wide = {each.column.name for each in place(width + 1, columns(words))}
    assert narrow <= wide


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_lead_needs_first_fits_into_80_cells(language: str) -> None:
    names = [each.column.name for each in place(78, columns(WORDS[language]))]
    assert names[:7] == ["mark", "number", "name", "state", "reason", "lasts", "call"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_fits_into_160_cells(language: str) -> None:
    assert len(place(158, columns(WORDS[language]))) == len(columns(WORDS[language]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_has_something_to_say_of_everybody(language: str) -> None:
    said = [
        column.say(each, WORDS[language], NOW).text
        for column in columns(WORDS[language])
        for each in FLOOR
    ]
    assert all("\n" not in text for text in said)


def test_an_unknown_state_tells_the_last_known_one() -> None:
    offline = row("1", State.OFFLINE, 3, last_known=State.TALK, link=Link.OFFLINE)
    said = {
        column.name: column.say(offline, WORDS["en"], NOW).text for column in columns(WORDS["en"])
    }
    assert (said["mark"], said["state"], said["reason"]) == ("!", "? Offline", "was Talk")
    assert said["lasts"] == "3:00"


def test_nothing_is_said_of_a_phone_that_is_not_heard_any_more() -> None:
    offline = row("1", State.OFFLINE, 3, last_known=State.TALK, link=Link.OFFLINE, phone=True)
    phone = next(column for column in columns(WORDS["en"]) if column.name == "phone")
    assert phone.say(offline, WORDS["en"], NOW).text == ""
