"""Tables of staff: read as people write them, all or nothing, and hostile text stays text."""

import csv
import json
import stat
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from agent_service import database, sheets
from agent_service.accounts import credentials
from agent_service.commands.ledger import verify
from tests.service.conftest import PASSWORD, SignedIn
from tests.service.operator import Operator

ENGLISH = ["number", "name", "role", "team", "line", "SIP user", "since", "until"]
CHINESE = ["工号", "姓名", "角色", "班组", "线路", "话机账号", "生效日期", "结束日期"]
WANG = ["5001", "王 芳", "座席, 组长", "夜班", "sales；service", "u5001", "2026/1/5", ""]
LI = ["5002", "Li Wei", "agent", "", "", "", "", ""]
BIG = 10_000
SECONDS = 60
"""For a large table; it takes a few on a quiet machine."""


def write_csv(path: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def write_excel(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


def bring_in(
    operator: Operator, data: Path, file: Path, *more: str, language: str = "en"
) -> tuple[int, str, str]:
    passwords = ("--passwords", str(file.with_name("passwords.csv")))
    place = ("--data", str(data), "--lang", language)
    return operator.run("import", "staff", str(file), *(more or passwords), *place)


def listed(operator: Operator, data: Path) -> dict[str, dict[str, object]]:
    _, out, _ = operator.run("user", "list", "--json", "--data", str(data))
    return {each["number"]: each for each in json.loads(out)}


@pytest.mark.parametrize("head", [ENGLISH, CHINESE], ids=["en", "zh_CN"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_is_read_in_either_language(
    operator: Operator, data: Path, tmp_path: Path, head: list[str], encoding: str
) -> None:
    file = write_csv(tmp_path / "staff.csv", [head, WANG, [], LI], encoding)
    code, out, err = bring_in(operator, data, file)
    assert (code, out) == (0, "5001\n5002\n"), err
    people = listed(operator, data)
    assert people["5001"] == {
        "number": "5001",
        "name": "王 芳",
        "roles": ["agent", "leader"],
        "team": "夜班",
        "lines": ["sales", "service"],
        "disabled": False,
    }
    assert people["5002"]["roles"] == ["agent"]
    with closing(database.open_reader(data / database.FILE)) as connection:
        assert credentials.find(connection, "5001").sip_user == "u5001"
    verify(data)


async def test_first_passwords_are_in_a_private_file_and_have_to_be_changed(
    operator: Operator, data: Path, tmp_path: Path, signed_in: SignedIn
) -> None:
    _, out, err = bring_in(operator, data, write_csv(tmp_path / "s.csv", [ENGLISH, WANG, LI]))
    file = tmp_path / "passwords.csv"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with file.open(encoding="utf-8-sig", newline="") as stream:
        head, *rows = csv.reader(stream)
    assert head == ["number", "name", "first password"]
    assert [row[:2] for row in rows] == [["5001", "王 芳"], ["5002", "Li Wei"]]
    client = await signed_in("1001")
    await client.sign_in("5001", rows[0][2], new_password=PASSWORD)
    assert client.signed_in.person.team == "夜班"
    assert rows[0][2] not in out + err
    assert file.read_bytes() not in b"".join(path.read_bytes() for path in data.iterdir())


def test_an_excel_sheet_is_read_with_its_numbers_and_days(
    operator: Operator, data: Path, tmp_path: Path
) -> None:
    row = [5001, "N", "agent", "A", "", 77, "2026-01-05", ""]
    code, out, err = bring_in(operator, data, write_excel(tmp_path / "s.xlsx", [CHINESE, row]))
    assert (code, out) == (0, "5001\n"), err
    with closing(database.open_reader(data / database.FILE)) as connection:
        assert credentials.find(connection, "5001").sip_user == "77"


def test_a_second_time_changes_nothing_and_a_third_what_is_new(
    operator: Operator, data: Path, tmp_path: Path
) -> None:
    file = write_csv(tmp_path / "s.csv", [CHINESE, WANG, LI])
    bring_in(operator, data, file)
    before = verify(data)
    assert operator.run("import", "staff", str(file), "--data", str(data))[0] == 0
    assert verify(data) == before
    write_csv(file, [["姓名", "工号", "角色", "线路"], ["王芳芳", "5001", "座席", "sales"]])
    assert operator.run("import", "staff", str(file), "--data", str(data))[0] == 0
    now = listed(operator, data)["5001"]
    assert (now["name"], now["roles"], now["lines"]) == ("王芳芳", ["agent"], ["sales"])
    assert now["team"] == "夜班"


def test_whoever_would_be_added_needs_a_file_for_the_passwords(
    operator: Operator, data: Path, tmp_path: Path
) -> None:
    file, before = write_csv(tmp_path / "s.csv", [ENGLISH, LI]), verify(data)
    code, out, err = operator.run("import", "staff", str(file), "--data", str(data))
    assert (code, out) == (1, "")
    assert "[passwords_file_needed]" in err
    (tmp_path / "passwords.csv").write_text("somebody's")
    assert "[file_exists]" in bring_in(operator, data, file)[2]
    assert (tmp_path / "passwords.csv").read_text() == "somebody's"
    assert verify(data) == before


def test_every_bad_cell_is_named_in_the_readers_language_and_nothing_is_kept(
    operator: Operator, data: Path, tmp_path: Path
) -> None:
    rows = [
        CHINESE,
        LI,
        ["50 01", "N", "agent"],
        ["5003", "a\x1b[31mb", "agent"],
        ["5004", "", "king"],
        ["5002", "N", "agent"],
        ["5005", "N", "agent", "", "", "", "2026-02-01", "2026-01-31"],
        ["5006", "N", "agent", "", "", "", "2026-02-30", ""],
        ["5007", "N", "agent", "x" * 65],
    ]
    before = verify(data)
    file = write_csv(tmp_path / "s.csv", rows)
    code, out, err = bring_in(operator, data, file, language="zh_CN")
    assert (code, out) == (1, "")
    faults = [line for line in err.splitlines() if line.startswith("第 ")]
    assert [fault.split("：")[0] for fault in faults] == [
        "第 3 行，工号 列",
        "第 4 行，姓名 列",
        "第 5 行，姓名 列",
        "第 5 行，角色 列",
        "第 6 行，工号 列",
        "第 7 行，结束日期 列",
        "第 8 行，生效日期 列",
        "第 9 行，班组 列",
    ]
    assert "第 2 行已有相同工号" in faults[4]
    assert "\x1b" not in err
    assert "[bad_sheet]" in err
    assert verify(data) == before
    assert not (tmp_path / "passwords.csv").exists()


def test_an_end_before_the_beginning_is_named(
    operator: Operator, data: Path, tmp_path: Path
) -> None:
    rows = [
        ENGLISH,
        ["5005", "N", "agent", "A", "", "", "2026-02-01", "2026-01-31"],
        ["5006", "N", "agent", "A", "", "", "", "2026-01-31"],
    ]
    _, _, err = bring_in(operator, data, write_csv(tmp_path / "s.csv", rows))
    assert "Line 2, column until: The end (2026-01-31)" in err
    assert "Line 3, column until: The end (2026-01-31)" in err


@pytest.mark.parametrize(
    ("head", "fault"),
    [
        (["number", "name"], "column role: This column is missing."),
        (
            ["number", "name", "role", "\x1b[2Jtem"],
            "column \\u{1b}[2Jtem: There is no such column.",
        ),
        (["number", "name", "role", "工号"], "column 工号: This column stands there twice."),
        ([], "column number: This column is missing."),
    ],
)
def test_a_heading_that_does_not_fit_is_named(
    operator: Operator, data: Path, tmp_path: Path, head: list[str], fault: str
) -> None:
    code, _, err = bring_in(operator, data, write_csv(tmp_path / "s.csv", [head, LI]))
    assert code == 1
    assert fault in err


@pytest.mark.parametrize(
    ("name", "content"),
    [("s.xlsx", b"no zip"), ("s.csv", b"\xff\xff\xff"), ("s.csv", b'"' + b"x" * 200_000)],
)
def test_what_is_no_table_is_refused_without_a_traceback(
    operator: Operator, data: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    code, out, err = bring_in(operator, data, tmp_path / name)
    assert (code, out) == (1, "")
    assert "[sheet_unreadable]" in err
    assert "[file_refused]" in bring_in(operator, data, tmp_path / "none.csv")[2]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_formulas_stay_text_all_the_way(
    operator: Operator, data: Path, tmp_path: Path, suffix: str
) -> None:
    hostile = ["5001", '=HYPERLINK("http://x","y")', "agent", "+1", "@sum"]
    file = write_csv(tmp_path / "s.csv", [ENGLISH[:5], hostile])
    assert bring_in(operator, data, file)[0] == 0
    exported = tmp_path / f"out{suffix}"
    code, _, _ = operator.run("export", "staff", str(exported), "--data", str(data))
    assert code == 0
    assert stat.S_IMODE(exported.stat().st_mode) == 0o600
    assert any(line.cells[:5] == tuple(hostile) for line in sheets.read(exported))
    before = verify(data)
    assert operator.run("import", "staff", str(exported), "--data", str(data))[0] == 0
    assert verify(data) == before


def test_what_stands_in_a_file_can_not_steer_the_terminal(
    operator: Operator, data: Path, tmp_path: Path
) -> None:
    file = write_csv(tmp_path / "s.csv", [ENGLISH[:3], ["5001", "N", "king\x1b[2J"]])
    code, _, err = bring_in(operator, data, file)
    assert code == 1
    assert "king\\u{1b}[2J" in err
    assert "\x1b" not in err


def test_an_exported_csv_holds_no_formula_and_an_exported_workbook_only_texts(
    tmp_path: Path,
) -> None:
    rows = [["=1+1", "-1", "+1", "@a", "\tb", "＝1", "plain"]]
    for name in ("a.csv", "a.xlsx"):
        (tmp_path / name).touch()
        sheets.write(tmp_path / name, rows, Path(name).suffix)
    text = (tmp_path / "a.csv").read_bytes().decode("utf-8-sig")
    assert text == "'=1+1,'-1,'+1,'@a,'\tb,'＝1,plain\r\n"
    workbook = CalamineWorkbook.from_path(str(tmp_path / "a.xlsx"))
    assert workbook.get_sheet_by_index(0).to_python() == rows


def test_a_file_that_is_there_is_not_written_over(
    operator: Operator, data: Path, tmp_path: Path
) -> None:
    (tmp_path / "out.csv").write_text("somebody's")
    code, _, err = operator.run("export", "staff", str(tmp_path / "out.csv"), "--data", str(data))
    assert code == 1
    assert "[file_exists]" in err
    assert (tmp_path / "out.csv").read_text() == "somebody's"


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_ten_thousand_rows_take_seconds(
    operator: Operator, data: Path, tmp_path: Path, suffix: str
) -> None:
    rows = [ENGLISH[:4], *([f"n{n}", f"Name {n}", "agent", f"T{n % 900}"] for n in range(BIG))]
    file = {".csv": write_csv, ".xlsx": write_excel}[suffix](tmp_path / f"s{suffix}", rows)
    began = time.monotonic()
    code, out, err = bring_in(operator, data, file)
    assert time.monotonic() - began < SECONDS
    assert (code, len(out.splitlines())) == (0, BIG), err
    verify(data)


@example(";;")
@example('";')
@given(st.text(max_size=20).filter(lambda text: text == text.strip() and "\x00" not in text))
def test_a_cell_survives_a_csv_file(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "cell.csv"
    sheets.write(path, [["x", text]], ".csv")
    assert sheets.read(path)[0].cells == ("x", text)
