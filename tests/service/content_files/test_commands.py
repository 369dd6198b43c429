"""`import contents` and `export contents`: all or nothing, versions of what differs, and back."""

import shutil
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent_service import cli, database
from agent_service.commands.ledger import verify
from agent_service.documents import store
from protocol.facts.document import DocumentKind, TrainingContent, TrainingType
from tests.service.documents.written import content, write
from tests.service.operator import Operator

FILES = {
    "业务培训/02-退费.md": "# 退费流程\n\n先核对。",
    "业务培训/01-开场.md": "---\nkeywords: 开场\nremark: 短\n---\n# 开场白\n\n您好。",
    "礼仪/a.md": "---\ntitle: 倾听\nplace: 7\n---\n不打断。",
    "top.md": "---\ntype: 礼仪\n---\n# 结束语\n",
}
ENGLISH = ["title", "type", "keywords", "place", "remark", "text"]
CHINESE = ["标题", "类型", "关键字", "排序", "备注", "具体内容"]


def run(operator: Operator, data: Path, command: str, path: Path) -> tuple[int, str, str]:
    place = ("--data", str(data), "--lang", "en")
    return operator.run(command, "contents", str(path), *place)


def folder(place: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return place


def table(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


def types(data: Path) -> dict[str, str]:
    """Their names by document."""
    with closing(database.open_reader(data / database.FILE)) as connection:
        rows = store.by_kind(connection, DocumentKind.TRAINING_TYPE)
    return {row.document: row.name for row in rows}


def contents(data: Path) -> dict[tuple[str, str], tuple[int, TrainingContent]]:
    """Versions and bodies by type and name."""
    named, found = types(data), {}
    with closing(database.open_reader(data / database.FILE)) as connection:
        for row in store.by_kind(connection, DocumentKind.TRAINING_CONTENT):
            body = row.read()
            assert isinstance(body, TrainingContent)
            found[named[body.type], body.name] = (row.version, body)
    return found


def test_a_folder_makes_its_types_and_contents_and_a_second_time_changes_nothing(
    operator: Operator, data: Path, tmp_path: Path
) -> None:
    source = folder(tmp_path / "in", FILES)
    code, out, err = run(operator, data, "import", source)
    assert (code, out) == (0, "")
    assert err.startswith("4 contents and 2 types added, 0 contents have another version; 0 were")
    told = contents(data)
    assert {key: body.place for key, (_, body) in told.items()} == {
        ("业务培训", "开场白"): 1,
        ("业务培训", "退费流程"): 2,
        ("礼仪", "结束语"): 1,
        ("礼仪", "倾听"): 7,
    }
    assert told["业务培训", "开场白"][1].keywords == ("开场",)
    before = verify(data)
    assert "0 contents and 0 types added, 0" in run(operator, data, "import", source)[2]
    assert verify(data) == before


def test_what_differs_is_another_version_and_what_is_not_said_stays(
    operator: Operator, data: Path, tmp_path: Path
) -> None:
    source = folder(tmp_path / "in", FILES)
    run(operator, data, "import", source)
    folder(
        source, {"业务培训/00-新.md": "# 新\n新。", "业务培训/01-开场.md": "# 开场白\n\n早上好。"}
    )
    err = run(operator, data, "import", source)[2]
    assert err.startswith("1 contents and 0 types added, 1 contents have another version; 3 were")
    version, body = contents(data)["业务培训", "开场白"]
    assert (version, body.text, body.place) == (2, "# 开场白\n\n早上好。", 1)
    assert (body.keywords, body.remark) == (("开场",), "短")
    folder(source, {"业务培训/01-开场.md": "---\nkeywords:\n---\n# 开场白\n\n早上好。"})
    run(operator, data, "import", source)
    version, body = contents(data)["业务培训", "开场白"]
    assert (version, body.keywords, body.remark) == (3, (), "短")


def test_names_are_the_same_whatever_their_case_and_width(
    operator: Operator, data: Path, tmp_path: Path
) -> None:
    (row,) = write(data, [TrainingType("Fees")])
    write(data, [content(row.document, "Ｒefund")], "more")
    source = folder(tmp_path / "in", {"FEES/a.md": "---\ntitle: refund\n---\nNew."})
    assert "0 contents and 0 types added, 1" in run(operator, data, "import", source)[2]
    assert contents(data)["Fees", "refund"][0] == 2


def test_every_fault_is_named_with_its_file_and_nothing_is_kept(
    operator: Operator, data: Path, tmp_path: Path
) -> None:
    source = folder(
        tmp_path / "in",
        {
            "a/1.md": "# One\n",
            "a/2.md": "# one\n",
            "a/3.md": "---\ntitle: Three\n---\n",
            "b.md": "# Two",
            "c.txt": "no Markdown",
        },
    )
    before = verify(data)
    code, out, err = run(operator, data, "import", source)
    assert (code, out) == (1, "")
    assert err.splitlines() == [
        "c.txt, line 1: It is no Markdown file (.md) and was passed over.",
        "a/2.md, line 1: The same name and type stand in a/1.md already.",
        "a/3.md, line 1: This can't be kept (text): words are needed here. Nothing was changed.",
        "b.md, line 1: It says no type: put the file into a folder that is named for the type, or"
        " write a line type: at its beginning.",
        f"agent-service: {source} holds 3 faults; nothing was changed."
        " Mend them and import again. [bad_sheet]",
    ]
    assert verify(data) == before


@pytest.mark.parametrize("head", [ENGLISH, CHINESE], ids=["en", "zh_CN"])
def test_a_table_is_read_in_either_language(
    operator: Operator, data: Path, tmp_path: Path, head: list[str]
) -> None:
    rows = [
        head,
        ["开场白", "礼仪", "开场、问候", 5, "短", "您好。\n请讲。"],
        ["x", "y", "", "", "", "z"],
    ]
    assert run(operator, data, "import", table(tmp_path / "c.xlsx", rows))[0] == 0
    _, body = contents(data)["礼仪", "开场白"]
    assert (body.keywords, body.place, body.remark) == (("开场", "问候"), 5, "短")
    assert body.text == "您好。\n请讲。"
    assert contents(data)["y", "x"][1].place == 1


def test_every_bad_row_of_a_table_is_named(operator: Operator, data: Path, tmp_path: Path) -> None:
    rows = [
        CHINESE,
        ["a", "", "", "x", "", "t"],
        ["b", "t", "", "", "", "t"],
        ["B", "t", "", "", "", "u"],
    ]
    code, _, err = run(operator, data, "import", table(tmp_path / "c.xlsx", rows))
    assert code == 1
    assert err.splitlines()[:3] == [
        "Line 2, column 类型: Nothing stands here.",
        "Line 2, column 排序: x is no place: give a whole number such as 10.",
        "Line 4: The same name and type stand in line 3 already.",
    ]


@pytest.mark.parametrize("target", ["out", "out.xlsx"])
def test_what_was_written_makes_the_same_contents_elsewhere(
    operator: Operator, data: Path, tmp_path: Path, target: str
) -> None:
    other = Path(shutil.copytree(data, tmp_path / "other"))
    names = {"甲/../乙": "a", "con:*?": "b", "_": "c", "甲_乙": "d"}
    rows = write(data, [TrainingType(name, 3) for name in names])
    bodies = [
        content(
            row.document, f"{number}/{row.name}\\", keywords=("a,b", "c"), remark="x\ny", place=9
        )
        for number, row in enumerate(rows)
    ]
    write(data, bodies, "more")
    code, _, err = run(operator, data, "export", tmp_path / target)
    assert (code, err.split(" ")[0]) == (0, "4")
    assert run(operator, other, "import", tmp_path / target)[0] == 0
    assert {key: body.text for key, (_, body) in contents(other).items()} == {
        key: body.text for key, (_, body) in contents(data).items()
    }
    assert "0 contents and 0 types added, 0" in run(operator, data, "import", tmp_path / target)[2]


def test_a_text_that_no_cell_holds_is_left_out_and_named(
    operator: Operator, data: Path, tmp_path: Path
) -> None:
    (row,) = write(data, [TrainingType("长")])
    write(data, [content(row.document, "长文", text="长" * 40_000)], "more")
    code, _, err = run(operator, data, "export", tmp_path / "c.xlsx")
    assert code == 0
    assert err.splitlines()[0].startswith("“长文” is longer than the 32767 characters")
    assert err.splitlines()[1].startswith("0 contents written")
    assert run(operator, data, "export", tmp_path / "out")[2].startswith("1 contents written")


@pytest.mark.parametrize("target", ["there", "there.xlsx"])
def test_nothing_is_written_over(
    operator: Operator, data: Path, tmp_path: Path, target: str
) -> None:
    folder(tmp_path / target, {"a": "somebody's"})
    assert "[file_exists]" in run(operator, data, "export", tmp_path / target)[2]
    assert "[file_refused]" in run(operator, data, "export", tmp_path / "no" / target)[2]
    assert [path.name for path in (tmp_path / target).iterdir()] == ["a"]


@pytest.mark.parametrize(
    ("name", "code"), [("c.docx", "unknown_file_format"), ("none", "file_refused")]
)
def test_what_can_not_be_read_is_refused(
    operator: Operator, data: Path, tmp_path: Path, name: str, code: str
) -> None:
    folder(tmp_path, {"c.docx": "x"})
    assert f"[{code}]" in run(operator, data, "import", tmp_path / name)[2]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=40))
def test_whatever_stands_in_files_is_contents_or_a_refusal(
    data: Path, tmp_path: Path, content: bytes
) -> None:
    source, sheet = tmp_path / "fuzz" / "t" / "a.md", tmp_path / "fuzz.xlsx"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_bytes(content)
    sheet.write_bytes(b"PK\x03\x04" + content)
    for path in (source.parent.parent, sheet):
        assert cli.run(["import", "contents", str(path), "--data", str(data)], {}) in (0, 1)
