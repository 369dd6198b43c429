"""Signing out: at once with nothing open, else not before it was said what is."""

import msgspec

from agent_client.terminal.screens.signing_out import OpenThings, SigningOut, what_is_open
from protocol.facts.agent import State
from protocol.wire import desk
from protocol.wire.desk_call import WrappedUp
from protocol.wire.sync import Link
from tests.terminal.calls_data import ORDERS, ROWS, last_call
from tests.terminal.desk_scenes import AFTER
from tests.terminal.fake_seat import FakeSeat
from tests.terminal.scenes import status
from tests.terminal.showing import opened, reads, text_of
from tests.terminal.waiting import until


def test_facts_on_their_way_hold_nobody_up() -> None:
    online = status(State.NOT_READY, unsent=3)
    assert not what_is_open(online, (), unsaved=False)
    offline = msgspec.structs.replace(online, link=Link.OFFLINE)
    assert what_is_open(offline, (), unsaved=False) == OpenThings(unsent=3)
    refused = msgspec.structs.replace(online, held_back=2)
    assert what_is_open(refused, (), unsaved=False) == OpenThings(unsent=2)


def test_each_open_thing_counts() -> None:
    things = what_is_open(msgspec.structs.replace(AFTER, orders=ORDERS), ROWS, unsaved=True)
    assert things == OpenThings(owed=3, outcome_missing=True, unsaved=True, messages=2)
    done = msgspec.structs.replace(AFTER, last_call=last_call(wrapped_up=WrappedUp(outcome="OK")))
    assert not what_is_open(done, (), unsaved=False)


async def test_with_nothing_open_the_key_signs_out_at_once(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.NOT_READY)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("ctrl+o")
        await until(lambda: desk.SignOut in seat.kinds())
        assert not isinstance(app.screen, SigningOut)


async def test_what_is_open_is_said_and_enter_at_once_stays(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.NOT_READY, link=Link.OFFLINE, unsent=17)
    seat.calls = ROWS
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("ctrl+o")
        await reads(app, "17 records are not yet delivered. They stay on")
        assert "3 customers wait for a call-back" in text_of(app)
        await pilot.press("enter")
        await until(lambda: not isinstance(app.screen, SigningOut))
        assert desk.SignOut not in seat.kinds()
        await pilot.press("ctrl+o")
        await until(lambda: isinstance(app.screen, SigningOut))
        await pilot.pause()
        await pilot.press("down", "enter")
        await until(lambda: desk.SignOut in seat.kinds())
