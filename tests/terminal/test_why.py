"""Why a figure is what it is, what can be asked and decided about it, and that nothing is lost."""

from contextlib import asynccontextmanager
from datetime import timedelta

import msgspec
import pytest
from textual.widgets import Input, OptionList

from agent_client.terminal.screens.ask_exception import AskException
from agent_client.terminal.screens.desk import DeskScreen
from agent_client.terminal.screens.floor import FloorScreen
from agent_client.terminal.screens.person import PersonScreen
from agent_client.terminal.screens.why import LedWhy, OwnWhy
from agent_client.terminal.screens.why_decide import DecideException
from agent_client.terminal.why_incidents import incident_rows
from agent_client.terminal.wording import Wording
from protocol.facts.agent import Reason, State
from protocol.facts.correction import Overlay
from protocol.i18n import load
from protocol.rules.fatigue import Breach
from protocol.rules.stand_ins import StandIn
from protocol.wire import desk_call
from protocol.wire.adherence import AdherenceDay, GetAdherence
from protocol.wire.desk_call import CallState
from protocol.wire.desk_floor import Floor
from protocol.wire.exceptions import (
    MAX_EXCEPTION_TEXT,
    DecideExceptions,
    ExceptionMade,
    ExceptionsDecided,
    ProposeException,
    Standing,
    WithdrawException,
)
from protocol.wire.session import Person, Role
from tests.terminal.fake_seat import NOW, FakeSeat, call
from tests.terminal.people import PERSON
from tests.terminal.plan_scenes import (
    FAULT,
    PENDING,
    PLAN,
    TODAY,
    adherence_day,
    at,
    exception,
    figured,
    own_day,
    tells_day,
)
from tests.terminal.scenes import FLOOR, status
from tests.terminal.showing import opened, reads, text_of
from tests.terminal.test_hostile_text import HOSTILE
from tests.terminal.waiting import until

FIRST, PERSONAL, ASKED = 0, 1, 4
"""Places of stretches: signed out, personal need, and the one that is pending."""


@asynccontextmanager
async def opened_why(terminal, seat: FakeSeat, page: AdherenceDay, down: int = 0):
    """The explanation of the own day, with the cursor some stretches down."""
    seat.status, seat.own_day = status(State.READY), own_day()
    seat.service[GetAdherence] = tells_day(page)
    app = terminal()
    async with opened(app, (100, 40)) as pilot:
        await pilot.press("u")
        await until(lambda: isinstance(app.screen, OwnWhy) and app.screen.page)
        await pilot.press(*["down"] * down)
        yield app, pilot


@asynccontextmanager
async def opened_of_another(
    terminal, seat: FakeSeat, down: int = 0, page: AdherenceDay | None = None
):
    """The explanation of a day of whoever stands second on a lead's floor."""
    seat.status = status(State.NOT_READY, roles=(Role.LEADER,), agent="2001")
    seat.page = msgspec.structs.replace(PERSON, person=Person("1003", "Li", (Role.AGENT,), "A"))
    seat.service[GetAdherence] = tells_day(page or adherence_day())
    app = terminal(supervisor=True)
    async with opened(app, (100, 40)) as pilot:
        seat.send(Floor(FLOOR, NOW, reset=True))
        await until(lambda: isinstance(app.screen, FloorScreen) and app.screen.board.rows)
        await pilot.press("down", "down", "enter")
        await until(lambda: isinstance(app.screen, PersonScreen) and app.screen.page)
        await pilot.press("u")
        await until(lambda: isinstance(app.screen, LedWhy) and app.screen.page)
        await pilot.press(*["down"] * down)
        yield app, pilot


def sent(seat: FakeSeat, kind: type) -> list[object]:
    """What of a kind the service was asked."""
    return [each for each in seat.asked_service() if isinstance(each, kind)]


def as_proposed(message: ProposeException) -> ExceptionMade:
    """How the service answers."""
    row = exception("e9", "09:00", "09:12", code=message.code, text=message.text)
    return ExceptionMade(0, row)


async def test_every_stretch_says_how_it_counts(terminal, seat: FakeSeat) -> None:
    page = adherence_day()
    async with opened_why(terminal, seat, page) as (app, _):
        text = text_of(app)
        for said in (
            "09:00:00–09:12:00 12:00 Work Signed out − out",
            "09:40:00–09:48:00 8:00 Work Personal + personal allowance",
            "10:00:00–10:15:00 15:00 Work Set by a lead + excused",
            "10:45:00–10:45:40 0:40 Work Short break + forgiven: grace",
            "11:00:00–11:20:00 20:00 Work Short break ~ out, pending",
            "11:30:00–11:40:00 10:00 Work Unknown ? unknown",
            "12:00:00–12:10:00 10:00 Meal Talk + excused: call",
            "13:00:00–13:11:30 11:30 Work Meal + excused: floating break",
            "13:11:30–13:20:00 8:30 Work Meal + excused",
        ):
            assert said in text


async def test_raw_and_counted_stand_side_by_side(terminal, seat: FakeSeat) -> None:
    async with opened_why(terminal, seat, adherence_day()) as (app, _):
        await reads(app, "Counted 86.15–89.45 % ~ provisional Without exceptions 78.41–81.70 %")


@pytest.mark.parametrize(
    ("down", "words"),
    [
        (FIRST, "exclude, Something else: rejected by 2001 11-22 10:02"),
        (FIRST, "Answer: Please call before the shift"),
        (PERSONAL, "allowance of 20 min a shift. It needs no approval."),
        (2, "excuse, Set by a lead: approved by 2001"),
        (ASKED, "An exception is pending: not counted yet."),
        (5, "it counts against nobody"),
        (9, "excuse, Helped on the floor: approved by 2001"),
    ],
)
async def test_the_line_below_says_what_was_decided(
    terminal, seat: FakeSeat, down: int, words: str
) -> None:
    async with opened_why(terminal, seat, adherence_day(), down) as (app, _):
        await reads(app, words)


async def test_an_incident_is_named_with_who_confirmed_it(terminal, seat: FakeSeat) -> None:
    stretches = (("09:00", State.READY, None), ("11:30", None, None), ("11:40", State.READY, None))
    made = figured(stretches, incidents=(FAULT,))
    page = adherence_day(stretches, (), slices=made.slices, figure=made.figure, incidents=(FAULT,))
    async with opened_why(terminal, seat, page, 1) as (app, _):
        await reads(app, "× excluded")
        await reads(app, "Incident confirmed by 3001: Switch on floor 2 failed")


@pytest.mark.parametrize(
    ("incident", "changes", "because"),
    [
        (FAULT, "whole site, excludes 10 min", "Switch on floor 2 failed"),
        (
            msgspec.structs.replace(FAULT, start_ms=at("10:00"), end_ms=at("10:30"), team="A"),
            "team A, changes nothing",
            "only time that was lost is excluded",
        ),
        (
            msgspec.structs.replace(FAULT, actor="1001"),
            "whole site, changes nothing",
            "Who confirms an incident",
        ),
    ],
    ids=["lost", "nothing-lost", "own"],
)
def test_every_incident_in_planned_time_says_what_it_changed(incident, changes, because) -> None:
    stretches = (("09:00", State.READY, None), ("11:30", None, None), ("11:40", State.READY, None))
    made = figured(stretches, incidents=(incident,))
    outside = msgspec.structs.replace(
        FAULT, incident="i9", start_ms=at("05:00"), end_ms=at("06:00")
    )
    page = adherence_day(stretches, (), slices=made.slices, incidents=(incident, outside))
    heading, row = incident_rows(Wording(load("en")), page, 76)
    assert heading.line.plain == "Incidents in planned time: 1"
    assert row.line.cell_length <= 76
    said = "\n".join(each.plain for each in row.detail)
    assert changes in said
    assert because in said


async def test_the_sums_add_up_and_the_plans_are_named(terminal, seat: FakeSeat) -> None:
    async with opened_why(terminal, seat, adherence_day()) as (app, pilot):
        figure = adherence_day().figure
        assert figure.in_adherence_s + figure.out_of_adherence_s == figure.counted_s
        await pilot.press("end")
        await reads(app, "in 4:21:20 + out 0:42:00 = 5:03:20".replace("0:42:00", "42:00"))
        await reads(app, "No. 4 09:00:00–18:00:00 D roster published, 2001, 11-18 09:00")
        await reads(app, "No. 7 09:00:00–18:00:00 D hours moved, 3001, 11-21 17:30 (in force)")
        await reads(app, "late · in 09:12:00")
        await reads(app, "Longest work without a rest")


async def test_who_stood_in_for_whom_is_said_with_whose_word_it_was(
    terminal, seat: FakeSeat
) -> None:
    word = StandIn("1003", TODAY, "1001", "2001", "Li is ill", at("08:00"), PLAN)
    worked = msgspec.structs.replace(adherence_day().attendance[0], for_agent="1003")
    fatigue = msgspec.structs.replace(
        adherence_day().fatigue, breaches=(Breach(at("09:00"), at("15:00")),)
    )
    page = adherence_day(stand_ins=(word,), attendance=(worked,), fatigue=fatigue)
    async with opened_why(terminal, seat, page) as (app, pilot):
        await pilot.press("end")
        await reads(app, "09:00:00–18:00:00 shift of 1003, worked by 1001: 2001, 11-22 08:00")
        await reads(app, "in place of 1003")
        await reads(
            app, "At 15:00 work without a rest reached the limit: the organisation's breach"
        )


async def test_other_days_go_back_and_never_beyond_today(terminal, seat: FakeSeat) -> None:
    async with opened_why(terminal, seat, adherence_day()) as (app, pilot):
        await pilot.press("left")
        await until(lambda: app.screen.page and app.screen.page.day == TODAY - timedelta(days=1))
        await pilot.press("right", "right", "right")
        await until(lambda: app.screen.page and app.screen.page.day == TODAY)
        days = [each.day for each in sent(seat, GetAdherence)]
        assert days == [TODAY, TODAY - timedelta(days=1), TODAY]


async def test_what_the_desk_computed_alone_says_so(terminal, seat: FakeSeat) -> None:
    async with opened_why(terminal, seat, adherence_day(offline=True)) as (app, _):
        await reads(app, "! computed at this desk alone")


async def test_a_day_that_is_refused_says_why_and_keeps_what_is_shown(
    terminal, seat: FakeSeat
) -> None:
    async with opened_why(terminal, seat, adherence_day()) as (app, _):
        del seat.service[GetAdherence]
        app._read_why()
        await reads(app, "ws://x can't be reached")
        assert "09:00:00–09:12:00" in text_of(app)


async def test_a_call_is_answered_over_it(terminal, seat: FakeSeat) -> None:
    async with opened_why(terminal, seat, adherence_day()) as (app, pilot):
        seat.tell(state=State.RINGING, call=call(CallState.RINGING))
        await reads(app, "F2 Answer")
        await pilot.press("f2")
        await until(lambda: desk_call.Answer in seat.kinds())
        await pilot.press("escape")
        assert isinstance(app.screen, DeskScreen)


async def test_an_exception_is_asked_for_with_a_reason_and_words(terminal, seat: FakeSeat) -> None:
    seat.service[ProposeException] = as_proposed
    async with opened_why(terminal, seat, adherence_day()) as (app, pilot):
        await pilot.press("e")
        await reads(app, "Another person decides")
        await pilot.press("down", "down", "enter", "down", "enter", *"SOP", "enter")
        await reads(app, "Kept, and pending: a lead decides it.")
        (asked,) = sent(seat, ProposeException)
        assert isinstance(asked, ProposeException)
        assert asked.key
        assert msgspec.structs.replace(asked, key="") == ProposeException(
            0, "", "1001", TODAY, at("09:00"), at("09:12"), Overlay.CORRECT, "COACHING", "SOP",
            (), State.NOT_READY, Reason.COACHING,
        )  # fmt: skip
        assert isinstance(app.screen, OwnWhy)
        assert len(sent(seat, GetAdherence)) == 2


async def test_what_shows_it_goes_along_and_stays_in_the_draft(terminal, seat: FakeSeat) -> None:
    seat.service[ProposeException] = as_proposed
    async with opened_why(terminal, seat, adherence_day()) as (app, pilot):
        await pilot.press("e", "tab", "tab", *"lost", "tab", *"INC 47")
        await pilot.press("escape", "e")
        await until(lambda: isinstance(app.screen, AskException))
        fields = app.screen.query(Input)
        assert [each.value for each in fields] == ["lost", "INC 47"]
        assert max(each.max_length or 0 for each in fields) == MAX_EXCEPTION_TEXT
        fields.last(Input).value = " INC\u3000 47 "
        await pilot.press("tab", "tab", "tab", "enter")
        await reads(app, "Kept, and pending")
    (asked,) = sent(seat, ProposeException)
    assert (asked.text, asked.evidence) == ("lost", ("INC 47",))


async def test_whoever_decides_reads_what_shows_it(terminal, seat: FakeSeat) -> None:
    shown = msgspec.structs.replace(PENDING, evidence=("INC 47", "call 12"))
    page = adherence_day(exceptions=(shown,))
    async with opened_of_another(terminal, seat, ASKED, page) as (app, pilot):
        await reads(app, "Evidence: INC 47, call 12")
        await pilot.press("b")
        await until(lambda: isinstance(app.screen, DecideException))
        await reads(app, "Evidence: INC 47, call 12")


async def test_what_was_refused_keeps_its_words_and_its_key(terminal, seat: FakeSeat) -> None:
    async with opened_why(terminal, seat, adherence_day()) as (app, pilot):
        await pilot.press("e", "tab", "tab", *"lost")
        await pilot.press("enter")
        await reads(app, "ws://x can't be reached")
        await pilot.press("enter")
        await until(lambda: len(sent(seat, ProposeException)) == 2)
        await pilot.press(*"!", "enter")
        await until(lambda: len(sent(seat, ProposeException)) == 3)
        keys = [each.key for each in sent(seat, ProposeException)]
        assert keys[0] == keys[1] != keys[2]
        assert app.screen.query_one("#text", Input).value == "lost!"


async def test_what_was_typed_stands_there_when_one_comes_back_to_the_stretch(
    terminal, seat: FakeSeat
) -> None:
    async with opened_why(terminal, seat, adherence_day()) as (app, pilot):
        await pilot.press("e", "down", "down", "tab", "down", "tab", *"lost")
        await pilot.press("escape", "escape", "u")
        await until(lambda: isinstance(app.screen, OwnWhy))
        await reads(app, "The sum")
        await pilot.press("e")
        await until(lambda: isinstance(app.screen, AskException))
        chosen = [
            app.screen.query_one(name, OptionList).highlighted for name in ("#meant", "#code")
        ]
        assert (app.screen.query_one("#text", Input).value, chosen) == ("lost", [2, 1])


async def test_nothing_is_asked_without_words(terminal, seat: FakeSeat) -> None:
    async with opened_why(terminal, seat, adherence_day()) as (app, pilot):
        await pilot.press("e", "tab", "tab", "enter")
        await reads(app, "Words are needed here")
        assert not sent(seat, ProposeException)
        assert isinstance(app.screen, AskException)


async def test_an_own_pending_one_is_taken_back_and_no_other(terminal, seat: FakeSeat) -> None:
    withdrawn = msgspec.structs.replace(PENDING, standing=Standing.WITHDRAWN)
    seat.service[WithdrawException] = lambda _: ExceptionMade(0, withdrawn)
    async with opened_why(terminal, seat, adherence_day()) as (app, pilot):
        await pilot.press("w")
        await reads(app, "nothing of yours is pending")
        await pilot.press(*["down"] * ASKED, "w")
        await reads(app, "Taken back. The figure stays as it was.")
        assert [each.exception for each in sent(seat, WithdrawException)] == ["e1"]


async def test_nobody_decides_about_themselves(terminal, seat: FakeSeat) -> None:
    async with opened_why(terminal, seat, adherence_day(), ASKED) as (app, pilot):
        await pilot.press("b")
        await pilot.pause()
        assert isinstance(app.screen, OwnWhy)
        assert "Decide" not in text_of(app)


async def test_a_lead_decides_from_a_persons_page(terminal, seat: FakeSeat) -> None:
    approved = msgspec.structs.replace(PENDING, standing=Standing.APPROVED)
    seat.service[DecideExceptions] = lambda _: ExceptionsDecided(0, (approved,))
    async with opened_of_another(terminal, seat) as (app, pilot):
        await pilot.press("b")
        await reads(app, "Nothing is to be decided in this line.")
        await pilot.press(*["down"] * ASKED, "b")
        await reads(app, "Decide this exception")
        await pilot.press("enter", *"ok", "enter")
        await reads(app, "Approved, and kept. The figure is counted anew.")
        assert sent(seat, DecideExceptions) == [DecideExceptions(0, ("e1",), True, "ok")]
        assert [each.agent for each in sent(seat, GetAdherence)] == ["1003", "1003"]


async def test_a_rejection_needs_words(terminal, seat: FakeSeat) -> None:
    seat.service[DecideExceptions] = lambda _: ExceptionsDecided(0, (), {"e1": "second_by_same"})
    async with opened_of_another(terminal, seat, ASKED) as (app, pilot):
        await pilot.press("b", "down", "enter", "enter")
        await reads(app, "Words are needed here")
        await pilot.press(*"no", "enter")
        await reads(app, "You have approved it. It needs a second person.")
        assert isinstance(app.screen, DecideException)
        assert app.screen.query_one(Input).value == "no"


async def test_a_lead_proposes_for_somebody(terminal, seat: FakeSeat) -> None:
    seat.service[ProposeException] = as_proposed
    async with opened_of_another(terminal, seat) as (app, pilot):
        await pilot.press("e", "enter", "enter", *"fair", "enter")
        await until(lambda: sent(seat, ProposeException))
        (asked,) = sent(seat, ProposeException)
        assert (asked.agent, asked.what, asked.text) == ("1003", Overlay.EXCUSE, "fair")
        await reads(app, "Why this figure 1003")


async def test_what_people_wrote_is_text(terminal, seat: FakeSeat) -> None:
    rows = tuple(
        exception(
            f"e{place}",
            "11:00",
            "11:20",
            code=text or "X",
            text=text,
            actor=text,
            decision=text,
            deciders=(text,),
            adjusts=text,
        )
        for place, text in enumerate(HOSTILE)
    )
    async with opened_why(terminal, seat, adherence_day(exceptions=rows)) as (app, pilot):
        await reads(app, "excuse [red]x[/x]")
        for _ in range(10 + len(HOSTILE)):
            await pilot.press("down")
            assert "\x1b" not in text_of(app)
        assert isinstance(app.screen, OwnWhy)


async def test_the_cursor_stays_on_its_line_when_the_day_is_read_again(
    terminal, seat: FakeSeat
) -> None:
    async with opened_why(terminal, seat, adherence_day(), ASKED) as (app, pilot):
        before = app.screen.query_one(OptionList).highlighted
        seat.service[GetAdherence] = tells_day(adherence_day(locked=True))
        app._read_why()
        await until(lambda: app.screen.page.locked)
        await pilot.pause()
        assert app.screen.query_one(OptionList).highlighted == before


async def test_an_unknown_time_asks_for_no_day(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.READY, now=None)
    async with opened(app := terminal()) as pilot:
        await pilot.press("u")
        await reads(app, "The time is not known yet")
        assert not seat.asked_service()
