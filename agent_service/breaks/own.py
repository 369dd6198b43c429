"""A team's queue in the words of the wire: pure."""

from collections.abc import Callable, Mapping

from agent_service.breaks.row import PlaceRow
from agent_service.breaks.scene import Scene
from protocol.rules.break_queue import Asking, in_order, standings
from protocol.rules.rounding import percent
from protocol.wire.breaks import BreakQueue, OwnQueue, WaitingAgent
from protocol.wire.session import Person

_MINUTE_S = 60


def own_queue(scene: Scene, row: PlaceRow | None, until_ms: int | None) -> OwnQueue:
    """As an agent is told of it; `row` is the agent's place, `until_ms` when it lapses."""
    away, rule = len(scene.situation.away), scene.rule
    held = scene.situation.held
    if row is None or row.place not in scene.rows:
        return OwnQueue(rule.reasons, away=away, cap=rule.cap, held=held)
    stands = standings(scene.asking, rule, scene.situation)[row.place]
    return OwnQueue(
        rule.reasons,
        row.reason,
        row.after_call != "",
        stands.place,
        None if stands.wait_s is None else -(-stands.wait_s // _MINUTE_S) * _MINUTE_S,
        row.granted,
        until_ms,
        away,
        rule.cap,
        held,
    )


def told_queue(
    re: int,
    scene: Scene,
    until_ms: Mapping[str, int | None],
    find: Callable[[str], Person | None],
) -> BreakQueue:
    """As a lead is told of it; `until_ms`: by place, when it lapses."""

    def waiting(each: Asking) -> WaitingAgent:
        row = scene.rows[each.place]
        person = find(row.agent)
        return WaitingAgent(
            row.agent,
            "" if person is None else person.name,
            row.reason,
            row.asked_ms,
            each.first,
            row.granted,
            until_ms[each.place],
            each.rest_due,
        )

    return BreakQueue(
        re,
        scene.team,
        tuple(waiting(each) for each in in_order(scene.asking)),
        len(scene.situation.away),
        scene.rule.cap,
        percent(scene.level.in_time, scene.level.offered),
        scene.rule.target_pct,
        scene.situation.held,
    )
