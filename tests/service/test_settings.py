"""Settings: flags before variables before the file, and nothing that nobody knows."""

import tomllib
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from agent_service import settings
from agent_service.settings import Settings
from protocol.wire.errors import Refused

SHIPPED = Path(__file__).parents[2] / "config" / "service.toml"

TWO_LINES = """
[[lines]]
name = "a"
labels = {{}}
called = ["1"]
[[lines]]
name = "{}"
labels = {{en = "B", zh_CN = "乙"}}
called = ["{}"]
outcomes = [{{code = "x", labels = {{}}}}, {{code = '{}', labels = {{}}}}]
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "service.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_anything_they_are_the_defaults() -> None:
    assert settings.load(None, {}, {}) == Settings()


def test_the_shipped_file_names_every_setting_with_its_default() -> None:
    shipped = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    lists = ("lines", "patterns", "rotations", "requirements", "holidays", "breaks")
    defaults = msgspec.json.encode(Settings(), order="deterministic")
    assert shipped | {name: [] for name in lists} == msgspec.json.decode(defaults)
    assert settings.load(SHIPPED, {}, {}) == Settings()


def test_every_shipped_setting_is_explained() -> None:
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    for before, line in pairwise(lines):
        assert " = " not in line or line.startswith("#") or before.startswith("#"), line


def test_flags_go_before_variables_and_variables_before_the_file(tmp_path: Path) -> None:
    file = write(tmp_path, "[listen]\nport = 1\nhost = '127.0.0.2'\n[state]\nring_timer_s = 5\n")
    variables = {
        "SEATLINE_LISTEN_PORT": "2",
        "SEATLINE_LISTEN_HOST": "127.0.0.3",
        "SEATLINE_SITE_OFFLINE_AFTER_S": "1.5",
        "SEATLINE_LANG": "en",
    }
    loaded = settings.load(file, variables, {"listen.port": "3"})
    assert (loaded.listen.port, loaded.listen.host) == (3, "127.0.0.3")
    assert loaded.site.offline_after_s == 1.5
    assert loaded.state.ring_timer_s == 5


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("colour = 'red'", "colour"),
        ("[state]\nring_timer = 5", "state.ring_timer"),
        ("[state]\nring_timer_s = 'soon'", "state.ring_timer_s"),
        ("[listen]\nport = 70000", "listen.port"),
        ("[listen]\nport = -1", "listen.port"),
        ("listen = 7420", "listen"),
        ("[site]\nzone = 'Mars/Olympus'", "site.zone"),
        ("[site]\nzone = '../../etc/passwd'", "site.zone"),
        ("[site]\noffline_after_s = 0", "site.offline_after_s"),
        ("[site]\noffline_after_s = inf", "site.offline_after_s"),
        ("[sip]\ntransport = 'pigeon'", "sip.transport"),
        ("[sign_in]\ncode_hours = inf", "sign_in.code_hours"),
        ("[sign_in]\ntoken_hours = nan", "sign_in.token_hours"),
        ("[state]\nring_timer_s = 0", "state.ring_timer_s"),
        ("[state]\nacw_limit_s = -1", "state.acw_limit_s"),
        ("[adherence]\nacw_limit_s = 120", "adherence.acw_limit_s"),
        ("[adherence.acw_limits_s]\nsales = 9", "adherence.acw_limits_s"),
        ("[feed]\ninterval_ms = 100000000", "feed.interval_ms"),
        ("[orders]\nforce_minutes = 0", "orders.force_minutes"),
        ("[site]\noffline_signout_s = 0", "site.offline_signout_s"),
        ("[sip]\nservice_codes = '*97'", "sip.service_codes"),
        ("lines = 'service'", "lines"),
        ("[[lines]]\nname = 'a'\nlabels = {}\ncolour = 'red'", "lines[0].colour"),
        ("[[lines]]\nname = ''\nlabels = {}", "lines[0].name"),
        ("[[lines]]\nname = 'a'\nlabels = {}\nring_timer_s = 0", "lines[0].ring_timer_s"),
        ("[[lines]]\nname = 'a'\nlabels = {en = 'A', fr = 'A'}", "lines[0].labels.fr"),
        (TWO_LINES.format("a", "2", "y"), "lines[1].name"),
        (TWO_LINES.format("b", "1", "y"), "lines[1].called[0]"),
        (TWO_LINES.format("b", "2", "x"), "lines[1].outcomes[1].code"),
        (TWO_LINES.format("b", "2", "y', label='"), "lines[1].outcomes[1].label"),
    ],
)
def test_a_setting_that_is_wrong_is_named(tmp_path: Path, text: str, name: str) -> None:
    with pytest.raises(Refused) as refused:
        settings.load(write(tmp_path, text), {}, {})
    assert (refused.value.code, refused.value.params["name"]) == ("bad_setting", name)


@pytest.mark.parametrize("text", ["[", "\x00"])
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(Refused) as refused:
        settings.load(path, {}, {})
    assert refused.value.params["name"] == str(path)
    with pytest.raises(Refused):
        settings.load(tmp_path / "missing.toml", {}, {})


def test_the_data_folder_is_the_users_own_unless_told() -> None:
    told = settings.load(None, {"SEATLINE_DATA": "/srv/seatline"}, {})
    assert settings.data_folder(told, {}) == Path("/srv/seatline")
    state = settings.data_folder(Settings(), {"XDG_STATE_HOME": "/home/op/state"})
    assert state == Path("/home/op/state/seatline/service")
    assert settings.data_folder(Settings(), {}).is_relative_to(Path.home())


def test_lines_are_read_in_their_order(tmp_path: Path) -> None:
    loaded = settings.load(write(tmp_path, TWO_LINES.format("b", "2", "y")), {}, {})
    assert [line.name for line in loaded.lines] == ["a", "b"]
    assert [item.code for item in loaded.lines[1].outcomes] == ["x", "y"]


def test_the_demonstrations_lines_have_labels_in_both_languages() -> None:
    lines = settings.load(SHIPPED.with_name("demo-service.toml"), {}, {}).lines
    codes = [each for line in lines for each in (*line.categories, *line.outcomes, *line.actions)]
    assert [line.name for line in lines] == ["service", "complaints"]
    assert all(set(each.labels) == {"en", "zh_CN"} for each in (*lines, *codes))


def test_the_shipped_example_of_lines_can_be_used(tmp_path: Path) -> None:
    shipped = SHIPPED.read_text(encoding="utf-8")
    example = shipped[shipped.index("# [[lines]]") :].replace("\n# ", "\n").removeprefix("# ")
    loaded = settings.load(write(tmp_path, example.replace("\n#\n", "\n")), {}, {})
    assert [line.name for line in loaded.lines] == ["service", "complaints"]
    assert all(set(line.labels) == {"en", "zh_CN"} for line in loaded.lines)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("cap = 0", "breaks[0].cap"),
        ('cap = 1\nreasons = ["REST", "PERSONAL"]', "breaks[0].reasons[1]"),
        ('cap = 1\nreasons = ["AWAY"]', "breaks[0].reasons[0]"),
        ("cap = 1\nreasons = []", "breaks[0].reasons"),
        ('cap = 1\nteam = "A"\n[[breaks]]\ncap = 2\nteam = "A"', "breaks[1].team"),
    ],
)
def test_a_queue_for_breaks_that_can_t_be_kept_is_refused(
    tmp_path: Path, text: str, place: str
) -> None:
    with pytest.raises(Refused) as refused:
        settings.load(write(tmp_path, f"[[breaks]]\n{text}\n"), {}, {})
    assert (refused.value.code, refused.value.params["name"]) == ("bad_setting", place)


def test_a_queue_for_breaks_has_defaults(tmp_path: Path) -> None:
    (rule,) = settings.load(write(tmp_path, "[[breaks]]\ncap = 2\n"), {}, {}).breaks
    assert (rule.team, rule.reasons, rule.grant_s, rule.max_wait_minutes) == (
        "",
        ("REST",),
        120,
        20,
    )
    assert (rule.service_level_pct, rule.service_level_s) == (80, 20)
