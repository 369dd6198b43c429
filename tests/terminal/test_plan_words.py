"""The words for figures, lengths and codes of time."""

import pytest

from agent_client.terminal.plan_words import biggest, figure, left, length, percentage
from agent_client.terminal.screens.ask_exception import CODES, MEANT
from agent_client.terminal.wording import Wording
from protocol.facts.agent import State
from protocol.facts.correction import Overlay
from protocol.facts.shift import Activity, PlanCause
from protocol.i18n import LANGUAGES, load
from protocol.rules.attendance import AttendanceClass
from protocol.rules.day_figure import INCIDENT
from protocol.rules.exceptions import DerivedReason
from protocol.wire.exceptions import Standing
from tests.terminal.plan_scenes import LATE, MIXED, at, figured

WORDS = Wording(load("en"))
FAMILIES = {
    "activity": set(Activity),
    "plan_cause": set(PlanCause),
    "overlay": set(Overlay),
    "standing": set(Standing),
    "exception_code": {*CODES, *DerivedReason, INCIDENT},
    "attendance": {*AttendanceClass, "DAY_OFF"},
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("family", FAMILIES)
def test_every_code_has_words_and_no_other(language: str, family: str) -> None:
    keys = load(language).keys()
    begin = f"{family}."
    named = {key.removeprefix(begin) for key in keys if key.startswith(begin)}
    assert named == FAMILIES[family]


def test_a_code_of_another_version_is_named_as_it_is() -> None:
    assert WORDS.term("activity.NAP", "NAP") == "NAP"
    assert WORDS.term("exception_code.\x1b[2J", "\x1b[2J") == "\ufffd[2J"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (45, "45 s"),
        (60, "1 min"),
        (90, "1 min 30 s"),
        (720, "12 min"),
        (3_600, "1 h 00 min"),
        (3_905, "1 h 05 min"),
    ],
)
def test_lengths(seconds: int, text: str) -> None:
    assert length(WORDS, seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [(0, "1 min"), (60, "1 min"), (61, "2 min")])
def test_what_is_left_is_told_in_minutes_that_have_begun(seconds: int, text: str) -> None:
    assert left(WORDS, seconds) == text


def test_no_share_of_nothing() -> None:
    assert (percentage(0, 0), percentage(1, 1), percentage(2, 3)) == ("–", "100.00 %", "66.67 %")


def test_unknown_time_makes_a_range() -> None:
    assert figure(figured(LATE).figure) == "96.04 %"
    assert figure(figured(MIXED).figure) == "83.35–86.65 %"


def test_the_reason_is_what_took_most() -> None:
    made = figured((("09:05", State.READY, None),)).figure
    assert biggest(WORDS, made, at("09:00") // 1000) == "1 h 00 min Ready, planned: Meal"
    assert biggest(WORDS, figured(LATE).figure, at("09:00") // 1000) == "signed in 12 min late"
    on_time = figured((("09:00", State.READY, None),), ()).figure
    assert biggest(WORDS, on_time, at("09:00") // 1000) == ""


def test_what_can_be_meant_is_said_once() -> None:
    assert len(set(MEANT)) == len(MEANT)
    assert all((meant.state is None) == (meant.what is not Overlay.CORRECT) for meant in MEANT)
