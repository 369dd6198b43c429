"""Putting together the rooms of figures: adherence, attendance and reports."""

from collections.abc import Callable, Collection
from typing import NamedTuple
from zoneinfo import ZoneInfo

from agent_service.adherence.handlers import AdherenceHandlers
from agent_service.adherence.live import LiveAdherence
from agent_service.adherence.own_plans import OwnPlans
from agent_service.adherence.proposals import LateProposals
from agent_service.allowance import Allowance
from agent_service.attendance.handlers import AttendanceHandlers
from agent_service.attendance.recording import AttendanceRecorder
from agent_service.connections import Connections
from agent_service.core import Core
from agent_service.exceptions.proposing import DerivedProposer
from agent_service.locking.adjusting import Adjusting
from agent_service.reports.handlers import ReportHandlers
from agent_service.rosters.planning import Planner


class Figures(NamedTuple):
    """What answers, and what tells by itself."""

    rooms: tuple[object, ...]
    own_plans: OwnPlans
    live: LiveAdherence
    late: LateProposals

    async def propose(self, named: Collection[str]) -> None:
        """Record, now and not within a minute, those of these exceptions that follow from facts
        and that nobody was asked about."""
        await self.live.propose(named)
        await self.late.look()


def make_figures(
    core: Core,
    planner: Planner,
    zone_name: str,
    connections: Connections,
    allowance: Callable[[], Allowance],
) -> Figures:
    """All of it, each room with an allowance of its own."""
    directory, now_ms, zone = core.directory, core.clock.now_ms, ZoneInfo(zone_name)
    recorder = AttendanceRecorder(core.appender, core.projections, planner, now_ms)
    own_plans = OwnPlans(core.floor, directory.find, core.following, zone, now_ms)
    own_plans.push, own_plans.signed_in = connections.push, connections.people
    adjusting = Adjusting(core.projections.locks, zone, now_ms)
    proposer = DerivedProposer(core.appender, core.projections.exceptions, adjusting)
    live = LiveAdherence(core.floor, core.following, core.writer, proposer, zone, now_ms)
    late = LateProposals(core.proposing, core.writer, proposer, zone, now_ms)
    core.day_news.listeners += [own_plans.note, live.note]
    rooms = (
        AdherenceHandlers(directory, core.archive, allowance(), zone, zone_name, now_ms),
        AttendanceHandlers(
            directory, core.months, core.writer, recorder, late, allowance(), zone, now_ms
        ),
        ReportHandlers(directory.find, core.months, allowance(), zone, now_ms),
    )
    return Figures(rooms, own_plans, live, late)
