"""The floor as the event loop sees it: every agent's row, and who is one."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

import msgspec

from agent_service.calls.day_counts import DayCounts
from agent_service.presence.row import Presence
from protocol.facts.agent import State
from protocol.facts.shift import Activity
from protocol.rules.agent_state import AgentState, Happening, Limits, Trigger
from protocol.rules.agent_state_table import step
from protocol.rules.lines import Line, limits_on, line_named
from protocol.rules.masking import mask
from protocol.wire.session import Person, Role
from protocol.wire.sync import FloorCall, FloorRow, Link


class LiveRow(msgspec.Struct, frozen=True):
    """What a floor row tells of somebody's plan and adherence."""

    planned: Activity | None = None
    planned_until_ms: int | None = None
    adhering: bool | None = None
    counted_s: int | None = None
    in_s: int | None = None
    in_high_s: int | None = None
    run_s: int | None = None
    fatigue: str = ""


_NOTHING_LIVE = LiveRow()


class Floor:
    """Follows the commits. `changed` is called with the staff numbers whose rows are new."""

    def __init__(self, limits: Limits, lines: Sequence[Line], counts: DayCounts) -> None:
        self.rows: dict[str, Presence] = {}
        self.staff: dict[str, Person] = {}
        self.position = 0
        """The last entry that changed a row."""
        self.changed: Callable[[Iterable[str]], None] = lambda agents: None
        self.live: Callable[[str, AgentState], LiveRow] = lambda agent, state: _NOTHING_LIVE
        """What is known of somebody's plan, given the state that is seen (`adherence.live`)."""
        self._limits = limits
        self._lines = lines
        self._counts = counts
        counts.changed = lambda agents: self.changed(agents)

    def update(self, rows: Iterable[Presence]) -> None:
        """Rows that a commit changed."""
        agents = []
        for row in rows:
            self.rows[row.agent] = row
            self.position = max(self.position, row.position)
            agents.append(row.agent)
        self.changed(agents)

    def join(self, people: Iterable[Person]) -> None:
        """People who are on the staff from now on, or are others than before. The floor is of
        those who take calls."""
        numbers = []
        for person in people:
            if Role.AGENT not in person.roles:
                self.staff.pop(person.number, None)
                continue
            self.staff[person.number] = person
            numbers.append(person.number)
        self.changed(numbers)

    def leave(self, agents: Iterable[str]) -> None:
        """People who are on the staff no more."""
        for agent in agents:
            self.staff.pop(agent, None)

    def position_of(self, agent: str) -> int:
        """The last entry that changed an agent's row; 0 if there is none."""
        row = self.rows.get(agent)
        return 0 if row is None else row.position

    def view(self, agent: str) -> FloorRow:
        """The row as the floor may see it."""
        person = self.staff[agent]
        row = self.rows.get(agent) or Presence(agent, "", "")
        now = _seen(row, self._limits)
        counts = self._counts.of(agent)
        live = self.live(agent, now)
        return FloorRow(
            agent=agent,
            name=person.name,
            team=person.team,
            state=now.state,
            reason=now.reason,
            since=_instant(_since_ms(row, now.state)),
            last_known=row.state,
            next_state=_next(row),
            call=_call(row),
            link=row.link if row.signed_in else None,
            phone=row.phone,
            calls_answered=counts.answered,
            position=row.position,
            day=self._counts.day,
            calls_missed=counts.missed,
            locked=row.locked,
            acw_limit_s=self._acw_limit_s(row) if now.state is State.ACW else None,
            order=row.order_what,
            order_outcome=row.order_outcome,
            provisional=row.provisional or row.signed_off_ms is not None,
            planned=live.planned,
            planned_until=_instant(live.planned_until_ms),
            adhering=live.adhering,
            counted_s=live.counted_s,
            in_s=live.in_s,
            in_high_s=live.in_high_s,
            run_s=live.run_s,
            fatigue=live.fatigue,
        )

    def _acw_limit_s(self, row: Presence) -> int:
        line = line_named(self._lines, row.line)
        return limits_on(self._limits, line).acw_limit_s + row.acw_extra_s


def _seen(row: Presence, limits: Limits) -> AgentState:
    """The state, or OFFLINE where the seat can't be heard, and LOGGED_OFF when that was for too
    long: by the table that all go by."""
    known = AgentState(state=row.state, reason=row.reason)
    if row.link is Link.ONLINE:
        return known
    offline = step(known, Happening(Trigger.HEARTBEATS_MISSED), limits).after
    if row.signed_off_ms is None:
        return offline
    return step(offline, Happening(Trigger.OFFLINE_EXPIRED), limits).after


def _since_ms(row: Presence, seen: State) -> int | None:
    if seen is State.OFFLINE:
        return row.last_heard_ms
    return row.since_ms if row.signed_off_ms is None else row.signed_off_ms


def _next(row: Presence) -> str | None:
    if row.signed_off_ms is not None:
        return None
    if row.next_state is None or row.next_reason is None:
        return row.next_state
    return f"{row.next_state}:{row.next_reason}"


def _call(row: Presence) -> FloorCall | None:
    if row.call_direction is None or row.signed_off_ms is not None:
        return None
    return FloorCall(
        row.call_direction,
        mask(row.call_peer or ""),
        _instant(row.call_since_ms),
        row.line,
        _instant(row.call_answered_ms),
    )


def _instant(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)
