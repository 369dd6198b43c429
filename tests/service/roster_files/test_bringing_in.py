"""What a file says is drafted or published whole, or not at all."""

from pathlib import Path

import msgspec
import pytest

from agent_service.commands import rosters, rosters_publish
from agent_service.commands.rosters_words import short_told
from protocol.i18n import load
from protocol.rules.roster_check_coverage import HalfHour
from tests.service.people import disable
from tests.service.roster_files.files import (
    MONDAY,
    TUESDAY,
    Run,
    at,
    drafted,
    in_force,
    span,
    table,
)
from tests.service.rosters import (
    LATE,
    ZONE,
    coming_monday,
    plan_of,
)


def test_findings_are_told_and_keep_it_from_being_published(
    run: Run, data: Path, tmp_path: Path
) -> None:
    path = table(
        tmp_path,
        ("number", MONDAY.isoformat(), TUESDAY.isoformat()),
        ("1001", "long", "day"),
        ("1002", "late", "07:00-10:00"),
    )
    code, out, err = run("import", "roster", str(path), "--publish", "--accept-warnings")
    assert (code, out, drafted(data), in_force(data)) == (1, "", 0, {})
    assert f"refused: 1001, {MONDAY.isoformat()}: 15 h 00 min of work without a rest" in err
    assert "[roster_refused]" in err
    assert run("import", "roster", str(path))[0] == 0
    code, out, _ = run("roster", "check", *span(), "--json")
    assert (code, msgspec.json.decode(out)["changes"]) == (1, 4)
    table(tmp_path, ("number", MONDAY.isoformat()), ("1001", "day"))
    run("import", "roster", str(path))
    code, out, err = run("roster", "check", *span())
    assert (code, out.count("warning: 1002"), out.count("refused")) == (0, 1, 0), err
    assert run("roster", "publish", *span())[0] == 1
    assert run("roster", "publish", *span(), "--accept-warnings", "--note", "busy")[0] == 0
    assert (len(in_force(data)), drafted(data)) == (4, 0)
    assert run("roster", "publish", *span())[0] == 1


def test_half_hours_that_lack_as_many_heads_are_told_as_one_stretch() -> None:
    def half_hour(clock: str, short: int) -> HalfHour:
        return HalfHour(at(MONDAY, clock), 0, 0, short, short)

    lacking = [half_hour("10:00", 2), half_hour("10:30", 2), half_hour("11:00", 1)]
    told = list(short_told(load("en"), [*lacking, half_hour("14:00", 1)], ZONE))
    day = MONDAY.isoformat()
    assert told == [
        f"{day} 10:00–11:00: 2 lacking",
        f"{day} 11:00–11:30: 1 lacking",
        f"{day} 14:00–14:30: 1 lacking",
    ]


def test_as_much_is_brought_in_at_once_as_keeps_nobody_waiting(
    run: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in (rosters, rosters_publish):
        monkeypatch.setattr(room, "MOST_DAYS", 1)
    path = table(
        tmp_path,
        ("number", MONDAY.isoformat()),
        ("1001", "day"),
        ("1002", "day"),
    )
    for how in ("--draft", "--publish"):
        code, _, err = run("import", "roster", str(path), how)
        assert (code, "[too_many_days]" in err) == (1, True)
    assert (in_force(data), drafted(data)) == ({}, 0)


def test_an_import_does_not_touch_drafts_where_it_is_refused(
    run: Run, data: Path, tmp_path: Path
) -> None:
    good = table(tmp_path, ("number", MONDAY.isoformat()), ("1001", "day"))
    assert run("import", "roster", str(good))[0] == 0
    bad = table(tmp_path, ("number", MONDAY.isoformat()), ("1001", "long"), name="bad.csv")
    assert "[roster_refused]" in run("import", "roster", str(bad), "--publish")[2]
    assert (drafted(data), in_force(data)) == (1, {})
    other = table(tmp_path, ("number", MONDAY.isoformat()), ("1001", "late"), name="late.csv")
    assert run("import", "roster", str(other), "--publish")[0] == 0
    assert (drafted(data), list(in_force(data).values())) == (0, [plan_of(LATE, MONDAY)])


def test_nobody_is_planned_who_may_not_sign_in(run: Run, data: Path, tmp_path: Path) -> None:
    disable(data, "1002")
    path = table(tmp_path, ("number", MONDAY.isoformat()), ("1001", "day"), ("1002", "day"))
    code, _, err = run("import", "roster", str(path))
    assert (code, err.startswith("Line 3, column day: 1002 is closed")) == (1, True), err


def test_a_year_without_known_holidays_is_told(run: Run) -> None:
    year = coming_monday().year + 2
    code, _, err = run("roster", "check", "--from", f"{year}-01-01", "--to", f"{year}-01-02")
    assert (code, f"public holidays of {year}" in err) == (0, True)
