"""The command line in the reader's language: its help, its complaints and their exit code."""

import re

import pytest

from protocol.i18n import LANGUAGES, load
from protocol.i18n.arguments import Parser

ARGPARSES_OWN = re.compile(
    r"usage:|optional arguments|show this help|required:|unrecognized|invalid|expected|choose from"
)


def parser(language: str) -> Parser:
    """A program `p` with one command `go`, which takes a number and an option."""
    made = Parser(load(language), "p", "Description.")
    go = made.command(made.commands("command"), "go", "Goes.")
    go.add_argument("number")
    go.add_argument("--to", choices=("here", "there"), metavar="TO")
    go.add_argument("--times", type=go.whole_number(1, 9))
    go.add_argument("--on", type=go.day)
    how = go.add_mutually_exclusive_group(required=True)
    how.add_argument("--fast", action="store_true")
    how.add_argument("--slow", action="store_true")
    return made


def printed(
    language: str, *arguments: str, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str, str]:
    """Exit code, standard output and standard error."""
    with pytest.raises(SystemExit) as ended:
        parser(language).parse_args(arguments)
    shown = capsys.readouterr()
    return int(str(ended.value.code)), shown.out, shown.err


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_right_is_parsed(language: str) -> None:
    asked = ["go", "7", "--to", "here", "--lang", "en", "--fast", "--times", "9"]
    parsed = parser(language).parse_args(asked)
    assert (parsed.command, parsed.number, parsed.to, parsed.lang) == ("go", "7", "here", "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("arguments", [["--help"], ["go", "--help"]])
def test_help_is_on_standard_output(
    language: str, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = printed(language, *arguments, capsys=capsys)
    assert (code, err) == (0, "")
    assert out.startswith(load(language).text("arguments.usage"))
    assert load(language).text("arguments.help") in out


def test_help_in_chinese_holds_no_word_of_argparses(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = printed("zh_CN", "go", "--help", capsys=capsys)
    assert not ARGPARSES_OWN.search(out)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "arguments",
    [
        ["go"],
        ["fly"],
        ["go", "7", "--to"],
        ["go", "7", "--to", "nowhere"],
        ["go", "7", "8"],
        ["go", "7", "--lang", "klingon"],
        ["go", "7"],
        ["go", "7", "--fast", "--slow"],
        *(["go", "7", "--fast", "--times", wrong] for wrong in ("0", "1e1", "NaN", "9" * 5000)),
        *(["go", "7", "--fast", "--on", wrong] for wrong in ("friday", "2026-02-30", "9" * 5000)),
    ],
)
def test_a_wrong_argument_is_two_lines_and_exit_2(
    language: str, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = printed(language, *arguments, capsys=capsys)
    assert (code, out) == (2, "")
    assert err.startswith(load(language).text("arguments.usage"))
    assert err.splitlines()[-1].startswith("p")


@pytest.mark.parametrize(
    "arguments",
    [["go"], ["fly"], ["go", "7", "--to"], ["go", "7", "--to", "nowhere"], ["go", "7", "8"]],
)
def test_a_complaint_in_chinese_holds_no_word_of_argparses(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    _, _, err = printed("zh_CN", *arguments, capsys=capsys)
    assert not ARGPARSES_OWN.search(err)
