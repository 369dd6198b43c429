"""Studying at the desk: the own tasks, and the reader with its clock."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import msgspec
import pytest
from textual import events
from textual.pilot import Pilot

from agent_client.terminal.app import TerminalApp
from agent_client.terminal.screens.own_training import OwnTrainingSheet
from agent_client.terminal.screens.reader import ReaderSheet
from protocol.facts.agent import Reason, State
from protocol.rules.agent_state import Refusal
from protocol.rules.reading_time import Sign
from protocol.wire import desk, desk_training, training
from protocol.wire.desk_base import Request
from protocol.wire.desk_training import CloseItem, FinishItem, OpenItem, ReadSign
from protocol.wire.errors import Code, Refused
from protocol.wire.training import GetAssignments, GetTrainingText
from tests.terminal.fake_seat import NOW, FakeSeat
from tests.terminal.reading_scenes import OPEN, OWN, TOLD, prepare, reading, recalled
from tests.terminal.sheets import AGENT, sent, signed_in
from tests.terminal.showing import reads, text_of
from tests.terminal.waiting import until

Make = Callable[..., TerminalApp]


def asked(seat: FakeSeat, kind: type[Request]) -> list[Request]:
    """What the seat itself was asked, of a kind."""
    return [each for each in seat.asked if isinstance(each, kind)]


def signs(seat: FakeSeat) -> list[tuple[Sign, int]]:
    """What the seat was told of the reader."""
    return [(each.sign, each.section) for each in seat.asked if isinstance(each, ReadSign)]


@asynccontextmanager
async def at_tasks(
    terminal: Make, seat: FakeSeat
) -> AsyncIterator[tuple[TerminalApp, Pilot[None]]]:
    """The list is open."""
    prepare(seat)
    async with signed_in(terminal, seat) as (app, pilot):
        await until(lambda: app._known.training is not None)
        await pilot.press("s")
        await reads(app, "Open: 2")
        yield app, pilot


@asynccontextmanager
async def at_reader(
    terminal: Make, seat: FakeSeat
) -> AsyncIterator[tuple[TerminalApp, Pilot[None]]]:
    """The next content is open."""
    async with at_tasks(terminal, seat) as (app, pilot):
        await pilot.press("enter")
        await reads(app, "page 1/3")
        await reads(app, "time counts")
        yield app, pilot


def reader(app: TerminalApp) -> ReaderSheet:
    """The page that is read."""
    assert isinstance(app.screen, ReaderSheet)
    return app.screen


async def test_the_own_tasks_with_their_contents(terminal: Make, seat: FakeSeat) -> None:
    async with at_tasks(terminal, seat) as (app, _):
        assert "1 overdue" in text_of(app)
        assert "1/3 00:01:54 / 00:07:00" in text_of(app)
        assert "! Headsets" in text_of(app)
        assert "✓ 开场白" in text_of(app)
        assert "00:00:30 at page 3" in text_of(app)
        assert "1 of 3 contents read · 00:01:54 of 00:07:00" in text_of(app)


async def test_those_that_are_completed_are_asked_for_page_by_page(
    terminal: Make, seat: FakeSeat
) -> None:
    async with at_tasks(terminal, seat) as (app, pilot):
        await pilot.press("o")
        await reads(app, "✓ 入职培训")
        assert "page 1 of 2" in text_of(app)
        await pilot.press("p", "n", "n")
        await reads(app, "page 2 of 2")
        asked_for = [(each.agent, each.page) for each in sent(seat, GetAssignments)]
        assert asked_for == [("1001", 1), ("1001", 2)]
        await pilot.press("o")
        await reads(app, "! Headsets")


async def test_without_anything_to_study_it_says_what_to_do(terminal: Make, seat: FakeSeat) -> None:
    seat.training = desk_training.DeskTraining(training.OwnTraining())
    async with signed_in(terminal, seat) as (app, pilot):
        await pilot.press("s")
        await reads(app, "No training waits for you. o shows what you have completed.")


async def test_enter_opens_the_next_content_that_is_not_done(
    terminal: Make, seat: FakeSeat
) -> None:
    async with at_reader(terminal, seat) as (app, _):
        assert [each.content for each in sent(seat, GetTrainingText)] == ["k2"]
        kinds = seat.kinds()
        assert kinds.index(OpenItem) == len(kinds) - 1
        assert "[red]Nothing[/red] here is markup, <b>nor</b> HTML." in text_of(app)
        assert "[picture: where the number stands]" in text_of(app)


async def test_a_content_that_was_begun_is_opened_at_its_page(
    terminal: Make, seat: FakeSeat
) -> None:
    async with at_tasks(terminal, seat) as (app, pilot):
        await pilot.press("down", "down", "down", "enter")
        await reads(app, "page 3/3")
        assert "One more word." in text_of(app)


async def test_nothing_is_shown_in_a_call(terminal: Make, seat: FakeSeat) -> None:
    async with at_tasks(terminal, seat) as (app, pilot):
        seat.refusals[OpenItem] = Refused(Refusal.WRONG_STATE)
        await pilot.press("enter")
        await until(lambda: asked(seat, OpenItem))
        await until(lambda: "! " in str(app._notice))
        assert isinstance(app.screen, OwnTrainingSheet)


async def test_without_a_text_no_state_changes(terminal: Make, seat: FakeSeat) -> None:
    async with at_tasks(terminal, seat) as (app, pilot):
        del seat.service[GetTrainingText]
        await pilot.press("enter")
        await until(lambda: sent(seat, GetTrainingText))
        await until(lambda: "! " in str(app._notice))
        assert not asked(seat, OpenItem)


async def test_the_clock_is_that_of_the_task_and_goes_on(terminal: Make, seat, clock) -> None:
    async with at_reader(terminal, seat) as (app, _):
        assert "00:02:04 of 00:07:00 · time counts" in text_of(app)
        clock.go_on(61)
        app.show()
        assert "00:03:05 of 00:07:00" in text_of(app)
        seat.send(reading("k2", running=False, since_ms=None, credited_s=71))
        await reads(app, "00:03:05 of 00:07:00 · ! stopped: no key for 3 min; any key goes on")
        clock.go_on(61)
        app.show()
        assert "00:03:05 of" in text_of(app)


async def test_another_window_stops_it_and_says_so(terminal: Make, seat: FakeSeat) -> None:
    async with at_reader(terminal, seat) as (app, _):
        app.post_message(events.AppBlur())
        await until(lambda: (Sign.BLUR, 0) in signs(seat))
        seat.send(reading("k2", running=False, since_ms=None))
        await reads(app, "stopped: another window is in front")
        app.post_message(events.AppFocus())
        await until(lambda: signs(seat)[-1] == (Sign.FOCUS, 0))


async def test_keys_are_told_once_a_second_and_the_last_page_always(
    terminal: Make, seat: FakeSeat, clock
) -> None:
    async with at_reader(terminal, seat) as (app, pilot):
        await pilot.press("space", "space", "space", "space", "space")
        await until(lambda: reader(app).section > 0)
        assert signs(seat) == [(Sign.INPUT, 0)]
        clock.go_on(1.0)
        app._tick()
        await until(lambda: len(signs(seat)) == 2)
        assert signs(seat)[1] == (Sign.INPUT, reader(app).section)
        await pilot.press("home", "pageup", "pageup", "pageup", "pageup")
        await pilot.press("escape")
        await until(lambda: asked(seat, CloseItem))
        assert signs(seat)[2:] == [(Sign.INPUT, 0)]
        assert isinstance(app.screen, OwnTrainingSheet)


async def test_only_its_end_can_be_confirmed(terminal: Make, seat: FakeSeat) -> None:
    async with at_reader(terminal, seat) as (app, pilot):
        assert "I have read it" not in text_of(app)
        await pilot.press("enter")
        await reads(app, "The end has not been seen yet")
        assert not asked(seat, FinishItem)
        await pilot.press(*["space"] * 6)
        await reads(app, "I have read it to its end")
        await pilot.press("enter")
        await reads(app, "contents left 1, time left 00:04:56")
        await until(lambda: asked(seat, CloseItem))
        assert asked(seat, FinishItem)
        assert isinstance(app.screen, OwnTrainingSheet)


async def test_a_long_page_is_read_screen_by_screen(terminal: Make, seat: FakeSeat) -> None:
    long = "\n\n".join(f"line {number}" for number in range(30))
    prepare(seat, f"# One\n\n{long}\n\n# Two\n\nthe end")
    async with signed_in(terminal, seat) as (app, pilot):
        await until(lambda: app._known.training is not None)
        await pilot.press("s")
        await reads(app, "Open: 2")
        await pilot.press("enter")
        await reads(app, "line 0")
        await pilot.press("space")
        assert "page 1/2" in text_of(app)
        assert "line 0" not in text_of(app)
        await pilot.press("end")
        assert "line 29" in text_of(app)
        assert not reader(app).at_end
        await pilot.press("space")
        await reads(app, "the end")
        assert reader(app).at_end
        await pilot.press("pageup")
        await reads(app, "line 29")
        await pilot.press("up", "home", "down")
        assert "line 0" in text_of(app)
        assert not reader(app).at_end


async def test_what_is_done_is_read_again_and_left(terminal: Make, seat: FakeSeat) -> None:
    async with at_tasks(terminal, seat) as (app, pilot):
        await pilot.press("down", "enter")
        await reads(app, "✓ read page 1/3")
        await pilot.press(*["space"] * 6)
        assert "I have read it" not in text_of(app)
        await pilot.press("enter")
        await until(lambda: asked(seat, CloseItem))
        assert not asked(seat, FinishItem)


def _with(seat: FakeSeat, trained_s: int) -> None:
    """All but the second content is done."""
    items = tuple(msgspec.structs.replace(item, done=item.content != "k2") for item in OPEN.items)
    row = msgspec.structs.replace(OPEN, items=items, items_done=2, trained_s=trained_s)
    own = msgspec.structs.replace(OWN, open=(row,))
    seat.send(reading("k2", own=own))


@pytest.mark.parametrize(
    ("trained_s", "said"),
    [(400, "is read; 00:00:10 is lacking"), (410, "is complete. F5 when you are ready for calls.")],
)
async def test_what_is_left_is_said(
    terminal: Make, seat: FakeSeat, trained_s: int, said: str
) -> None:
    async with at_reader(terminal, seat) as (app, pilot):
        _with(seat, trained_s)
        await reads(app, f"00:0{(trained_s + 10) // 60}:{(trained_s + 10) % 60:02} of")
        await pilot.press(*["space"] * 6, "enter")
        await reads(app, said)


async def test_an_end_that_is_not_taken_leaves_the_page(terminal: Make, seat: FakeSeat) -> None:
    seat.refusals[FinishItem] = Refused(Code.NOT_OPEN)
    async with at_reader(terminal, seat) as (app, pilot):
        await pilot.press(*["space"] * 6, "enter")
        await until(lambda: "! " in str(app._notice))
        assert reader(app).section == 2


async def test_being_asked_back_leaves_the_page_and_ready_to_the_reader(
    terminal: Make, seat: FakeSeat
) -> None:
    async with at_reader(terminal, seat) as (app, pilot):
        seat.send(recalled("k2", "2001"))
        await reads(app, "» 2001 asks you back to the line: F5 when you can.")
        seat.send(recalled("k2", "system"))
        await reads(app, "Callers wait")
        assert "page 1/3" in text_of(app)
        await pilot.press("f5")
        await until(lambda: desk.Ready in seat.kinds())


async def test_a_forced_state_closes_it_with_a_word(terminal: Make, seat: FakeSeat) -> None:
    async with at_reader(terminal, seat) as (app, _):
        seat.tell(state=State.NOT_READY, reason=Reason.MEETING)
        seat.send(TOLD)
        await reads(app, "Reading was closed: you are Not ready (Meeting) now.")
        assert isinstance(app.screen, OwnTrainingSheet)


async def test_it_is_closed_once_nothing_lies_over_it(terminal: Make, seat: FakeSeat) -> None:
    async with at_reader(terminal, seat) as (app, pilot):
        await pilot.press("f12")
        seat.send(TOLD)
        await until(lambda: app._known.training == TOLD)
        await pilot.press("escape")
        app._tick()
        await reads(app, "Reading was closed")


async def test_a_locked_screen_closes_it(terminal: Make, seat: FakeSeat) -> None:
    async with at_reader(terminal, seat) as (app, _):
        seat.tell(locked=True)
        await until(lambda: asked(seat, CloseItem))
        assert not isinstance(app.screen, ReaderSheet)


async def test_a_seat_that_is_gone_stops_the_clock(terminal: Make, seat: FakeSeat, clock) -> None:
    async with at_reader(terminal, seat) as (app, _):
        await seat.stop()
        await reads(app, "stopped: the seat is being started again")
        clock.go_on(100)
        app.show()
        assert "00:02:04 of" in text_of(app)


async def test_a_seat_that_answers_anew_is_asked_anew(terminal: Make, seat: FakeSeat) -> None:
    prepare(seat)
    async with signed_in(terminal, seat, AGENT) as (app, _):
        await until(lambda: app._known.training == TOLD)
        await seat.stop()
        await seat.start()
        await until(lambda: len(asked(seat, desk_training.WatchTraining)) == 2)


async def test_somebody_else_s_training_is_forgotten(terminal: Make, seat: FakeSeat) -> None:
    prepare(seat)
    async with signed_in(terminal, seat, AGENT) as (app, _):
        await until(lambda: app._known.training == TOLD)
        seat.tell(agent="1002", now=NOW + timedelta(seconds=1))
        await until(lambda: app._known.training is None)
