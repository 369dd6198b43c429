"""Why a figure is what it is, at the command line, in both languages."""

import json
from datetime import date
from pathlib import Path

import pytest

from agent_service.commands.database import init
from protocol.facts.agent import Reason, State
from protocol.facts.attendance import MonthLocked, PresenceEvidenced, SubstituteNamed
from protocol.facts.correction import ExceptionDecided, ExceptionProposed, Overlay
from protocol.facts.session import LinkLost, SessionConfirmed
from protocol.facts.shift import IncidentConfirmed
from protocol.i18n import LANGUAGES
from tests.service.operator import Operator
from tests.service.shifts import NINE_TO_SIX, Shifts, at, enters, shifts_in

DAY = date(2025, 3, 3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """1001's shift, with an exception and a fault."""
    folder = tmp_path / "site"
    init(folder, "admin", lambda: "correct horse battery")
    with shifts_in(folder) as floor:
        floor.hire("1001", "1002")
        floor.now_ms = at("08:00", DAY)
        floor.plan("1001", NINE_TO_SIX, DAY)
        play(floor)
    return folder


def play(floor: Shifts) -> None:
    floor.begin("1001", "a")
    told = [
        (at("09:10", DAY), enters(State.READY)),
        (at("11:00", DAY), enters(State.NOT_READY, Reason.SYSTEM_FAULT)),
        (at("11:20", DAY), enters(State.READY)),
        (at("12:00", DAY), enters(State.NOT_READY, Reason.MEAL)),
        (at("13:00", DAY), enters(State.READY)),
        (at("17:00", DAY), enters(State.LOGGED_OFF)),
    ]
    floor.tell("a", told)
    span = ("e", "1001", DAY, at("17:00", DAY), at("18:00", DAY), Overlay.EXCLUDE)
    floor.record(
        ExceptionProposed(*span, "LEAVE", "dentist\x1b[2J", "1001"),
        ExceptionDecided("e", approved=True, actor="2001", text="granted"),
        IncidentConfirmed("i", at("11:00", DAY), at("12:00", DAY), "", "3001", "switch"),
    )
    floor.now_ms = at("20:00", DAY)


def explained(
    operator: Operator,
    folder: Path,
    figure: str,
    *more: str,
    language: str = "en",
    agent: str = "1001",
) -> str:
    code, out, err = operator.run(
        *("explain", figure, "--data", str(folder), "--agent", agent),
        *("--date", "2025-03-03", "--lang", language, *more),
    )
    assert (code, err) == (0, "")
    return out


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_state_that_goes_on_has_no_end_yet(
    operator: Operator, folder: Path, language: str
) -> None:
    with shifts_in(folder) as floor:
        floor.now_ms = at("14:00", DAY)
        floor.begin("1002", "b")
        floor.tell("b", [(at("14:00", DAY), enters(State.READY))])
        floor.tell("b", [(at("15:00", DAY), SessionConfirmed())])
        floor.record(MonthLocked("2025-03", "digest", "3001"))
    out = explained(operator, folder, "adherence", language=language, agent="1002")
    assert "14:00:00–…  " in out
    assert "––" not in out


def test_all_that_made_the_figure_is_told(operator: Operator, folder: Path) -> None:
    said = explained(operator, folder, "adherence")
    for part in (
        "Adherence of 1001 name 1001 on 2025-03-03 (Asia/Shanghai)",
        "No. 1 (roster published): 09:00:00–12:00:00 Work",
        "09:10:00–11:00:00  Ready  (test, 1001)",
        "17:00:00–18:00:00  exclude, Leave: approved  [e]",
        "proposed by 1001, 2025-03-03",
        "decided by 2001, 2025-03-03 17:00:00: granted",
        "incident confirmed by 3001: switch  [i]",
        "09:00:00–09:10:00  0:10:00  Work / nothing",
        "planned 9:00:00 − excluded 1:20:00",
        "adherence: 97.83 %",
        "without exceptions and corrections: 83.33 %",
        "version ",
        "grace 60 s",
    ):
        assert part.replace("nothing", "Signed out: out") in said
    assert "\x1b" not in said


@pytest.mark.parametrize("figure", ["adherence", "attendance"])
def test_the_same_is_told_in_chinese(operator: Operator, folder: Path, figure: str) -> None:
    english = explained(operator, folder, figure).splitlines()
    chinese = explained(operator, folder, figure, language="zh_CN").splitlines()
    assert len(english) == len(chinese)
    assert "剔除，请假：已批准" in "\n".join(chinese)


def test_the_same_as_json(operator: Operator, folder: Path) -> None:
    told = json.loads(explained(operator, folder, "adherence", "--json"))
    figure = told["figure"]
    assert figure["in_adherence_s"] + figure["out_of_adherence_s"] == (
        figure["scheduled_s"] - figure["excluded_s"]
    )
    assert {each["exception"] for each in told["exceptions"]} >= {"e"}
    assert [row["code"] for row in told["attendance"]] == ["LATE"]


def test_attendance_is_explained_with_what_leads_said(operator: Operator, folder: Path) -> None:
    said = explained(operator, folder, "attendance")
    assert "late 0:10:00, early 0:00:00" in said
    assert "tolerance 60 s" in said
    with shifts_in(folder) as floor:
        floor.record(PresenceEvidenced("1001", DAY, at("08:59", DAY), None, "2001", "PC broken"))
        floor.record(MonthLocked("2025-03", "digest", "3001"))
    said = explained(operator, folder, "attendance")
    assert "a lead saw the person: PC broken" in said
    assert "The month is locked" in said


def test_a_substitute_is_named(operator: Operator, folder: Path) -> None:
    with shifts_in(folder) as floor:
        floor.record(SubstituteNamed("1001", DAY, "1002", "2001", "ill"))
    said = explained(operator, folder, "attendance")
    assert "worked by 1002, whose result it is; on the word of 2001: ill" in said
    owners = explained(operator, folder, "adherence")
    assert "was worked by 1002: on the word of 2001" in owners
    assert "adherence: –" in owners
    theirs = explained(operator, folder, "adherence", agent="1002")
    assert "the shift of 1001, 09:00:00–12:00:00 Work" in theirs
    assert "planned 9:00:00" in theirs
    result = explained(operator, folder, "attendance", agent="1002")
    assert "the shift of 1001, in whose place it was worked" in result


def test_unknown_time_is_told_as_a_range(operator: Operator, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    init(folder, "admin", lambda: "correct horse battery")
    with shifts_in(folder) as floor:
        floor.hire("1001")
        floor.now_ms = at("08:00", DAY)
        floor.plan("1001", NINE_TO_SIX, DAY)
        floor.begin("1001", "a")
        floor.tell("a", [(at("09:00", DAY), enters(State.READY))])
        floor.record(LinkLost("1001", "a", at("11:00", DAY)))
    said = explained(operator, folder, "adherence")
    assert "nobody knows" in said
    assert "counts against nobody until it is settled" in said


@pytest.mark.parametrize(
    ("agent", "day", "code"), [("9999", "2025-03-03", 1), ("1001", "9999-12-31", 1)]
)
def test_what_can_not_be_explained(
    operator: Operator, folder: Path, agent: str, day: str, code: int
) -> None:
    told = ("explain", "adherence", "--data", str(folder), "--agent", agent, "--date", day)
    assert operator.run(*told)[0] == code
