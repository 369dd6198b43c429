"""Folder, terminal and programs, with real breakage."""

import os
import pty
import sys
import threading
from pathlib import Path

import pytest

from agent_client.doctor import programs, screen
from agent_client.doctor.finding import Found
from agent_client.doctor.records import records
from agent_client.seat.place import make_folders, place_of
from agent_client.settings import Settings


def settings(folder: Path) -> Settings:
    return Settings(agent="1001", data=str(folder), runtime=str(folder / "run"))


async def codes(folder: Path) -> list[Found]:
    return [finding.code for finding in await records(settings(folder))]


async def test_a_private_folder_with_room_is_fine(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    assert (await codes(folder))[0] is Found.FOLDER_TO_COME
    folder.mkdir(mode=0o700)
    make_folders(place_of(settings(folder)))
    assert (await codes(folder))[0] is Found.FOLDER_FINE


async def test_a_folder_that_others_can_look_into_is_named(tmp_path: Path) -> None:
    make_folders(place_of(settings(tmp_path)))
    place_of(settings(tmp_path)).records.chmod(0o755)
    assert (await codes(tmp_path))[0] is Found.FOLDER_OPEN


async def test_a_file_where_the_folder_should_be_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert await codes(tmp_path / "file" / "data") == [Found.FOLDER_UNWRITABLE]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no folder that nobody can write")
async def test_a_folder_that_nobody_can_write(tmp_path: Path) -> None:
    assert await codes(Path("/proc/self")) == [Found.FOLDER_UNWRITABLE]


async def test_this_python_is_one_that_the_phone_library_is_made_for() -> None:
    assert [finding.code for finding in await programs.python()] == [Found.PYTHON_FINE]


async def test_the_phone_library_says_what_its_tls_is() -> None:
    library, tls = await programs.phone_library()
    assert library.code is Found.PHONE_LIBRARY
    assert library.params["version"]
    assert tls.code in (Found.PHONE_TLS, Found.PHONE_TLS_OLD, Found.PHONE_TLS_NONE)


async def test_a_phone_library_that_ends_its_process_is_a_finding(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "pjsua2.py").write_text("import os\nos.abort()\n")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{Path.cwd()}")
    assert [each.code for each in await programs.phone_library()] == [Found.PHONE_LIBRARY_BROKEN]


async def test_portaudio_missing_is_told_apart_from_no_device(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake = tmp_path / "sounddevice.py"
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{Path.cwd()}")
    fake.write_text("raise OSError('PortAudio library not found')\n")
    (finding,) = await programs.sound()
    assert finding.code is Found.NO_PORTAUDIO
    assert "PortAudio" in finding.params["detail"]
    fake.write_text(
        "class PortAudioError(Exception): pass\n"
        "def query_devices(kind):\n    raise PortAudioError\n"
    )
    assert [each.code for each in await programs.sound()] == [
        Found.NO_MICROPHONE,
        Found.NO_LOUDSPEAKER,
    ]
    fake.write_text(
        "class PortAudioError(Exception): pass\n"
        "def query_devices(kind):\n    return {'name': 'Headset ' + kind}\n"
    )
    (finding,) = await programs.sound()
    assert finding.params == {"input": "Headset input", "output": "Headset output"}


@pytest.mark.parametrize(
    ("columns", "lines", "code"),
    [
        (80, 24, Found.TERMINAL_SIZE),
        (79, 24, Found.TERMINAL_SMALL),
        (80, 23, Found.TERMINAL_SMALL),
        (200, 50, Found.TERMINAL_SIZE),
    ],
)
def test_the_size(columns: int, lines: int, code: Found) -> None:
    assert screen.size_finding(columns, lines).code is code


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({"TERM": "xterm-256color"}, Found.COLOURS),
        ({"TERM": "xterm"}, Found.COLOURS),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, Found.TRUE_COLOUR),
        ({"TERM": "dumb"}, Found.NO_COLOURS),
        ({"TERM": "xterm", "NO_COLOR": "1"}, Found.NO_COLOURS),
        ({}, Found.NO_COLOURS),
    ],
)
def test_the_colours(environment: dict[str, str], code: Found) -> None:
    assert screen.colours_finding(environment).code is code


@pytest.mark.parametrize(
    ("reply", "column"), [(b"\x1b[3;5R", 5), (b"x\x1b[3;3R", 3), (b"\x1b[3", None)]
)
def test_the_terminal_is_asked_where_its_cursor_is(
    monkeypatch: pytest.MonkeyPatch, reply: bytes, column: int | None
) -> None:
    ours, theirs = pty.openpty()
    monkeypatch.setattr(screen, "REPLY_S", 0.3)
    monkeypatch.setattr("sys.stdin", os.fdopen(theirs, "r", closefd=False))
    monkeypatch.setattr("sys.stdout", os.fdopen(os.dup(theirs), "w"))

    def answer() -> None:
        seen = b""
        while b"\x1b[6n" not in seen:
            seen += os.read(ours, 100)
        os.write(ours, reply)

    terminal = threading.Thread(target=answer)
    terminal.start()
    try:
        assert screen._column_after_sample() == column
    finally:
        terminal.join()
        sys.stdin.close()
        sys.stdout.close()
        os.close(ours)
        os.close(theirs)


def test_two_cells_are_right_and_anything_else_is_not() -> None:
    assert screen.cells_finding(5).code is Found.WIDE_CELLS
    assert screen.cells_finding(3).code is Found.WIDE_CELLS_WRONG
    assert screen.cells_finding(None).code is Found.WIDE_CELLS_UNKNOWN
