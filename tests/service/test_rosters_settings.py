"""Shift patterns, rotations, requirements, holidays and the rules of the day in the settings."""

from datetime import date
from pathlib import Path

import pytest

from agent_service import settings
from agent_service.rosters.book import make_book
from agent_service.settings import Settings
from protocol.facts.agent import Reason
from protocol.facts.shift import Activity
from protocol.rules.day_rules import DayRules
from protocol.wire.errors import Refused

CONFIG = Path(__file__).parents[2] / "config"
PATTERN = """
[[patterns]]
name = "{name}"
start = "{start}"
end = "18:00"
segments = [{{ start = "{inner}", end = "13:00", activity = "MEAL" }}{more}]
"""
GOOD = {"name": "day", "start": "09:00", "inner": "12:00", "more": ""}


def load(folder: Path, text: str, **variables: str) -> Settings:
    file = folder / "service.toml"
    file.write_text(text, encoding="utf-8")
    return settings.load(file, variables, {})


def pattern(**other: str) -> str:
    return PATTERN.format(**(GOOD | other))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (pattern(name=""), "patterns[0].name"),
        (pattern(name="-"), "patterns[0].name"),
        (pattern(name="x" * 33), "patterns[0].name"),
        (pattern() + pattern(), "patterns[1].name"),
        (pattern(start="9:00"), "patterns[0].start"),
        (pattern(start="24:00"), "patterns[0].start"),
        (pattern(start="18:00"), "patterns[0].end"),
        (pattern(inner="noon"), "patterns[0].segments[0].start"),
        (pattern(inner="13:00"), "patterns[0].segments[0]"),
        (pattern(inner="08:00"), "patterns[0].segments[0]"),
        (pattern(more=", { start = '12:30', end = '13:30' }"), "patterns[0].segments[1].activity"),
        (
            pattern(more=", { start = '12:30', end = '13:30', activity = 'BREAK' }"),
            "patterns[0].segments[1]",
        ),
        (pattern(more=", { start = '14:00', end = '15:00', activity = 'NAP' }"), "patterns[0]"),
        (pattern() + "labels = { fr = 'Jour' }", "patterns[0].labels.fr"),
        (pattern() + "colour = 'red'", "patterns[0].colour"),
        ("[[rotations]]\nname = 'r'\ndays = []", "rotations[0].days"),
        (pattern() + "[[rotations]]\nname = 'r'\ndays = ['-', 'late']", "rotations[0].days[1]"),
        ("[[requirements]]\nstart = '09:15'\nheads = 1", "requirements[0].start"),
        ("[[requirements]]\nstart = '09:00'\nheads = -1", "requirements[0].heads"),
        (
            "[[requirements]]\nstart = '09:00'\nheads = 1\nweekdays = [1, 8]",
            "requirements[0].weekdays[1]",
        ),
        (
            "[[requirements]]\nstart = '09:00'\nheads = 1\nweekdays = [1]\n"
            "[[requirements]]\nstart = '09:00'\nheads = 2",
            "requirements[1].start",
        ),
        (
            "[[holidays]]\nday = 2027-01-01\nname = 'a'\noff = true\n"
            "[[holidays]]\nday = 2027-01-01\nname = 'b'\noff = false",
            "holidays[1].day",
        ),
        ("[[holidays]]\nday = 'new year'\nname = 'a'\noff = true", "holidays[0].day"),
        ("[adherence]\ngrace_s = -1", "adherence.grace_s"),
        ("[adherence]\nwork_reasons = ['NAP']", "adherence.work_reasons[0]"),
        ("[attend]\nhalf_day = 1", "attend.half_day"),
        ("[roster]\nweek_h = 200", "roster.week_h"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, name: str) -> None:
    with pytest.raises(Refused) as refused:
        load(tmp_path, text)
    assert refused.value.code == "bad_setting"
    assert str(refused.value.params["name"]).startswith(name)


def test_the_rules_of_the_day_come_from_the_file_and_from_variables(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        "[adherence]\ngrace_s = 30\nwork_reasons = ['HANDOVER']\n[roster]\ndays_in_row = 5",
        SEATLINE_ADHERENCE_BREAK_FLOATS="false",
        SEATLINE_ATTEND_TOLERANCE_S="0",
    )
    assert (loaded.adherence.grace_s, loaded.adherence.break_floats) == (30, False)
    assert loaded.adherence.work_reasons == frozenset({Reason.HANDOVER})
    assert (loaded.attend.tolerance_s, loaded.roster.days_in_row) == (0, 5)
    listed = load(tmp_path, "", SEATLINE_ADHERENCE_WORK_REASONS="HANDOVER, MEETING")
    assert listed.adherence.work_reasons == frozenset({Reason.HANDOVER, Reason.MEETING})


def test_without_anything_the_rules_are_the_usual_ones() -> None:
    assert settings.day_rules(Settings()) == DayRules()


def test_as_much_after_call_work_is_excused_as_seats_allow(tmp_path: Path) -> None:
    lines = "[[lines]]\nname = 'complaints'\nlabels = {}\nacw_limit_s = 300"
    loaded = load(tmp_path, f"[state]\nacw_limit_s = 90\n{lines}")
    rules = settings.day_rules(loaded).adherence
    assert (rules.acw_limit_s, rules.acw_limits_s) == (90, {"complaints": 300})


def test_the_shipped_example_of_shifts_can_be_used(tmp_path: Path) -> None:
    shipped = (CONFIG / "service.toml").read_text(encoding="utf-8")
    begin = shipped.index("# [[patterns]]")
    shifts = shipped[begin : shipped.index("\n\n", begin)]
    example = shifts.replace("\n# ", "\n").removeprefix("# ")
    loaded = load(tmp_path, example.replace("\n#\n", "\n"))
    assert [each.name for each in loaded.patterns] == ["day", "night"]
    assert [each.name for each in loaded.rotations] == ["two-two-two"]
    assert (len(loaded.requirements), len(loaded.holidays)) == (1, 1)


def test_the_demonstrations_shifts_break_no_rule() -> None:
    loaded = settings.load(CONFIG / "demo-service.toml", {}, {})
    book = make_book(loaded)
    assert list(book.patterns) == ["early", "day", "late", "night"]
    assert all(set(each.labels) == {"en", "zh_CN"} for each in book.patterns.values())
    for name in book.patterns:
        activities = {each.activity for each in book.segments(name, date(2026, 12, 1))}
        assert activities == {Activity.WORK, Activity.BREAK, Activity.MEAL}
