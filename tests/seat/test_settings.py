"""Flags before the environment, the environment before the file."""

from pathlib import Path

import pytest

from agent_client.phone.engine import Sound
from agent_client.settings import DEFAULT_SERVER, Settings, load_settings
from protocol.wire.errors import Refused


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    return {"XDG_CONFIG_HOME": str(tmp_path / "config")}


def test_by_default_everything_is_local(home: dict[str, str]) -> None:
    assert load_settings({}, home) == Settings(server=DEFAULT_SERVER)


def test_the_nearer_wins(home: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "config" / "seatline" / "client.toml"
    file.parent.mkdir(parents=True)
    file.write_text('server = "ws://file"\nagent = "1"\n[phone]\nlisten_port = 5070\n')
    environment = {**home, "SEATLINE_SERVER": "ws://environment", "SEATLINE_SOUND": "none"}
    read = load_settings({"server": "ws://flag"}, environment)
    assert (read.server, read.agent) == ("ws://flag", "1")
    assert (read.phone.listen_port, read.phone.sound) == (5070, Sound.NONE)
    assert load_settings({}, environment).server == "ws://environment"
    assert load_settings({}, home).server == "ws://file"


@pytest.mark.parametrize("environment", [{"SEATLINE_SIP_PORT": "many"}, {"SEATLINE_SOUND": "loud"}])
def test_what_makes_no_sense_is_refused(home: dict[str, str], environment: dict[str, str]) -> None:
    with pytest.raises(Refused) as refused:
        load_settings({}, {**home, **environment})
    assert refused.value.code == "bad_setting"


def test_folders_follow_the_systems_conventions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/me")
    assert Settings().data_folder() == Path("/data/seatline")
    assert Settings().runtime_folder() == Path("/run/me/seatline")
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    assert Settings().runtime_folder() == Path("/data/seatline/run")
    given = Settings(data="/d", runtime="/r", desk_name="desk 7")
    assert (given.data_folder(), given.runtime_folder()) == (Path("/d"), Path("/r"))
    assert given.name_of_desk() == "desk 7"
    assert Settings().name_of_desk()
