"""What the documents say of the program: commands, keys, metrics and events are those that there
are, in both languages, and every link and picture exists."""

import contextlib
import io
import re
import shlex
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest

from agent_client import command_line
from agent_client.seat.place import SeatPlace, place_of
from agent_client.settings import Settings
from agent_client.terminal.keys import ACTIONS, Action, Mode, key_name
from agent_service import cli
from protocol.i18n import LANGUAGES, load
from protocol.i18n.arguments import Parser
from tests.architecture.sources import ROOT, files

DOCS = ROOT / "docs"
GUIDES = ("agent", "lead", "operator")
SUFFIX = {"en": "", "zh_CN": ".zh_CN"}
PAGES = sorted(
    [ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.glob("*.md"), *DOCS.glob("decisions/*.md")]
)
LINK = re.compile(r"\]\(([^)#\s]+)[^)\s]*\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`]+)`")
CLIENT, SERVICE = "agent-client", "agent-service"
PROGRAMS = {CLIENT: command_line.make_parser, SERVICE: cli.make_parser}
OF_LEADS = {"message", "ask", "reset-code"}
OF_DESKS = {"seat"}
"""Commands of `agent-client` that are the operator's business."""


@cache
def parser_of(program: str) -> Parser:
    """The program's own parser."""
    return PROGRAMS[program](load("en"))


def page(guide: str, language: str) -> str:
    """The text of a guide."""
    return (DOCS / f"{guide}{SUFFIX[language]}.md").read_text(encoding="utf-8")


def paths(parser: Parser, said: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of every command of a parser."""
    groups = [each for each in parser._actions if isinstance(each.choices, dict)]
    if not groups and said:
        yield said
    for group in groups:
        assert isinstance(group.choices, dict)
        for name, inner in group.choices.items():
            yield from paths(inner, (*said, name))


@cache
def commands(program: str) -> frozenset[str]:
    """Every command of a program, as it is typed."""
    return frozenset(" ".join(words) for words in paths(parser_of(program)))


def prose(text: str) -> str:
    """A page without its blocks of code."""
    return FENCE.sub("", text)


def shown(text: str) -> list[str]:
    """The command lines in a page's blocks of code."""
    lines = (line for _, block in FENCE.findall(text) for line in block.splitlines())
    return [line for line in lines if line.startswith(tuple(f"{name} " for name in PROGRAMS))]


def typed(text: str) -> list[list[str]]:
    """The words of all commands that a page names, with those of its blocks of code."""
    named = CODE.findall(prose(text).replace("\n", " "))
    lines = [each for each in named if each.startswith(tuple(f"{name} " for name in PROGRAMS))]
    return [shlex.split(line) for line in [*lines, *shown(text)]]


def groups_and(names: frozenset[str]) -> frozenset[str]:
    """Commands, the groups that hold some of them, and no command at all."""
    return names | {name.split()[0] for name in names} | {""}


def named(text: str) -> list[tuple[str, str]]:
    """The program and the command of all that a page names: as many words as are known."""
    found = []
    for program, *rest in typed(text):
        words = [word for word in rest if not word.startswith("-") and word not in LANGUAGES]
        pair = " ".join(words[:2])
        found.append((program, pair if pair in commands(program) else " ".join(words[:1])))
    return found


def is_of_leads(action: Action) -> bool:
    """Whether an action belongs to the floor, or to one person's page."""
    return Mode.DESK not in action.modes and Mode.SIGN_IN not in action.modes


def headings(text: str) -> list[int]:
    """The levels of a page's headings, in order."""
    lines = prose(text).splitlines()
    return [len(line) - len(line.lstrip("#")) for line in lines if line.startswith("#")]


def shape(text: str) -> list[str]:
    """What a page is made of, in order: headings, pictures, blocks of code, tables with rows."""
    parts = re.findall(r"^(#+ |!\[|```|\|)", text, re.MULTILINE)
    return [f"{part.strip()}{len(list(run))}" for part, run in groupby(parts)]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_and_pictures_exist(path: Path) -> None:
    links = LINK.findall(path.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (path.parent / link).exists()]
    assert not missing


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_placeholder_was_left(path: Path) -> None:
    assert "@@" not in path.read_text(encoding="utf-8")


def test_every_picture_is_shown_and_small() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in PAGES)
    for picture in (DOCS / "pictures").iterdir():
        assert picture.name in text, picture.name
        assert picture.stat().st_size < 200_000, picture.name


@pytest.mark.parametrize("guide", GUIDES)
def test_both_languages_have_the_same_parts(guide: str) -> None:
    english, chinese = (page(guide, language) for language in ("en", "zh_CN"))
    assert headings(english) == headings(chinese)
    assert shape(english) == shape(chinese)
    assert sorted(named(english)) == sorted(named(chinese))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_commands_in_blocks_are_understood(path: Path) -> None:
    for line in shown(path.read_text(encoding="utf-8")):
        program, *arguments = shlex.split(line, comments=True)
        complaint = io.StringIO()
        with contextlib.redirect_stderr(complaint):
            try:
                parser_of(program).parse_args(arguments)
            except SystemExit:
                pytest.fail(f"{line}\n{complaint.getvalue()}")


@pytest.mark.parametrize("guide", GUIDES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_commands_that_are_named_exist(guide: str, language: str) -> None:
    for program, name in named(page(guide, language)):
        assert any(known == name for known in groups_and(commands(program))), (program, name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_of_the_client_is_in_its_guide(language: str) -> None:
    guides = dict.fromkeys(commands(CLIENT), "agent")
    guides |= dict.fromkeys(OF_LEADS, "lead") | dict.fromkeys(OF_DESKS, "operator")
    texts = {guide: page(guide, language) for guide in GUIDES}
    missing = [name for name, guide in guides.items() if f"`{CLIENT} {name}`" not in texts[guide]]
    assert not missing


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_of_the_service_is_in_the_operators_guide(language: str) -> None:
    told = {name for program, name in named(page("operator", language)) if program == SERVICE}
    assert not commands(SERVICE) - told


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_every_key_is_in_its_guide_with_the_word_on_the_screen(
    action: Action, language: str
) -> None:
    keys = " ".join(f"**{key_name(key)}**" for key in action.keys)
    word = load(language).text(f"terminal.action.{action.name}")
    guide = "lead" if is_of_leads(action) else "agent"
    assert f"| {keys} | {word} |" in page(guide, language)


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> SeatPlace:
    """Where the seat of a desk without settings keeps its files."""
    for name in ("XDG_DATA_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/home/desk")
    return place_of(Settings(agent="1001"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_program_is_put_where_no_records_are(language: str, place: SeatPlace) -> None:
    unit = (ROOT / "config/systemd/seatline-seat@.service").read_text(encoding="utf-8")
    (started,) = re.findall(r"^ExecStart=%h(/\S+)", unit, re.MULTILINE)
    program = Path(f"/home/desk{started}").parents[2]
    kept = place.server_folder.parent
    assert not program.is_relative_to(kept)
    assert not kept.is_relative_to(program)
    text = page("operator", language)
    assert text.count(f"`~/{program.relative_to('/home/desk')}`") >= 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_operators_guide_names_the_folder_of_records(language: str, place: SeatPlace) -> None:
    kept = place.server_folder.parent.relative_to("/home/desk")
    assert place.identity == place.server_folder / "desk.json"
    assert place.records.parent == place.server_folder
    assert len(place.server_folder.name) == 8
    told = re.findall(r"`~/(\.local/(?:share|state)/[^`]*)`", page("operator", language))
    assert len(told) >= 4
    assert {each.rstrip("/") for each in told} == {str(kept)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_metric_is_in_the_operators_guide_and_no_other(language: str) -> None:
    source = (ROOT / "agent_service/metrics.py").read_text(encoding="utf-8")
    made = {
        name + {"_counter": "_total", "_info": "_info"}.get(kind, "")
        for kind, name in re.findall(r"(\w+)\(\s*\"(seatline_\w+)\"", source)
    }
    told = set(re.findall(r"`(seatline_\w+)`", page("operator", language)))
    assert told == {name.replace("refusals", "refusals_total") for name in made}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_event_of_the_log_is_in_the_operators_guide(language: str) -> None:
    sources = [(ROOT / path).read_text(encoding="utf-8") for path in files("agent_service")]
    events = {name for text in sources for name in re.findall(r"_log\.\w+\(\s*\"(\w+)\"", text)}
    told = set(CODE.findall(prose(page("operator", language))))
    assert events
    assert not events - told
