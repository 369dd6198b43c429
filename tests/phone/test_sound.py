"""The desk's sound, with a stand-in for the sound library at the far end of the real process."""

import asyncio
import os
import time
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent_client.phone.audio_ring import FRAME_BYTES
from agent_client.phone.engine import (
    CallEnded,
    Hangup,
    MicrophoneChanged,
    Open,
    PhoneUp,
    Sound,
)
from agent_client.phone.sound import DeskSound
from tests.contract.phones import LIMIT_S, ChildPhones, connect

ROOT = Path(__file__).parents[2]
Use = Callable[[str], None]


@pytest.fixture
def devices(monkeypatch: pytest.MonkeyPatch) -> Use:
    """Chooses the devices of every sound process started from now on."""
    paths = [str(Path(__file__).parent / "devices"), str(ROOT), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))

    def use(fault: str) -> None:
        monkeypatch.setenv("SOUND_TEST", fault)

    return use


class Desk:
    """A desk's sound and what it told."""

    def __init__(self) -> None:
        self.news: list[str] = []
        self.choose()

    def choose(self, call: str = "", ring: str = "") -> None:
        """Devices for calls and for the bell."""
        order = Open(user="1001", call_device=call, ring_device=ring)
        self.sound = DeskSound(self.news.append, order)

    def hears(self, wanted: Callable[[bytes], bool]) -> None:
        """Wait until the microphone brings a block like this."""
        self.until(lambda: wanted(self.sound.microphone.read(FRAME_BYTES)))

    def until(self, wanted: Callable[[], bool]) -> None:
        limit = time.monotonic() + LIMIT_S
        while not wanted():
            assert time.monotonic() < limit
            time.sleep(0.005)


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.sound.close()


def loudness(pcm: bytes) -> int:
    return max(map(abs, array("h", pcm)), default=0)


def test_sound_goes_out_and_comes_in(devices: Use, desk: Desk) -> None:
    devices("")
    assert desk.sound.start() == ""
    said = array("h", range(1, FRAME_BYTES // 2 + 1)).tobytes()

    def comes_back() -> bool:
        desk.sound.hear(said)
        return said in desk.sound.microphone.read(FRAME_BYTES)

    desk.until(comes_back)
    assert desk.news == []


def test_the_bell_rings_until_it_is_stopped(devices: Use, desk: Desk) -> None:
    devices("")
    desk.sound.start()
    desk.sound.ring(True)
    desk.hears(lambda pcm: loudness(pcm) > 3_000)
    desk.sound.ring(False)
    for _ in range(20):
        desk.hears(lambda pcm: loudness(pcm) == 0)


def test_speech_is_not_covered_by_the_bell(devices: Use, desk: Desk) -> None:
    devices("")
    desk.sound.start()
    desk.sound.ring(True)
    said = array("h", [7] * (FRAME_BYTES // 2)).tobytes()

    def comes_back() -> bool:
        desk.sound.hear(said)
        return desk.sound.microphone.read(FRAME_BYTES) == said

    desk.until(comes_back)


def test_a_desk_without_a_microphone_says_so(devices: Use, desk: Desk) -> None:
    devices("no_microphone")
    assert desk.sound.start() == "no_device"
    desk.sound.hear(bytes(FRAME_BYTES))
    assert desk.sound.microphone.read(FRAME_BYTES) == bytes(FRAME_BYTES)


def test_a_headset_that_is_unplugged_is_told_and_found_again(
    devices: Use, desk: Desk, tmp_path: Path
) -> None:
    devices(f"unplugged:{tmp_path / 'once'}")
    assert desk.sound.start() == ""
    desk.until(lambda: desk.news == ["no_device", ""])


def first_sample(pcm: bytes) -> int:
    return array("h", pcm)[0]


CALLS, BELL = (
    101,
    100,
)  # the numbers of the headset and the loudspeakers, as the stand-in marks them


def test_the_bell_may_ring_elsewhere(devices: Use, desk: Desk) -> None:
    devices("")
    desk.choose(call="headset h-1", ring="speakers")
    assert desk.sound.start() == ""
    desk.sound.ring(True)
    desk.hears(lambda pcm: first_sample(pcm) == BELL and loudness(pcm) > 3_000)
    desk.sound.ring(False)
    said = array("h", [7] * (FRAME_BYTES // 2)).tobytes()

    def comes_back() -> bool:
        desk.sound.hear(said)
        pcm = desk.sound.microphone.read(FRAME_BYTES)
        return first_sample(pcm) == CALLS and pcm[2:] == said[2:]

    desk.until(comes_back)


def test_without_the_chosen_devices_the_default_ones_serve(devices: Use, desk: Desk) -> None:
    devices("no_headset")
    desk.choose(call="headset h-1", ring="no such thing")
    assert desk.sound.start() == ""
    desk.sound.ring(True)
    desk.hears(lambda pcm: loudness(pcm) > 3_000)
    assert desk.news == []


def test_two_beeps_announce_a_call(devices: Use, desk: Desk) -> None:
    devices("")
    desk.sound.start()
    desk.sound.zip_tone()
    for _ in range(2):
        desk.hears(lambda pcm: loudness(pcm) > 1_000)
        desk.hears(lambda pcm: loudness(pcm) == 0)


async def test_without_a_sound_library_calls_are_silent(
    devices: Use, children: ChildPhones
) -> None:
    devices("no_library")
    phone, peer = await children.make(), await children.make()
    phone.do(Open(user="1001", sound=Sound.AUTO))
    up = await phone.next(PhoneUp)
    assert (up.microphone, up.fault) == (False, "sound_library_missing")
    phone.address = up.address
    await peer.open("1002", Sound.TONE)
    _, into = await connect(peer, phone)
    phone.do(Hangup(call_id=into))
    assert (await phone.next(CallEnded)).answered
    assert phone.told(MicrophoneChanged) == []


async def test_a_call_survives_an_unplugged_headset(
    devices: Use, children: ChildPhones, tmp_path: Path
) -> None:
    devices(f"unplugged:{tmp_path / 'once'}")
    phone, peer = await children.make(), await children.make()
    phone.do(Open(user="1001", sound=Sound.AUTO, rtp_loss_s=2))
    up = await phone.next(PhoneUp)
    assert up.microphone
    phone.address = up.address
    await peer.open("1002", Sound.TONE)
    await connect(peer, phone)
    assert await phone.next(MicrophoneChanged) == MicrophoneChanged(
        microphone=False, fault="no_device"
    )
    assert await phone.next(MicrophoneChanged) == MicrophoneChanged(microphone=True)
    assert phone.told(CallEnded) == []
    await asyncio.gather(*(child.stop() for child in children.children))
    assert children.exits.empty()
