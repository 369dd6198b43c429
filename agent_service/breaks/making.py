"""Putting together the queue for breaks."""

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from agent_service.allowance import Allowance
from agent_service.breaks.handlers import BreakHandlers
from agent_service.breaks.planned_rests import PlannedRests
from agent_service.breaks.recording import BreakRecorder
from agent_service.breaks.scene import Scenes
from agent_service.breaks.turns import BreakTurns
from agent_service.connections import Connections
from agent_service.core import Core
from agent_service.locking.adjusting import Adjusting
from protocol.rules.break_queue import BreakRule


def make_breaks(
    core: Core,
    rules: Sequence[BreakRule],
    zone: ZoneInfo,
    connections: Connections,
    allowance: Allowance,
    rest_due: Callable[[str], bool],
) -> tuple[BreakTurns, BreakHandlers]:
    """Whose turn it is, and what is asked about it. `rest_due`: whether somebody's run of work has
    reached that at which a break is offered."""
    people, now_ms = core.projections, core.clock.now_ms
    recorder = BreakRecorder(
        core.appender,
        people.breaks,
        people.calls,
        people.exceptions,
        Adjusting(people.locks, zone, now_ms),
        zone,
        now_ms,
    )
    rests = PlannedRests(core.reader, zone, now_ms)
    turns = BreakTurns(
        Scenes(rules, core.floor, core.breaks, rests, rest_due, now_ms),
        core.breaks,
        recorder,
        core.writer,
        connections.people,
        connections.push,
        core.directory.find,
        now_ms,
    )
    handlers = BreakHandlers(turns, recorder, core.writer, core.directory.find, allowance, now_ms)
    return turns, handlers
