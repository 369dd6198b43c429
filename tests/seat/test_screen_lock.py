"""A locked screen: nobody's READY, whoever locked it."""

import asyncio
import os
from pathlib import Path

import pytest

from agent_client.seat.screen_lock import ScreenLock, session_path
from protocol.facts.agent import DeskLocked, Reason, State
from tests.seat.rig import NUMBER, Rig, play, refusal, turns
from tests.seat.test_desk import entered
from tests.seat.test_standing import restart

PATH = b"/org/freedesktop/login1/session/_32: org.freedesktop.DBus.Properties.PropertiesChanged "
LOCKED = PATH + b"('org.freedesktop.login1.Session', {'LockedHint': <true>}, @as [])\n"
OPENED = PATH + b"('org.freedesktop.login1.Session', {'LockedHint': <false>}, @as [])\n"
IDLE = PATH + b"('org.freedesktop.login1.Session', {'IdleHint': <true>}, @as [])\n"
ON, OFF = DeskLocked(locked=True), DeskLocked(locked=False)


def test_locking_ends_ready_and_opening_does_not_bring_it_back(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        rig.desk.lock()
        away = entered(State.NOT_READY, "screen_locked", reason=Reason.AWAY, actor=NUMBER)
        assert rig.new_facts() == [ON, away]
        assert refusal(rig.desk.ready) == "locked"
        assert refusal(lambda: rig.desk.dial("sip:a@b.invalid")) == "locked"
        rig.desk.unlock()
        assert (rig.new_facts(), rig.state) == ([OFF], State.NOT_READY)
        rig.desk.ready()
        assert rig.state is State.READY

    play(tmp_path, story)


def test_locking_twice_is_locking_once(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.sign_in()
        rig.new_facts()
        rig.desk.lock()
        rig.desk.lock()
        rig.desk.unlock()
        rig.desk.unlock()
        assert rig.new_facts() == [ON, OFF]

    play(tmp_path, story)


def test_nobody_locks_before_signing_in(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        assert refusal(rig.desk.lock) == "not_signed_in"
        assert refusal(rig.desk.unlock) == "not_signed_in"

    play(tmp_path, story)


def test_a_call_goes_on_behind_a_locked_screen_and_leads_to_away(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        await rig.talking()
        rig.desk.lock()
        assert (rig.state, rig.new_facts()) == (State.TALK, [ON])
        await rig.done(rig.desk.hang_up())
        rig.desk.acw_done()
        assert (rig.state, rig.standing.agent.reason) == (State.NOT_READY, Reason.AWAY)

    play(tmp_path, story)


def test_signing_out_opens_the_screen_for_the_next(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.sign_in()
        rig.desk.lock()
        rig.desk.sign_out()
        assert not rig.standing.agent.locked

    play(tmp_path, story)


def test_a_seat_that_returns_is_still_locked(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.sign_in()
        rig.desk.lock()
        rig.standing.agent = (again := restart(rig, "s2")).agent
        assert again.agent.locked
        assert rig.facts()[1:] == [
            ON,
            entered(State.NOT_READY, "seat_restarted", reason=Reason.SYSTEM_FAULT),
        ]

    play(tmp_path, story)


def test_who_signs_in_with_a_password_is_at_the_screen(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.sign_in()
        rig.desk.lock()
        rig.standing.agent = (again := restart(rig, "s2", resumed=False)).agent
        assert not again.agent.locked

    play(tmp_path, story)


def test_the_systems_screen_locks_and_opens(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        screen = ScreenLock(rig.standing)
        screen.take(LOCKED)  # nobody is signed in
        await rig.work()
        for line in (IDLE, b"\xff", LOCKED, LOCKED):
            screen.take(line)
        away = entered(State.NOT_READY, "screen_locked", reason=Reason.AWAY)
        assert rig.new_facts() == [ON, away]
        screen.take(OPENED)
        assert (rig.new_facts(), rig.state) == ([OFF], State.NOT_READY)

    play(tmp_path, story)


def test_the_systems_screen_does_not_open_what_the_person_locked(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        screen = ScreenLock(rig.standing)
        await rig.sign_in()
        rig.desk.lock()
        for line in (LOCKED, OPENED):
            screen.take(line)
        assert rig.standing.agent.locked

    play(tmp_path, story)


@pytest.mark.parametrize(
    ("session", "path"),
    [("2", "_32"), ("c1", "c1"), ("12", "_312"), ("a-b", "a_2db")],
)
def test_a_session_has_an_object_of_its_name(session: str, path: str) -> None:
    assert session_path(session) == f"/org/freedesktop/login1/session/{path}"


def program(folder: Path, name: str, text: str) -> None:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{text}")
    file.chmod(0o755)


@pytest.mark.skipif(os.name == "nt", reason="no such system there")
def test_the_system_is_asked_only_where_it_can_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Real children: none, one that ends, and one that tells."""
    monkeypatch.delenv("XDG_SESSION_ID", raising=False)
    path = os.environ["PATH"]

    async def story() -> list[bytes]:
        screen = Told()
        monkeypatch.setenv("PATH", str(tmp_path))
        await screen.watch()
        program(tmp_path, "gdbus", f"printf '%s\\n' \"$*\"\nprintf '%s' \"{LOCKED.decode()}\"\n")
        program(tmp_path, "loginctl", "exit 1\n")
        monkeypatch.setenv("PATH", f"{tmp_path}:{path}")
        await screen.watch()
        assert screen.lines == []
        program(tmp_path, "loginctl", "echo 2\n")
        await screen.watch()
        return screen.lines

    asked, told = asyncio.run(story())
    assert asked.split()[-1] == b"/org/freedesktop/login1/session/_32"
    assert told == LOCKED


class Told(ScreenLock):
    """Writes down what the system says."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []

    def take(self, line: bytes) -> None:
        self.lines.append(line)


@pytest.mark.skipif(os.name == "nt", reason="no such system there")
async def test_a_seat_that_ends_ends_the_watching(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_SESSION_ID", "2")
    program(tmp_path, "gdbus", f"echo $$ > {tmp_path}/pid\necho\nexec sleep 600\n")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    screen = Told()
    watching = asyncio.create_task(screen.watch())
    async with asyncio.timeout(30):
        while not screen.lines:
            await asyncio.sleep(0.01)
    watching.cancel()
    await asyncio.wait({watching})
    await turns()
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_a_screen_that_was_opened_after_signing_out_opens_no_later_lock(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.sign_in()
        screen = ScreenLock(rig.standing)
        screen.take(LOCKED)
        rig.desk.sign_out()
        screen.take(OPENED)
        await rig.sign_in(session="s2")
        rig.desk.lock()
        screen.take(LOCKED)
        screen.take(OPENED)
        assert rig.standing.agent.locked

    play(tmp_path, story)
