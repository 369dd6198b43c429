import pytest

from agent_client.terminal.look import FILLS, SYMBOLS, UNKNOWN_FILL, css_name
from agent_client.terminal.theme import THEMES, suited
from protocol.facts.agent import State


def test_every_state_has_a_symbol_of_its_own() -> None:
    assert set(SYMBOLS) == set(State)
    assert len(set(SYMBOLS.values())) == len(State)


def test_every_pattern_of_the_strip_is_told_apart_without_colour() -> None:
    patterns = [*FILLS.values(), UNKNOWN_FILL]
    assert len(set(patterns)) == len(patterns)


def test_every_theme_has_the_same_variables_and_a_colour_a_state() -> None:
    names = {frozenset(theme.variables) - {"input-cursor-background"} for theme in THEMES.values()}
    states = {f"state-{css_name(state)}" for state in State}
    assert all(states <= each for each in names)


@pytest.mark.parametrize(
    ("environment", "theme"),
    [
        ({"TERM": "xterm-256color"}, "dark"),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, "dark"),
        ({"TERM": "xterm-256color", "COLORFGBG": "0;15"}, "light"),
        ({"TERM": "xterm-256color", "COLORFGBG": "15;default;0"}, "dark"),
        ({"TERM": "linux"}, "16"),
        ({}, "16"),
    ],
)
def test_the_theme_suits_the_terminal(environment: dict[str, str], theme: str) -> None:
    assert suited(environment) == theme
