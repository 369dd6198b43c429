"""The plan on the desk: counts down, warns quietly, and keeps silent during a call."""

from datetime import date

import msgspec
import pytest

from agent_client.terminal.widgets.call_panel import CallPanel
from agent_client.terminal.widgets.plan_panel import PlanPanel
from protocol.facts.agent import Reason, State
from protocol.facts.request import RequestKind, RequestStanding
from protocol.wire.desk_plan import WatchDay
from protocol.wire.errors import Code, Refused
from protocol.wire.handover import AnsweredRequest, OwnNotices
from tests.terminal.desk_scenes import AFTER, TALKING
from tests.terminal.fake_seat import FakeSeat
from tests.terminal.plan_scenes import AS_OF, LATE, MIXED, NOTICES, own_day, shift
from tests.terminal.scenes import status
from tests.terminal.showing import opened, reads, text_of
from tests.terminal.test_plan_pictures import MEAL_DUE, SOON, TIRED
from tests.terminal.waiting import until

READY = status(State.READY)
LEAVE = RequestKind.LEAVE
OVER = (*LATE, ("13:40", State.TALK, None), ("14:02", State.ACW, None))


async def test_what_comes_next_counts_down(terminal, seat: FakeSeat, clock) -> None:
    seat.status, seat.own_day = READY, own_day(plan=SOON)
    async with opened(app := terminal()) as pilot:
        await reads(app, "▸ Break in 4 min")
        clock.go_on(180)
        app.show()
        await pilot.pause()
        assert "▸ Break in 1 min" in text_of(app)
        clock.go_on(60)
        app.show()
        await pilot.pause()
        assert "Work in 15 min" in text_of(app)


async def test_what_is_far_away_is_said_without_emphasis(terminal, seat: FakeSeat) -> None:
    seat.status, seat.own_day = READY, own_day()
    async with opened(app := terminal()):
        await reads(app, "Break in 1 h 27 min")
        assert "▸" not in text_of(app)


async def test_the_figure_has_its_reason_beside_it(terminal, seat: FakeSeat) -> None:
    seat.status, seat.own_day = READY, own_day()
    async with opened(app := terminal()):
        await reads(app, "96.04 % signed in 12 min late u Why")


async def test_a_figure_with_unknown_time_is_a_provisional_range(terminal, seat: FakeSeat) -> None:
    seat.status, seat.own_day = READY, own_day(MIXED)
    async with opened(app := terminal()):
        await reads(app, "83.35–86.65 % provisional: 10 min unknown")


@pytest.mark.parametrize(
    ("answered", "answer", "words"),
    [
        (1, (LEAVE, RequestStanding.APPROVED), "Leave, Mon 11-23: approved. j opens it."),
        (1, (LEAVE, RequestStanding.WITHDRAWN, True), "Leave, Mon 11-23: cancelled."),
        (1, (LEAVE, RequestStanding.WITHDRAWN), "Leave, Mon 11-23: taken back."),
        (3, (RequestKind.SWAP, RequestStanding.CONSENTED), "j opens it. More answers: 2."),
        (1, (LEAVE, RequestStanding.LAPSED), "lapsed, as nobody decided in time."),
    ],
)
async def test_what_came_of_a_request_is_said_but_never_over_a_call(
    terminal, seat: FakeSeat, answered: int, answer: tuple[object, ...], words: str
) -> None:
    last = AnsweredRequest(answer[0], date(2026, 11, 23), *answer[1:])
    notices = OwnNotices(0, 0, 0, answered=answered, answer=last)
    seat.status, seat.own_day = READY, own_day(notices=notices)
    async with opened(app := terminal()):
        await reads(app, words)
        seat.tell(call=TALKING.call, state=State.TALK)
        await until(lambda: words not in text_of(app))


async def test_during_a_call_it_is_quiet(terminal, seat: FakeSeat) -> None:
    seat.status = TALKING
    seat.own_day = own_day(plan=SOON, fatigue=TIRED, notices=NOTICES)
    async with opened(app := terminal()):
        await reads(app, "Break in 4 min")
        text = text_of(app)
        assert "▸" not in text
        assert "without a rest" not in text
        assert "Handovers" not in text


async def test_a_call_keeps_its_room(terminal, seat: FakeSeat) -> None:
    seat.status = msgspec.structs.replace(TALKING, owed=("13800138000",), unsent=3)
    seat.own_day = own_day(plan=SOON, fatigue=TIRED, notices=NOTICES)
    async with opened(app := terminal()):
        await reads(app, "Break in 4 min")
        assert app.screen.query_one(PlanPanel).size.height == 1
        assert app.screen.query_one(CallPanel).size.height >= 9


async def test_a_rest_that_a_call_ran_into_is_offered_after_it(terminal, seat: FakeSeat) -> None:
    seat.status, seat.own_day = AFTER, own_day(OVER, MEAL_DUE)
    async with opened(app := terminal()):
        await reads(app, "Meal is due since 14:00; the call ran over")
        seat.tell(next_state="NOT_READY:MEAL")
        await until(lambda: "the call ran over" not in text_of(app))


async def test_nobody_is_hurried_out_of_a_rest_that_a_call_moved(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.NOT_READY, reason=Reason.REST)
    parts = ("09:00-13:50 WORK", "13:50-14:05 BREAK", "14:05-18:00 WORK")
    seat.own_day = own_day(OVER, shift(*parts))
    async with opened(app := terminal()):
        await reads(app, "Work in 2 min · moved on by a call")
        assert "▸" not in text_of(app)


async def test_a_rest_that_has_begun_is_not_offered(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.NOT_READY, reason=Reason.MEAL)
    seat.own_day = own_day(plan=MEAL_DUE)
    async with opened(app := terminal()):
        await reads(app, "Work in 57 min")
        assert "has been due" not in text_of(app)


@pytest.mark.parametrize(
    ("reached", "words"),
    [
        ("warn_at_ms", "A break would do you good"),
        ("offer_at_ms", "take a break now"),
        ("limit_at_ms", "the organisation's breach, never your fault"),
    ],
)
async def test_work_without_a_rest_is_told(
    terminal, seat: FakeSeat, reached: str, words: str
) -> None:
    later = dict.fromkeys(("warn_at_ms", "offer_at_ms", "limit_at_ms"), AS_OF + 60_000)
    run = msgspec.structs.replace(TIRED, **(later | {reached: AS_OF}))
    seat.status, seat.own_day = READY, own_day(fatigue=run)
    async with opened(app := terminal(), (120, 40)):
        await reads(app, words)


async def test_whoever_rests_is_not_told_to(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.NOT_READY, reason=Reason.REST)
    seat.own_day = own_day(fatigue=TIRED, notices=NOTICES)
    async with opened(app := terminal()):
        await reads(app, "Handovers to read: 1 Exceptions to decide: 3 7 of 9 people are here")
        assert "without a rest" not in text_of(app)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"planned": False}, "Ask your lead to publish it; v shows your weeks."),
        ({"planned": False, "alone": True}, "the plan comes by itself"),
        ({}, "Day off: nothing is planned today, and nothing counts. Next shift: tomorrow 09:00"),
    ],
)
async def test_without_a_shift_it_says_what_to_do(
    terminal, seat: FakeSeat, changes: dict[str, bool], words: str
) -> None:
    seat.status, seat.own_day = READY, own_day((), (), **changes)
    async with opened(app := terminal(), (160, 40)):
        await reads(app, words)


async def test_a_shift_that_is_over_names_the_next_one(terminal, seat: FakeSeat) -> None:
    seat.status, seat.own_day = READY, own_day(plan=shift("09:00-14:00 WORK"))
    async with opened(app := terminal()):
        await reads(app, "Your shift is over. Next shift: tomorrow 09:00")


@pytest.mark.parametrize("size", [(80, 24), (120, 30), (200, 50)])
async def test_it_fits_every_screen(terminal, seat: FakeSeat, size: tuple[int, int]) -> None:
    seat.status, seat.own_day = READY, own_day(fatigue=TIRED, notices=NOTICES)
    async with opened(app := terminal("zh_CN"), size):
        await reads(app, "计划")
        panel = app.screen.query_one(PlanPanel)
        assert panel.region.right <= size[0]
        assert panel.size.height == len(panel.render_lines(panel.size.region))
        assert app.screen.query_one("#desk").size.height >= 9


async def test_a_seat_that_comes_back_is_asked_for_the_day_again(terminal, seat: FakeSeat) -> None:
    seat.status, seat.own_day = READY, own_day()
    async with opened(app := terminal()):
        await reads(app, "96.04 %")
        await seat.stop()
        seat.asked.clear()
        await seat.start()
        await until(lambda: WatchDay in seat.kinds())


async def test_a_seat_that_can_tell_of_no_day_is_no_fault(terminal, seat: FakeSeat) -> None:
    seat.status = READY
    seat.refusals[WatchDay] = Refused(Code.UNKNOWN_COMMAND, command="watchday")
    async with opened(app := terminal()):
        await reads(app, "Ready")
        assert not app.screen.query_one(PlanPanel).display
