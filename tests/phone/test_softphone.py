"""The phone's own rules, where the network does what is hard to make it do."""

import asyncio
from collections.abc import Callable, Coroutine

from agent_client.phone.calls import ACKNOWLEDGED_S, LAST_WORD_S
from agent_client.phone.engine import (
    Answer,
    AnyEvent,
    CallConnected,
    CallEnded,
    CallHeld,
    CallIncoming,
    CallProgress,
    Close,
    CommandRefused,
    Dial,
    Ending,
    Hangup,
    Hold,
    MicrophoneChanged,
    Open,
    PhoneDown,
    PhoneUp,
    Reject,
    Sound,
    Transfer,
)
from agent_client.phone.fake_engine import FakeEngine
from agent_client.phone.softphone import CLOSING_S
from agent_client.phone.stack import ZIP_TONE_S
from agent_client.phone.transfer import TRANSFER_S
from tests.phone.clock import in_no_time

NOBODY = "sip:1002@127.0.0.1:5060"
RTP_LOSS_S = 30


class Desk:
    """A fake phone, what it told, and when."""

    def __init__(self) -> None:
        self.events: list[AnyEvent] = []
        self.at: list[float] = []
        self.phone = FakeEngine(self._take)
        self.far = self.phone.far

    def _take(self, event: AnyEvent) -> None:
        self.events.append(event)
        self.at.append(asyncio.get_running_loop().time())

    async def open(self, registrar: str = "") -> None:
        self.phone.do(
            Open(user="1001", registrar=registrar, sound=Sound.NONE, rtp_loss_s=RTP_LOSS_S)
        )
        await asyncio.sleep(0.1)

    async def connected(self) -> str:
        call_id = self.far.peer_calls("4955512345")
        await asyncio.sleep(0.1)
        self.phone.do(Answer(call_id=call_id))
        await asyncio.sleep(0.1)
        return call_id

    def last(self) -> tuple[AnyEvent, float]:
        return self.events[-1], self.at[-1]


def play(story: Callable[[Desk], Coroutine[None, None, None]]) -> Desk:
    async def run() -> Desk:
        desk = Desk()
        await story(desk)
        return desk

    return in_no_time(run())


def test_silence_ends_a_call_after_the_limit() -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        call_id = await desk.connected()
        await asyncio.sleep(3600)
        assert desk.events[-1] == CallConnected(
            call_id=call_id,
            sip_call_id=desk.events[-1].sip_call_id,  # type: ignore[union-attr]
        )
        died = asyncio.get_running_loop().time()
        desk.far.peer_dies(call_id)
        await asyncio.sleep(60)
        event, at = desk.last()
        assert event == CallEnded(call_id=call_id, ending=Ending.RTP_LOSS, answered=True)
        assert RTP_LOSS_S <= at - died <= RTP_LOSS_S + 2 + LAST_WORD_S

    play(story)


def test_silence_while_held_is_no_loss() -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        call_id = await desk.connected()
        desk.phone.do(Hold(call_id=call_id))
        await asyncio.sleep(0.1)
        desk.far.peer_dies(call_id)
        await asyncio.sleep(3600)
        assert desk.last()[0] == CallHeld(call_id=call_id)

    play(story)


def test_a_dead_peer_need_not_acknowledge_the_end() -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        call_id = await desk.connected()
        desk.far.peer_dies(call_id)
        desk.phone.do(Hangup(call_id=call_id))
        asked = asyncio.get_running_loop().time()
        await asyncio.sleep(60)
        event, at = desk.last()
        assert event == CallEnded(call_id=call_id, ending=Ending.LOCAL, answered=True)
        assert at - asked <= LAST_WORD_S + 0.1
        desk.far.fails(call_id)  # the library's own time-out, at last
        await asyncio.sleep(1)
        assert desk.last()[1] == at

    play(story)


def test_the_first_command_that_ends_a_call_is_the_last() -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        call_id = desk.far.peer_calls("4955512345")
        await asyncio.sleep(0.1)
        desk.phone.do(Reject(call_id=call_id, status=480))
        desk.phone.do(Answer(call_id=call_id))
        await asyncio.sleep(1)

    desk = play(story)
    assert [event.code for event in desk.events if isinstance(event, CommandRefused)] == [
        "wrong_call_state"
    ]
    ended = desk.last()[0]
    assert isinstance(ended, CallEnded)
    assert (ended.ending, ended.sip_status) == (Ending.LOCAL, 480)


def test_a_call_that_the_network_loses_failed() -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        desk.phone.do(Dial(call_id="a", target=NOBODY))
        desk.far.fails("a", 408)
        await asyncio.sleep(1)
        assert desk.last()[0] == CallEnded(
            call_id="a", ending=Ending.FAILED, answered=False, sip_status=408
        )

    play(story)


def test_a_refused_dial_is_the_other_sides_end() -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        desk.phone.do(Dial(call_id="a", target=NOBODY))
        for status in (180, 180, 183):
            desk.far.peer_rings("a", status)
        await asyncio.sleep(0.1)
        desk.far.peer_refuses("a", 486)
        await asyncio.sleep(1)

    assert play(story).events[1:] == [
        CallProgress(call_id="a", status=180),
        CallProgress(call_id="a", status=183),
        CallEnded(call_id="a", ending=Ending.REMOTE, answered=False, sip_status=486),
    ]


def test_a_refused_registration_is_told_and_no_call_can_be_made() -> None:
    async def story(desk: Desk) -> None:
        desk.far.fails_registration(403)
        await desk.open("pbx.invalid:5060")
        desk.phone.do(Dial(call_id="a", target="1002"))

    assert play(story).events == [
        PhoneDown(code="registration_failed", sip_status=403),
        CommandRefused(code="not_open", command="dial", call_id="a"),
    ]


def test_a_call_outlives_the_registration() -> None:
    async def story(desk: Desk) -> None:
        await desk.open("pbx.invalid:5060")
        call_id = await desk.connected()
        desk.far.registration_changes(None)
        await asyncio.sleep(0.1)
        assert desk.last()[0] == PhoneDown(code="registration_lost")
        desk.phone.do(Hold(call_id=call_id))
        await asyncio.sleep(0.1)
        assert desk.last()[0] == CallHeld(call_id=call_id)
        desk.far.registration_changes(200)
        await asyncio.sleep(0.1)
        assert isinstance(desk.last()[0], PhoneUp)

    play(story)


def test_numbers_are_called_at_the_registrar() -> None:
    async def story(desk: Desk) -> None:
        await desk.open("pbx.invalid:5060")
        desk.phone.do(Dial(call_id="a", target="*71"))
        desk.far.peer_rings("a")
        await asyncio.sleep(0.1)

    assert play(story).last()[0] == CallProgress(call_id="a", status=180)


def test_a_headset_that_goes_and_comes_is_told_once() -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        for present in (False, False, True):
            desk.far.microphone_changes(present)
        await asyncio.sleep(0.1)

    assert play(story).events[1:] == [
        MicrophoneChanged(microphone=False, fault="no_device"),
        MicrophoneChanged(microphone=True),
    ]


def test_closing_does_not_wait_for_the_dead() -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        dead = await desk.connected()
        desk.far.peer_dies(dead)
        desk.phone.do(Close())
        desk.phone.do(Close())
        asked = asyncio.get_running_loop().time()
        await desk.phone.closed.wait()
        assert asyncio.get_running_loop().time() - asked <= CLOSING_S + 0.1
        assert desk.last()[0] == CallEnded(call_id=dead, ending=Ending.LOCAL, answered=True)
        desk.phone.do(Dial(call_id="late", target=NOBODY))
        desk.phone.do(Hangup(call_id=dead))
        desk.phone.do(Open(user="1001"))

    desk = play(story)
    assert [event.code for event in desk.events if isinstance(event, CommandRefused)] == [
        "not_open",
        "not_open",
        "phone_refused",
    ]


def test_a_call_that_arrives_while_closing_is_not_offered() -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        desk.far.peer_dies(await desk.connected())
        desk.phone.do(Close())
        late = desk.far.peer_calls("4955512345")
        await desk.phone.closed.wait()
        assert late not in [e.call_id for e in desk.events if isinstance(e, CallIncoming)]
        assert late not in [e.call_id for e in desk.events if isinstance(e, CallEnded)]

    play(story)


def test_closing_what_was_never_opened() -> None:
    async def story(desk: Desk) -> None:
        desk.phone.do(Close())
        await desk.phone.closed.wait()

    assert play(story).events == []


def test_a_call_that_answers_itself_is_announced_first() -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        call_id = desk.far.peer_calls("4955512345", line="4000")
        await asyncio.sleep(0.1)
        asked = asyncio.get_running_loop().time()
        desk.phone.do(Answer(call_id=call_id, zip_tone=True))
        await asyncio.sleep(1)
        event, at = desk.last()
        assert isinstance(event, CallConnected)
        assert ZIP_TONE_S <= at - asked <= ZIP_TONE_S + 0.05

    (offered,) = [event for event in play(story).events if isinstance(event, CallIncoming)]
    assert (offered.called, offered.peer_uri) == ("4000", "sip:4955512345@peer.invalid")


def test_a_caller_who_leaves_during_the_announcement_is_not_answered() -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        call_id = desk.far.peer_calls("4955512345")
        await asyncio.sleep(0.1)
        desk.phone.do(Answer(call_id=call_id, zip_tone=True))
        desk.far.peer_hangs_up(call_id)
        await asyncio.sleep(60)
        assert desk.last()[0] == CallEnded(
            call_id=call_id, ending=Ending.REMOTE, answered=False, sip_status=487
        )

    play(story)


def test_a_caller_who_never_acknowledges_is_given_up() -> None:
    async def story(desk: Desk) -> None:
        await desk.open()
        call_id = desk.far.peer_calls("4955512345")
        await asyncio.sleep(0.1)
        desk.far.peer_dies(call_id)
        desk.phone.do(Answer(call_id=call_id))
        asked = asyncio.get_running_loop().time()
        await asyncio.sleep(120)
        event, at = desk.last()
        assert event == CallEnded(call_id=call_id, ending=Ending.FAILED, answered=False)
        assert at - asked <= ACKNOWLEDGED_S + LAST_WORD_S + 0.1

    play(story)


def handing_on(to_call: bool) -> Callable[[Desk], Coroutine[None, None, list[str]]]:
    async def begin(desk: Desk) -> list[str]:
        await desk.open()
        calls = [await desk.connected(), await desk.connected()]
        order = Transfer(call_id=calls[0], to_call=calls[1]) if to_call else None
        desk.phone.do(order or Transfer(call_id=calls[0], target=NOBODY))
        return calls

    return begin


def test_a_transfer_of_which_nothing_is_heard_has_failed() -> None:
    async def story(desk: Desk) -> None:
        (call_id, _) = await handing_on(to_call=False)(desk)
        asked = asyncio.get_running_loop().time()
        await asyncio.sleep(TRANSFER_S + 1)
        event, at = desk.last()
        assert event == CommandRefused(code="transfer_failed", command="transfer", call_id=call_id)
        assert at - asked <= TRANSFER_S + 0.1
        desk.far.transfer_ends(call_id, 200)  # too late
        desk.phone.do(Hold(call_id=call_id))
        await asyncio.sleep(0.1)
        assert desk.last()[0] == CallHeld(call_id=call_id)

    play(story)


def endings(desk: Desk) -> dict[str, Ending]:
    return {event.call_id: event.ending for event in desk.events if isinstance(event, CallEnded)}


def test_who_takes_our_place_may_leave_us_before_we_are_told() -> None:
    async def story(desk: Desk) -> None:
        customer, colleague = await handing_on(to_call=True)(desk)
        desk.far.peer_hangs_up(colleague)
        await asyncio.sleep(1)
        assert endings(desk) == {}
        desk.far.transfer_ends(customer, 200)
        await asyncio.sleep(1)
        assert endings(desk) == {customer: Ending.TRANSFERRED, colleague: Ending.TRANSFERRED}

    play(story)


def test_both_may_leave_us_before_we_are_told() -> None:
    async def story(desk: Desk) -> None:
        customer, colleague = await handing_on(to_call=True)(desk)
        desk.far.peer_hangs_up(colleague)
        desk.far.peer_hangs_up(customer)
        await asyncio.sleep(1)
        assert endings(desk) == {customer: Ending.TRANSFERRED, colleague: Ending.TRANSFERRED}

    play(story)


def test_a_colleague_who_leaves_while_the_transfer_fails_has_left() -> None:
    async def story(desk: Desk) -> None:
        customer, colleague = await handing_on(to_call=True)(desk)
        desk.far.peer_hangs_up(colleague)
        desk.far.transfer_ends(customer, 503)
        await asyncio.sleep(1)
        assert endings(desk) == {colleague: Ending.REMOTE}
        desk.phone.do(Hangup(call_id=customer))
        await asyncio.sleep(1)
        assert endings(desk)[customer] is Ending.LOCAL

    play(story)


def test_giving_up_a_transfer_ends_what_there_is() -> None:
    async def story(desk: Desk) -> None:
        customer, colleague = await handing_on(to_call=True)(desk)
        desk.far.peer_hangs_up(colleague)
        await asyncio.sleep(0.1)
        desk.phone.do(Hangup(call_id=customer))
        await asyncio.sleep(1)
        assert endings(desk) == {customer: Ending.LOCAL, colleague: Ending.REMOTE}
        await asyncio.sleep(TRANSFER_S)
        assert not [event for event in desk.events if isinstance(event, CommandRefused)]

    play(story)


def test_a_colleague_may_leave_us_at_the_moment_of_success() -> None:
    async def story(desk: Desk) -> None:
        customer, colleague = await handing_on(to_call=True)(desk)
        desk.far.transfer_ends(customer, 200)
        desk.far.peer_hangs_up(colleague)  # the network has it, and nobody has been told
        await asyncio.sleep(1)
        assert endings(desk) == {customer: Ending.TRANSFERRED, colleague: Ending.TRANSFERRED}

    play(story)
