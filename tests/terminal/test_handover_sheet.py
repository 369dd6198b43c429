"""Handing over: what is open and overdue, taking over, settling, and writing line by line."""

from datetime import timedelta

import pytest
from textual.widgets import Input, OptionList

from agent_client.terminal.handover_rows import overdue
from agent_client.terminal.screens.handover_confirm import HandoverConfirmForm
from agent_client.terminal.screens.handover_write import HandoverForm
from agent_client.terminal.screens.handovers import HandoverSheet
from agent_client.terminal.widgets.pick import Pick
from protocol.facts.agent import State
from protocol.facts.handover import HandoverItem, ItemKind
from protocol.wire import handover
from protocol.wire.errors import Code, Refused
from protocol.wire.handover import ConfirmHandover, HandoverStands, SettleItem, WriteHandover
from protocol.wire.relayed import RelayedRequest
from tests.terminal.calls_data import ROWS
from tests.terminal.fake_seat import NOW, FakeSeat
from tests.terminal.requests_scenes import HANDOVERS, answer
from tests.terminal.scenes import status
from tests.terminal.sheets import AGENT, sent, signed_in
from tests.terminal.showing import opened, reads, text_of
from tests.terminal.waiting import until

NOW_MS = round(NOW.timestamp() * 1000)


def test_an_item_is_overdue_from_its_time_until_it_is_settled() -> None:
    row = HANDOVERS.rows[0]
    due_ms = row.items[1].due_ms
    assert due_ms is not None
    assert not overdue(row, 1, due_ms - 1)
    assert overdue(row, 1, due_ms)
    assert not overdue(row, 0, NOW_MS)
    assert not overdue(row, 1, None)
    done = handover.HandoverRow(*("h", "1", "", ""), row.items, 0, settled={1: "1001"})
    assert not overdue(done, 1, due_ms)


async def test_what_is_open_and_overdue_is_said_in_words(terminal, seat) -> None:
    async with signed_in(terminal, seat) as (app, pilot):
        await pilot.press("h")
        await reads(app, "Open items: 3 · 1 overdue")
        assert "! follow up" in text_of(app)
        assert "overdue since 13:03" in text_of(app)
        assert "Call Mr Zhang back [b]" in text_of(app)
        assert "next of the team" in text_of(app)


async def test_taking_over_with_words(terminal, seat) -> None:
    async with signed_in(terminal, seat) as (app, pilot):
        await pilot.press("h")
        await reads(app, "Open items: 3")
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, HandoverConfirmForm))
        await pilot.press(*"收到", "enter")
        await until(lambda: sent(seat, ConfirmHandover))
        await until(lambda: len(sent(seat, handover.GetHandovers)) == 2)
    assert sent(seat, ConfirmHandover) == [ConfirmHandover(0, "h1", "收到")]


async def test_nobody_takes_over_their_own_nor_a_second_time(terminal, seat) -> None:
    seat.status = status(State.NOT_READY, agent="1002")
    answer(seat)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("h")
        await reads(app, "Open items: 3")
        await pilot.press("c")
        await reads(app, "somebody else takes it over")
        await pilot.press("end", "c")
        await reads(app, "It is taken over already")


async def test_an_open_item_is_settled_by_space_and_others_are_not(terminal, seat) -> None:
    async with signed_in(terminal, seat) as (app, pilot):
        await pilot.press("h")
        await reads(app, "Open items: 3")
        await pilot.press("space")
        await reads(app, "Put the cursor on an open line")
        await pilot.press("down", "down", "space")
        await until(lambda: sent(seat, SettleItem))
        await pilot.press("down", "s")  # done by somebody
        await pilot.pause()
    assert sent(seat, SettleItem) == [SettleItem(0, "h1", 1)]


async def test_lines_are_added_one_by_one_and_handed_over(terminal, seat) -> None:
    async with signed_in(terminal, seat) as (app, pilot):
        await pilot.press("h")
        await reads(app, "Open items: 3")
        await pilot.press("n")
        await until(lambda: isinstance(app.screen, HandoverForm))
        await pilot.press(*"退款 4711", "enter", "shift+tab", *"+2h")
        await reads(app, "at 16:04")
        await pilot.press("shift+tab", "right", "right", "tab", "tab", *"call back")
        await pilot.press("enter", "enter", "enter")
        await until(lambda: sent(seat, WriteHandover))
        await until(lambda: isinstance(app.screen, HandoverSheet))
    (written,) = sent(seat, WriteHandover)
    assert isinstance(written, WriteHandover)
    due = NOW.replace(second=0) + timedelta(hours=2, minutes=1)
    assert written.to == ""
    assert written.items == (
        HandoverItem(ItemKind.OPEN, "退款 4711"),
        HandoverItem(ItemKind.FOLLOW_UP, "call back", round(due.timestamp() * 1000)),
    )


async def test_a_time_that_cannot_be_read_adds_nothing(terminal, seat) -> None:
    async with signed_in(terminal, seat) as (app, pilot):
        await pilot.press("h")
        await reads(app, "Open items: 3")
        await pilot.press("n", *"line", "shift+tab", *"soon", "tab", "enter")
        await reads(app, "The time can't be read")
        assert app.screen.query_one("#item-text", Input).value == "line"
        assert not app.screen.query_one("#handover-items", OptionList).option_count


async def test_a_line_is_dropped_and_nothing_is_handed_over_empty(terminal, seat) -> None:
    async with signed_in(terminal, seat) as (app, pilot):
        await pilot.press("h")
        await reads(app, "Open items: 3")
        await pilot.press("n", *"line", "enter", "enter")
        items = app.screen.query_one("#handover-items", OptionList)
        assert items.option_count == 1
        await pilot.press("delete", "enter", "enter")
        assert not items.option_count
    assert not sent(seat, WriteHandover)


async def test_a_refused_handover_stays_and_leaving_it_is_asked_once(terminal, seat) -> None:
    seat.status = AGENT
    answer(seat)

    def refuse(_: RelayedRequest) -> HandoverStands:
        raise Refused(Code.UNKNOWN_AGENT, agent="9")

    seat.service[WriteHandover] = refuse
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("h")
        await reads(app, "Open items: 3")
        await pilot.press("n", *"line", "enter", "enter", "enter")
        await reads(app, "Nobody has the staff number 9")
        await pilot.press("enter")
        await until(lambda: len(sent(seat, WriteHandover)) == 2)
        assert len(set(map(repr, sent(seat, WriteHandover)))) == 1
        await pilot.press("escape")
        await reads(app, "Esc again leaves")
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, HandoverSheet))


async def test_nothing_open_says_what_to_do(terminal, seat) -> None:
    seat.status = AGENT
    seat.service[handover.GetHandovers] = lambda _: handover.Handovers(0, (), {})
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("h")
        await reads(app, "Nothing is left to do.")


@pytest.mark.parametrize(
    ("state", "keys", "calls"),
    [
        (State.ACW, (), ["r1", ""]),
        (State.ACW, ("right",), ["", ""]),
        (State.NOT_READY, (), ["", ""]),
        (State.NOT_READY, ("right",), ["r1", ""]),
    ],
)
async def test_the_call_that_has_just_ended_goes_with_a_line_unless_it_is_taken_off(
    terminal, seat: FakeSeat, state: State, keys: tuple[str, ...], calls: list[str]
) -> None:
    seat.calls = ROWS
    async with signed_in(terminal, seat) as (app, pilot):
        seat.tell(state=state)
        await pilot.press("h")
        await reads(app, "Open items: 3")
        await pilot.press("n")
        await until(lambda: app.screen.query_one("#item-call", Pick)._values == ("", "r1"))
        await pilot.press("shift+tab", "shift+tab", "shift+tab", *keys, "tab", "tab", "tab")
        await pilot.press(*"one", "enter", *"two", "enter", "enter", "enter")
        await until(lambda: sent(seat, WriteHandover))
    (written,) = sent(seat, WriteHandover)
    assert isinstance(written, WriteHandover)
    assert [item.call for item in written.items] == calls


async def test_a_call_that_goes_with_a_line_is_told_by_its_time_and_masked_number(
    terminal, seat: FakeSeat
) -> None:
    seat.calls = ROWS
    async with signed_in(terminal, seat) as (app, pilot):
        await pilot.press("h")
        await reads(app, "Open items: 3")
        await pilot.press("n")
        await until(lambda: app.screen.query_one("#item-call", Pick)._values == ("", "r1"))
        await pilot.press("shift+tab", "shift+tab", "shift+tab", "right")
        await reads(app, "call at 13:55, 138****8000")
