"""Corrections of plans and incidents in the queue: shown before and after, decided with the same
keys, an incident confirmed, and withdrawn."""

from datetime import date

import msgspec
import pytest
from textual.widgets import Input, OptionList

from agent_client.terminal.queue_rows import undecidable
from agent_client.terminal.screens.exceptions import ExceptionsSheet
from agent_client.terminal.screens.exceptions_decide import DecideQueue
from agent_client.terminal.screens.incident import IncidentPrompt
from agent_client.terminal.screens.incident_withdraw import IncidentWithdrawal
from agent_client.terminal.screens.why import LedWhy
from agent_client.terminal.why_account import plan_rows
from agent_client.terminal.wording import Wording
from protocol.facts.correction import PlanInstead
from protocol.facts.shift import PlanCause
from protocol.i18n import load
from protocol.rules.exception_decisions import Standing
from protocol.wire.desk_plan import OwnDay
from protocol.wire.errors import Code, Refused
from protocol.wire.exceptions import DecideExceptions, Exceptions, GetExceptions
from protocol.wire.incidents import (
    ConfirmIncident,
    DecideIncident,
    IncidentRow,
    IncidentStands,
    WithdrawIncident,
)
from protocol.wire.plan_corrections import (
    DecidePlanCorrection,
    PlanCorrectionRow,
    PlanCorrectionStands,
)
from protocol.wire.roster import DayPlan
from tests.terminal.fake_seat import FakeSeat
from tests.terminal.plan_scenes import (
    DAY_SHIFT,
    LATE_SHIFT,
    TODAY,
    adherence_day,
    at,
    shift,
)
from tests.terminal.roster_scenes import NAMES, QUEUE, Queue, exception
from tests.terminal.showing import reads, text_of
from tests.terminal.test_exception_queue import asked, decide, open_queue
from tests.terminal.test_hostile_text import HOSTILE
from tests.terminal.waiting import until

YESTERDAY = date(2026, 11, 21)
SWAP = PlanCorrectionRow(
    "c1",
    (
        PlanInstead(
            "1003",
            YESTERDAY,
            shift(*DAY_SHIFT, day=YESTERDAY),
            shift(*LATE_SHIFT, day=YESTERDAY),
            "late",
        ),
        PlanInstead("1005", YESTERDAY, shift(*LATE_SHIFT, day=YESTERDAY), (), ""),
    ),
    "They had swapped",
    "2002",
    at("09:12"),
    Standing.SECOND,
)
MEAL_AT_ONE = ("09:00-13:00 WORK", "13:00-13:30 MEAL", "13:30-18:00 WORK")
FAULT = IncidentRow(
    "i1",
    at("09:30"),
    at("10:15"),
    "",
    "3001",
    "The switch failed",
    at("10:30"),
    Standing.SECOND,
    ("3001",),
)


class MixedQueue(Queue):
    """With a correction and an incident before the exceptions."""

    def __init__(self) -> None:
        super().__init__(QUEUE[:1])
        self.others = [FAULT, SWAP]

    def serve(self, seat: FakeSeat) -> None:
        """Answer what a lead asks."""
        super().serve(seat)
        seat.service[DecidePlanCorrection] = self.decide_correction
        seat.service[DecideIncident] = self.decide_incident

    def get(self, asked: GetExceptions) -> Exceptions:
        """What is listed."""
        told = super().get(asked)
        return msgspec.structs.replace(
            told,
            corrections=tuple(e for e in self.others if isinstance(e, PlanCorrectionRow)),
            incidents=tuple(e for e in self.others if isinstance(e, IncidentRow)),
        )

    def decide_correction(self, asked: DecidePlanCorrection) -> PlanCorrectionStands:
        """It goes from the queue."""
        self.others.remove(SWAP)
        standing = Standing.APPROVED if asked.approved else Standing.REJECTED
        return PlanCorrectionStands(0, msgspec.structs.replace(SWAP, standing=standing))

    def decide_incident(self, asked: DecideIncident) -> IncidentStands:
        """Likewise."""
        self.others.remove(FAULT)
        standing = Standing.APPROVED if asked.approved else Standing.REJECTED
        return IncidentStands(0, msgspec.structs.replace(FAULT, standing=standing))


async def test_before_and_after_of_every_day_are_shown(terminal, seat: FakeSeat) -> None:
    async with open_queue(terminal, seat, MixedQueue()) as (app, pilot):
        assert "listed: 3" in text_of(app)
        assert "whole site · 11-22 09:30:00 – 11-22 10:15:00 · 45 min" in text_of(app)
        assert "Incident confirmed by 3001: The switch failed" in text_of(app)
        await pilot.press("down")
        await reads(app, "1003 李建国 · Sat 2026-11-21 · 09:00–18:00 → 13:00–22:00")
        assert "09:00–18:00 → 13:00–22:00 +1" in text_of(app)
        assert "· 13:00–22:00 → off" in text_of(app)
        assert "Asked for by 2002, 11-22 09:12: They had swapped" in text_of(app)
        assert "second after 2002" in text_of(app)
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, LedWhy))
        assert (app.screen.agent, app.screen.day) == ("1003", YESTERDAY)


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (Standing.SECOND, "second after 2002"),
        (Standing.APPROVED, "approved by 3001 11-22 10:30"),
    ],
)
def test_whose_figure_it_changes_reads_both_plans_and_who_decided(
    standing: Standing, said: str
) -> None:
    second = {"decided_by": "3001", "decided_ms": at("10:30"), "decision": "seen"}
    known = {Standing.SECOND: {}, Standing.APPROVED: second}[standing]
    row = msgspec.structs.replace(SWAP, days=SWAP.days[:1], standing=standing, **known)
    page = msgspec.structs.replace(adherence_day(), corrections=(row,))
    *_, line = plan_rows(Wording(load("en")), page)
    texts = [" ".join(each.plain.split()) for each in line.detail]
    assert "09:00–18:00 → 13:00–22:00" in texts[0]
    assert "Asked for by 2002, 11-22 09:12: They had swapped" in texts
    assert said in texts


def test_a_plan_that_a_correction_made_says_what_lies_in_it_by_whom_and_why() -> None:
    fixed = msgspec.structs.replace(
        SWAP, standing=Standing.APPROVED, revision=7, decided_by="3001", decided_ms=at("10:30")
    )
    plan = DayPlan("1003", TODAY, shift(*MEAL_AT_ONE), "day", 7, PlanCause.CORRECTION, "", "3001")
    page = msgspec.structs.replace(
        adherence_day(), plans=(plan,), corrections=(fixed,), names={"2002": "Zhou", "3001": "Sun"}
    )
    _, line, *_ = plan_rows(Wording(load("en")), page)
    told = [each.plain for each in line.detail]
    assert told[1] == "09:00–18:00  Meal 13:00–13:30"
    assert "Asked for by 2002 Zhou, 11-22 09:12: They had swapped" in told
    assert "approved by 3001 Sun  11-22 10:30" in told


@pytest.mark.parametrize(
    ("code", "key", "said"),
    [
        ("own_case", "a", "Nobody decides about themselves"),
        ("own_case", "r", "Nobody decides about themselves"),
        ("not_permitted", "r", "Your role does not permit this"),
        ("second_by_same", "a", "It needs a second person"),
    ],
)
async def test_what_the_reader_can_not_decide_says_why_and_asks_nothing(
    terminal, seat: FakeSeat, code: str, key: str, said: str
) -> None:
    queue = MixedQueue()
    queue.others = [msgspec.structs.replace(SWAP, undecidable=code)]
    async with open_queue(terminal, seat, queue) as (app, pilot):
        await pilot.press(key)
        await reads(app, said)
        assert isinstance(app.screen, ExceptionsSheet)


def test_whoever_approved_it_first_may_still_reject_it() -> None:
    own = msgspec.structs.replace(FAULT, undecidable="second_by_same")
    assert undecidable(own, approved=True) == "second_by_same"
    assert undecidable(own, approved=False) == ""


async def test_the_consequence_of_each_kind_stands_above_all_that_is_decided(
    terminal, seat: FakeSeat
) -> None:
    async with open_queue(terminal, seat, MixedQueue()) as (app, pilot):
        await pilot.press("space", "space", "space", "a")
        await until(lambda: isinstance(app.screen, DecideQueue))
        await reads(app, "Time lost to an incident is excluded")
        assert "Plans become what stands after the arrow" in text_of(app)
        assert "Exceptions count; long or old ones need a second person" in text_of(app)
        cases = app.screen.query_one("#deciding-cases")
        await until(lambda: cases.max_scroll_y or cases.size.height >= 4)
        fields = app.screen.query_one(Input)
        assert fields.region.bottom < app.size.height - 2


async def test_many_cases_scroll_and_the_words_stay_in_sight(terminal, seat: FakeSeat) -> None:
    rows = tuple(exception(number, "1003") for number in range(1, 13))
    async with open_queue(terminal, seat, Queue(rows), "zh_CN") as (app, pilot):
        await pilot.press(*["space"] * 12, "a")
        await until(lambda: isinstance(app.screen, DecideQueue))
        cases = app.screen.query_one("#deciding-cases")
        await until(lambda: cases.show_vertical_scrollbar)
        assert "时段较长或日期较早的需第二人审批" in text_of(app)
        await pilot.press(*["down"] * 12)
        await until(lambda: cases.scroll_offset.y == cases.max_scroll_y)
        assert app.screen.query_one(Input).has_focus


async def test_the_queue_is_read_anew_when_the_service_tells_of_the_day_and_once_decided(
    terminal, seat: FakeSeat
) -> None:
    def decided(_: DecideIncident):
        raise Refused(Code.ALREADY_DECIDED)

    queue = MixedQueue()
    async with open_queue(terminal, seat, queue) as (app, pilot):
        queue.others.remove(SWAP)
        seat.send(OwnDay(TODAY, 0))
        await reads(app, "listed: 2")
        seat.service[DecideIncident] = decided
        before = len(asked(seat, GetExceptions))
        await decide(app, pilot, "a", "ok")
        await reads(app, "It is decided already")
        await until(lambda: len(asked(seat, GetExceptions)) > before)
        assert app.screen.query_one(Input).value == "ok"


async def test_the_same_read_anew_leaves_the_list_where_it_was_scrolled_to(
    terminal, seat: FakeSeat
) -> None:
    rows = tuple(exception(number, "1003") for number in range(1, 40))
    answers = iter(range(1, 100))
    async with open_queue(terminal, seat, Queue(rows)) as (app, _):
        seat.service[GetExceptions] = lambda _: Exceptions(next(answers), rows, NAMES)
        listed = app.screen.query_one(OptionList)
        listed.scroll_to(y=12, animate=False, immediate=True)
        seat.send(OwnDay(TODAY, 0))
        await until(lambda: app.screen.told.re == 1)
        await reads(app, "listed: 39")
        assert (listed.highlighted, listed.scroll_offset.y) == (0, 12)


async def test_all_that_is_ticked_is_decided_with_one_key(terminal, seat: FakeSeat) -> None:
    async with open_queue(terminal, seat, MixedQueue()) as (app, pilot):
        await pilot.press("space", "space", "space")
        await decide(app, pilot, "a", "seen")
        await reads(app, "Approved: 3.")
        assert asked(seat, DecideExceptions) == [DecideExceptions(0, ("e1",), True, "seen")]
        assert asked(seat, DecidePlanCorrection) == [DecidePlanCorrection(0, "c1", True, "seen")]
        assert asked(seat, DecideIncident) == [DecideIncident(0, "i1", True, "seen")]
        await reads(app, "Nothing waits for a decision in this span.")


async def test_a_refused_correction_says_why_and_keeps_the_words(terminal, seat: FakeSeat) -> None:
    def refuse(_: DecidePlanCorrection):
        raise Refused(Code.PLAN_CHANGED, agent="1003", day="2026-11-21")

    async with open_queue(terminal, seat, MixedQueue(), "zh_CN") as (app, pilot):
        seat.service[DecidePlanCorrection] = refuse
        await pilot.press("down")
        await decide(app, pilot, "a", "ok")
        await reads(app, "1003 在 2026-11-21 的班次已变动")
        assert app.screen.query_one(Input).value == "ok"
        await pilot.press("escape")
        assert app.screen.meant() == (SWAP,)


async def test_one_of_many_that_is_refused_holds_up_no_other(terminal, seat: FakeSeat) -> None:
    def refuse(_: DecideIncident):
        raise Refused(Code.OWN_CASE)

    async with open_queue(terminal, seat, MixedQueue()) as (app, pilot):
        seat.service[DecideIncident] = refuse
        await pilot.press("space", "space", "space")
        await decide(app, pilot, "a", "seen")
        await reads(app, "Approved: 2.")
        await reads(app, "Not changed: 1")
        assert len(asked(seat, DecidePlanCorrection)) == 1


async def test_an_incident_is_withdrawn_with_its_reason(terminal, seat: FakeSeat) -> None:
    queue = MixedQueue()
    queue.others[0] = msgspec.structs.replace(FAULT, text="The switch failed again. " * 15)
    async with open_queue(terminal, seat, queue) as (app, pilot):
        gone = msgspec.structs.replace(FAULT, standing=Standing.WITHDRAWN)
        seat.service[WithdrawIncident] = lambda _: IncidentStands(0, gone)
        await pilot.press("down", "w")
        await reads(app, "An incident that counts, or waits for a second person")
        await pilot.press("up", "w")
        await until(lambda: isinstance(app.screen, IncidentWithdrawal))
        await reads(app, "Time lost to it is not excluded any more")
        await until(lambda: app.screen.query_one(".form-says").show_vertical_scrollbar)
        await pilot.press("enter")
        await reads(app, "1000")
        await pilot.press(*"wrong", "enter")
        await reads(app, "The incident is withdrawn.")
        assert asked(seat, WithdrawIncident) == [WithdrawIncident(0, "i1", "wrong")]
        assert isinstance(app.screen, ExceptionsSheet)


async def test_what_people_wrote_is_text(terminal, seat: FakeSeat) -> None:
    async with open_queue(terminal, seat, MixedQueue()) as (app, pilot):
        for text in HOSTILE:
            day = msgspec.structs.replace(SWAP.days[0], agent=text, pattern=text)
            row = msgspec.structs.replace(
                SWAP, days=(day,), text=text, actor=text, decided_by=text, decision=text
            )
            fault = msgspec.structs.replace(
                FAULT, team=text, text=text, actor=text, deciders=(text,), decision=text
            )
            told = Exceptions(0, (), NAMES | {text: text}, corrections=(row,), incidents=(fault,))
            seat.service[GetExceptions] = lambda _, told=told: told
            app._read_queue()
            await until(lambda told=told: app.screen.told == told)
            await pilot.press("down", "a")
            await pilot.pause()
            assert "\x1b" not in text_of(app)
            await pilot.press("escape")


async def test_an_incident_is_confirmed_once(terminal, seat: FakeSeat) -> None:
    async with open_queue(terminal, seat, Queue()) as (app, pilot):
        await pilot.press("n")
        await until(lambda: isinstance(app.screen, IncidentPrompt))
        await pilot.pause()
        await pilot.press(*"0930", "enter", *"10:15", "enter", "enter", "enter")
        await reads(app, "Say what failed")
        await pilot.press(*"switch", "enter")
        await reads(app, "can't be reached")
        seat.service[ConfirmIncident] = lambda _: IncidentStands(0, FAULT)
        await pilot.press("enter")
        await reads(app, "it counts once a second person confirms it")
        first, second = asked(seat, ConfirmIncident)
        assert first == second
        assert (first.start_ms, first.end_ms) == (at("09:30"), at("10:15"))
        assert (first.text, first.team) == ("switch", "")


async def test_an_incident_of_a_team_over_midnight(terminal, seat: FakeSeat) -> None:
    async with open_queue(terminal, seat, Queue()) as (app, pilot):
        alone = msgspec.structs.replace(FAULT, standing=Standing.APPROVED)
        seat.service[ConfirmIncident] = lambda _: IncidentStands(0, alone)
        await pilot.press("n")
        await until(lambda: isinstance(app.screen, IncidentPrompt))
        app.screen.query_one("#day", Input).value = "11-20"
        await pilot.press(*"2330", "enter", *"0030", "enter", *"A", "enter", *"x", "enter")
        await until(lambda: asked(seat, ConfirmIncident))
        (sent,) = asked(seat, ConfirmIncident)
        assert sent.start_ms == at("23:30", date(2026, 11, 20))
        assert sent.end_ms == at("00:30", date(2026, 11, 21))
        assert sent.team == "A"
        await reads(app, "The incident is confirmed and kept.")


async def test_a_refused_incident_says_why(terminal, seat: FakeSeat) -> None:
    def refuse(_: ConfirmIncident):
        raise Refused(Code.UNKNOWN_TEAM, team="Z")

    async with open_queue(terminal, seat, Queue()) as (app, pilot):
        seat.service[ConfirmIncident] = refuse
        await pilot.press("n")
        await until(lambda: isinstance(app.screen, IncidentPrompt))
        await pilot.pause()
        await pilot.press(*"9", "enter", *"10", "enter", *"Z", "enter", *"x", "enter")
        await reads(app, "There is no team Z.")
        assert isinstance(app.screen, IncidentPrompt)
