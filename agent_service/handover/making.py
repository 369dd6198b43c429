"""Putting together what people ask of the roster and of one another, and what they are told."""

from collections.abc import Callable
from typing import NamedTuple

from agent_service.allowance import Allowance
from agent_service.connections import Connections
from agent_service.core import Core
from agent_service.handover.handlers import HandoverHandlers
from agent_service.handover.heads import Heads
from agent_service.handover.notices import Notices
from agent_service.handover.register import HandoverRegister
from agent_service.handover.staying import Stays
from agent_service.requests.handlers import RequestHandlers
from agent_service.requests.hours_handlers import HoursHandlers
from agent_service.requests.register import RequestRegister
from agent_service.rosters.planning import Planner
from protocol.facts.agent import Reason


class Asking(NamedTuple):
    """All of it."""

    rooms: tuple[object, ...]
    """The handlers."""
    notices: Notices
    stays: Stays


def make_asking(
    core: Core,
    planner: Planner,
    work_reasons: frozenset[Reason],
    connections: Connections,
    allowance: Callable[[], Allowance],
) -> Asking:
    """Each handler has an allowance of its own."""
    people, directory, now_ms = core.projections, core.directory, core.clock.now_ms
    writer, archive, find, book = core.writer, core.archive, directory.find, planner.book
    register = RequestRegister(
        core.appender,
        people.requests,
        people.bookings,
        people.plans,
        planner,
        book.zone,
        now_ms,
    )
    handovers = HandoverRegister(core.appender, people.handovers, find)
    heads = Heads(core.floor, book, now_ms)
    stays = Stays(
        heads, core.floor, book, work_reasons, find, archive, writer, register.book, now_ms
    )
    return Asking(
        (
            RequestHandlers(
                register, writer, archive, core.requests, directory, allowance(), now_ms
            ),
            HoursHandlers(register, writer, archive, find, allowance()),
            HandoverHandlers(handovers, writer, archive, directory, allowance(), now_ms),
        ),
        Notices(
            core.requests,
            core.handovers,
            heads,
            core.exceptions.waiting,
            stays.asks,
            find,
            connections.people,
            connections.push,
        ),
        stays,
    )
