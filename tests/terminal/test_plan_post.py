"""Too few people: a quiet line at first; after ten minutes one bell and a page for a lead."""

import msgspec
import pytest

from protocol.facts.agent import State
from protocol.wire.desk_plan import OwnDay
from protocol.wire.handover import PAGE_AFTER_S, OwnNotices, PostState
from protocol.wire.session import Role
from tests.terminal.desk_scenes import TALKING
from tests.terminal.fake_seat import FakeSeat
from tests.terminal.plan_scenes import AS_OF, own_day
from tests.terminal.scenes import status
from tests.terminal.showing import opened, reads, text_of
from tests.terminal.test_bell_and_colours import Bell
from tests.terminal.waiting import until

LEAD = (Role.LEADER,)
QUIET = "7 of 9 people are here"
PAGED = "! 7 of 9 people have been here for 10 min: call somebody in"


def short(since_s: int) -> OwnDay:
    """For so long."""
    notices = OwnNotices(0, 0, 0, PostState.SHORT, 7, 9, AS_OF - since_s * 1000, "A")
    return own_day(notices=notices)


@pytest.mark.parametrize("supervisor", [True, False])
async def test_a_lead_is_told_quietly_at_first_and_paged_once_when_it_lasts(
    terminal, seat: FakeSeat, clock, monkeypatch: pytest.MonkeyPatch, supervisor: bool
) -> None:
    seat.status = status(State.NOT_READY, roles=LEAD)
    seat.own_day = short(PAGE_AFTER_S - 2)
    app = terminal(supervisor=supervisor)
    bell = Bell(app, monkeypatch)
    async with opened(app, (120, 40)):
        await reads(app, QUIET)
        assert bell.rung == 0
        clock.go_on(2)
        app.show()
        await reads(app, PAGED)
        app.show()
        assert bell.rung == 1


async def test_who_leads_nobody_is_never_paged(
    terminal, seat: FakeSeat, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat.status, seat.own_day = status(State.READY), short(PAGE_AFTER_S + 60)
    app = terminal()
    bell = Bell(app, monkeypatch)
    async with opened(app, (120, 40)):
        await reads(app, QUIET)
        assert bell.rung == 0


@pytest.mark.parametrize("supervisor", [True, False])
async def test_the_page_waits_for_the_end_of_a_call(
    terminal, seat: FakeSeat, monkeypatch: pytest.MonkeyPatch, supervisor: bool
) -> None:
    seat.status = msgspec.structs.replace(TALKING, roles=LEAD)
    seat.own_day = short(PAGE_AFTER_S)
    app = terminal(supervisor=supervisor)
    bell = Bell(app, monkeypatch)
    async with opened(app, (120, 40)):
        await until(lambda: app._known.own_day == seat.own_day)
        app.show()
        assert "people" not in text_of(app)
        assert bell.rung == 0
        seat.send(status(State.NOT_READY, roles=LEAD))
        await reads(app, PAGED)
        assert bell.rung == 1
