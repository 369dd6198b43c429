"""Where a seat's files are, and that nobody else can look into them."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_client.seat.place import (
    Contact,
    contacts,
    make_private,
    place_of,
    write_private,
)
from agent_client.settings import Settings
from protocol.wire.errors import Refused


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@given(st.lists(st.text(min_size=1, max_size=32), min_size=2, max_size=2, unique=True))
def test_two_people_never_share_a_place(agents: list[str]) -> None:
    first, second = (place_of(Settings(agent=agent, data="/d", runtime="/r")) for agent in agents)
    assert first.records != second.records
    assert {first.contact, first.socket}.isdisjoint({second.contact, second.socket})
    assert first.identity == second.identity


@given(st.text(max_size=32))
def test_a_place_never_leaves_its_folder(agent: str) -> None:
    place = place_of(Settings(agent=agent, data="/d", runtime="/r"))
    assert place.records.parent == place.server_folder
    assert os.path.normpath(place.records) == str(place.records)
    assert place.socket.parent == Path("/r")


def test_two_services_never_share_a_place() -> None:
    first, second = (
        place_of(Settings(server=server, agent="1", data="/d", runtime="/r"))
        for server in ("ws://a:1", "ws://b:1")
    )
    assert first.records != second.records
    assert first.socket != second.socket
    assert first.identity != second.identity


def refusal(folder: Path) -> str:
    with pytest.raises(Refused) as refused:
        make_private(folder)
    return refused.value.code


def test_a_folder_is_made_private_and_an_open_one_refused_as_it_is(tmp_path: Path) -> None:
    make_private(tmp_path / "new" / "deep")
    assert mode(tmp_path / "new" / "deep") == 0o700
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o755)
    assert refusal(tmp_path / "open") == "folder_not_private"
    assert mode(tmp_path / "open") == 0o755


def test_somebody_elses_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "theirs").mkdir(mode=0o700)
    somebody = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: somebody)
    assert refusal(tmp_path / "theirs") == "folder_not_private"


def test_a_folder_that_can_not_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert refusal(tmp_path / "file" / "in it") == "disk_failed"


def test_a_file_is_replaced_whole_and_is_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        for content in (b"a long content", b"short"):
            write_private(tmp_path / "x.json", content)
            assert (tmp_path / "x.json").read_bytes() == content
    finally:
        os.umask(before)
    assert mode(tmp_path / "x.json") == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["x.json"]


def test_what_is_no_contact_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{")
    (tmp_path / "b.json").write_text('{"server":"s","agent":"1","pid":7,"port":9}')
    (tmp_path / "c.json").mkdir()
    assert list(contacts(tmp_path)) == [Contact("s", "1", 7, port=9)]
    assert list(contacts(tmp_path / "nowhere")) == []
