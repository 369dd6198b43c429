"""The table of actions: no key means two things, and everything in it has words and an effect."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.widgets import Input, OptionList

from agent_client.terminal.app import TerminalApp
from agent_client.terminal.keys import (
    ACTIONS,
    LEADING,
    Mode,
    Situation,
    behind,
    key_name,
    key_of,
    offered,
    works_while_typing,
)
from agent_client.terminal.screens.palette import matches
from agent_client.terminal.wording import Wording
from protocol.facts.agent import State
from protocol.i18n import LANGUAGES, load
from protocol.rules.permissions import LEADS, TEACHERS
from protocol.wire import desk
from protocol.wire.desk import PhoneState, Status
from protocol.wire.desk_call import CallState
from protocol.wire.session import Role
from tests.terminal.desk_scenes import AFTER, CONSULTING
from tests.terminal.fake_seat import FakeSeat, call
from tests.terminal.scenes import status
from tests.terminal.showing import opened, reads
from tests.terminal.waiting import until

_statuses = st.builds(
    status,
    st.sampled_from(State),
    call=st.sampled_from([None, call(CallState.TALK), call(CallState.TALK, muted=True)]),
    phone=st.sampled_from(PhoneState),
    microphone=st.booleans(),
    next_state=st.sampled_from([None, "READY", "LOGGED_OFF", "NOT_READY:MEAL"]),
    owed=st.sampled_from([(), ("110",)]),
)
_situations = st.builds(Situation, st.sampled_from(Mode), st.none() | _statuses)


@given(_situations)
def test_no_key_means_two_things_at_once(situation: Situation) -> None:
    keys = [key for action in offered(situation) for key in action.keys]
    assert len(keys) == len(set(keys))


@given(_situations)
def test_one_can_always_leave_and_change_the_language(situation: Situation) -> None:
    names = {action.name for action in offered(situation)}
    assert {"quit", "language", "theme", "commands"} <= names


@pytest.mark.parametrize("role", LEADS)
def test_whoever_leads_is_offered_what_leads_do(role: Role) -> None:
    assert set(LEADS) == LEADING
    names = {
        each.name for each in offered(Situation(Mode.FLOOR, status(State.READY, roles=(role,))))
    }
    assert {"message", "out_of_line", "ask_ready", "sign_them_out", "reset_password"} <= names


@pytest.mark.parametrize("role", Role)
def test_training_of_others_belongs_to_whoever_gives_it(role: Role) -> None:
    somebody = status(State.READY, roles=(Role.AGENT, role))
    gives = role in (*TEACHERS, *LEADS)
    for mode in (Mode.DESK, Mode.FLOOR):
        names = {each.name for each in offered(Situation(mode, somebody))}
        assert ("teaching" in names) == gives


def test_who_leads_nobody_is_offered_none_of_it() -> None:
    names = {action.name for action in offered(Situation(Mode.FLOOR, status(State.READY)))}
    assert not {"message", "out_of_line", "ask_ready", "sign_them_out", "reset_password"} & names


@given(_statuses)
def test_without_a_seat_nothing_is_asked_of_it(_: Status) -> None:
    assert all(action.ask is None for action in offered(Situation(Mode.DESK, None)))


@given(_statuses)
def test_ready_is_not_offered_with_a_phone_that_is_down(now: Status) -> None:
    names = {action.name for action in offered(Situation(Mode.DESK, now))}
    up = now.phone is PhoneState.REGISTERED and now.microphone
    assert up or not names & {"ready", "ready_now", "dial"}


def test_what_has_to_work_during_a_call_works_while_typing() -> None:
    for_calls = [
        action
        for action in ACTIONS
        if action.states and State.RINGING in action.states and State.READY not in action.states
    ]
    urgent = [action for action in for_calls if action.name != "take_back"]
    assert all(works_while_typing(action.keys[0]) for action in urgent)


def test_no_key_that_terminals_or_desktops_keep_for_themselves_is_the_only_way() -> None:
    taken = {"f1", "f10", "f11", "ctrl+b", "ctrl+s", "ctrl+z", "ctrl+a", "ctrl+d"}
    assert [action.name for action in ACTIONS if set(action.keys) <= taken] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_has_words(language: str) -> None:
    words = Wording(load(language))
    assert all(words.text(f"action.{action.name}") for action in ACTIONS)


def test_every_action_can_be_done() -> None:
    assert [
        action.name
        for action in ACTIONS
        if action.ask is None and not hasattr(TerminalApp, f"do_{action.name}")
    ] == []


@pytest.mark.parametrize(
    ("key", "name"), [("f5", "F5"), ("ctrl+q", "^Q"), ("slash", "/"), ("x", "x")]
)
def test_how_keys_are_written(key: str, name: str) -> None:
    assert key_name(key) == name


def test_a_letter_is_not_shown_where_it_would_be_typed() -> None:
    quit_ = behind("q", ACTIONS)
    assert quit_ is not None
    assert (key_of(quit_, typing=False), key_of(quit_, typing=True)) == ("q", "ctrl+q")


def test_the_palette_finds_by_words_in_any_order_and_by_key() -> None:
    words = Wording(load("en"))
    break_next = behind("f6", [each for each in ACTIONS if each.name == "break_next"])
    assert break_next is not None
    assert matches("next bre", break_next, words)
    assert matches("F6", break_next, words)
    assert not matches("hold", break_next, words)


_MOMENTS = (
    status(State.NOT_READY),
    status(State.RINGING, call=call(CallState.RINGING), next_state="NOT_READY:MEAL"),
    status(State.TALK, call=call(CallState.TALK)),
    status(State.HOLD, call=call(CallState.HOLD, muted=True)),
    AFTER,
    CONSULTING,
)


def _listed(app: TerminalApp) -> list[str | None]:
    """The names of the actions in the palette."""
    lists = app.screen.query("Palette OptionList").results(OptionList)
    return [option.id for options in lists for option in options.options]


async def test_every_request_is_in_the_palette_and_reaches_the_seat(
    terminal, seat: FakeSeat
) -> None:
    words = Wording(load("zh_CN"))
    moments = {
        action: moment
        for moment in _MOMENTS
        for action in offered(Situation(Mode.DESK, moment))
        if action.ask is not None
    }
    assert set(moments) == {action for action in ACTIONS if action.ask is not None}
    seat.status = _MOMENTS[0]
    app = terminal("zh_CN")
    async with opened(app) as pilot:
        for action, moment in moments.items():
            assert action.ask is not None
            seat.send(moment)
            seat.asked.clear()
            await pilot.press("f12")
            await until(lambda name=action.name: name in _listed(app))
            app.screen.query_one(Input).value = words.text(f"action.{action.name}")
            await pilot.pause()
            await pilot.press("enter")
            kind = type(action.ask(0))
            await until(lambda kind=kind: kind in seat.kinds())


async def test_the_language_changes_at_once_and_keeps_what_is_typed(
    terminal, seat: FakeSeat
) -> None:
    seat.status = status(State.READY)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("f9", *"110", "ctrl+l")
        await reads(app, "要呼叫的号码")
        assert app.screen.query_one(Input).value == "110"


async def test_the_theme_goes_round(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.READY)
    app = terminal()
    async with opened(app) as pilot:
        seen = [app.theme]
        for _ in range(3):
            await pilot.press("t")
            seen.append(app.theme)
        assert seen == ["seatline-dark", "seatline-light", "seatline-16", "seatline-dark"]


async def test_a_key_can_be_clicked(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.NOT_READY)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.click("KeyBar", offset=(2, 0))
        await until(lambda: desk.Ready in seat.kinds())


async def test_a_capital_letter_does_nothing_and_says_why(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.READY)
    async with opened(app := terminal()) as pilot:
        await pilot.press("K")
        await reads(app, "Caps Lock seems to be on")
        assert desk.Lock not in seat.kinds()
