"""Signing out: at once with nothing open, else not before it was said what is."""

import msgspec
import pytest

from agent_client.terminal.screens.signing_out import OpenThings, SigningOut, what_is_open
from protocol.facts.agent import State
from protocol.wire import desk
from protocol.wire.desk_call import WrappedUp
from protocol.wire.handover import OwnNotices
from protocol.wire.sync import Link
from tests.terminal.calls_data import ORDERS, ROWS, last_call
from tests.terminal.desk_scenes import AFTER
from tests.terminal.fake_seat import FakeSeat
from tests.terminal.plan_scenes import own_day
from tests.terminal.scenes import status
from tests.terminal.showing import opened, reads, text_of
from tests.terminal.waiting import until

SHORT = OwnNotices(0, 0, 0, present=9, required=9)


def test_facts_on_their_way_hold_nobody_up() -> None:
    online = status(State.NOT_READY, unsent=3)
    assert not what_is_open(online, (), None, unsaved=False)
    offline = msgspec.structs.replace(online, link=Link.OFFLINE)
    assert what_is_open(offline, (), SHORT, unsaved=False) == OpenThings(unsent=3)
    refused = msgspec.structs.replace(online, held_back=2)
    assert what_is_open(refused, (), None, unsaved=False) == OpenThings(unsent=2)


def test_each_open_thing_counts() -> None:
    things = what_is_open(msgspec.structs.replace(AFTER, orders=ORDERS), ROWS, None, unsaved=True)
    assert things == OpenThings(owed=3, outcome_missing=True, unsaved=True, messages=2)
    done = msgspec.structs.replace(AFTER, last_call=last_call(wrapped_up=WrappedUp(outcome="OK")))
    assert not what_is_open(done, (), None, unsaved=False)


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


@pytest.mark.parametrize(
    ("notices", "open_things"),
    [
        (OwnNotices(3, 3, 3, present=9, required=8), OpenThings()),
        (SHORT, OpenThings(heads=(9, 9))),
        (OwnNotices(0, 0, 0, unconfirmed=2), OpenThings(unconfirmed=2)),
        (OwnNotices(0, 0, 0, asked_to_stay=True), OpenThings(asked_to_stay=True)),
    ],
)
def test_what_others_wait_for_is_open_too(notices: OwnNotices, open_things: OpenThings) -> None:
    assert what_is_open(status(State.READY), (), notices, unsaved=False) == open_things


@pytest.mark.parametrize(("typed", "text"), [("", ""), ("fever", "fever")])
async def test_who_leaves_the_post_short_may_say_why_and_enter_signs_out(
    terminal, seat: FakeSeat, typed: str, text: str
) -> None:
    seat.status = status(State.NOT_READY)
    seat.own_day = own_day(notices=msgspec.structs.replace(SHORT, unconfirmed=2))
    app = terminal()
    async with opened(app, (80, 24)) as pilot:
        await until(lambda: app._known.own_day)
        await pilot.press("ctrl+o")
        await reads(app, "9 with you, 9")
        assert "You may sign out all the same;" in text_of(app)
        await pilot.press(*typed, "enter")
        await until(lambda: desk.SignOut in seat.kinds())
        (asked,) = [each for each in seat.asked if isinstance(each, desk.SignOut)]
        assert asked.text == text


async def test_with_something_to_lose_enter_stays_also_where_the_post_is_short(
    terminal, seat: FakeSeat
) -> None:
    seat.status = status(State.NOT_READY, held_back=2)
    seat.own_day = own_day(notices=SHORT)
    app = terminal()
    async with opened(app, (80, 24)) as pilot:
        await until(lambda: app._known.own_day)
        await pilot.press("ctrl+o")
        await reads(app, "9 with you, 9")
        await pilot.press("enter")
        await until(lambda: not isinstance(app.screen, SigningOut))
        assert desk.SignOut not in seat.kinds()
