"""The floor as the event loop sees it: every agent's row, and who is one."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from agent_service.presence.row import Presence
from protocol.facts.agent import State
from protocol.rules.agent_state import AgentState, Happening, Limits, Trigger, step
from protocol.rules.masking import mask
from protocol.wire.session import Person, Role
from protocol.wire.sync import FloorCall, FloorRow, Link


class Floor:
    """Follows the commits. `changed` is called with the staff numbers whose rows are new."""

    def __init__(self, limits: Limits) -> None:
        self.rows: dict[str, Presence] = {}
        self.staff: dict[str, Person] = {}
        self.position = 0
        """The last entry that changed a row."""
        self.changed: Callable[[Iterable[str]], None] = lambda agents: None
        self._limits = limits

    def update(self, rows: Iterable[Presence]) -> None:
        """Rows that a commit changed."""
        agents = []
        for row in rows:
            self.rows[row.agent] = row
            self.position = max(self.position, row.position)
            agents.append(row.agent)
        self.changed(agents)

    def join(self, people: Iterable[Person]) -> None:
        """People who are on the staff from now on. The floor is of those who take calls."""
        numbers = []
        for person in people:
            if Role.AGENT not in person.roles:
                continue
            self.staff[person.number] = person
            numbers.append(person.number)
        self.changed(numbers)

    def position_of(self, agent: str) -> int:
        """The last entry that changed an agent's row; 0 if there is none."""
        row = self.rows.get(agent)
        return 0 if row is None else row.position

    def view(self, agent: str) -> FloorRow:
        """The row as the floor may see it."""
        person = self.staff[agent]
        row = self.rows.get(agent) or Presence(agent, "", "")
        now = _seen(row, self._limits)
        offline = now.state is State.OFFLINE
        return FloorRow(
            agent=agent,
            name=person.name,
            team=person.team,
            state=now.state,
            reason=now.reason,
            since=_instant(row.last_heard_ms if offline else row.since_ms),
            last_known=row.state,
            next_state=_next(row),
            call=_call(row),
            link=None if row.state is State.LOGGED_OFF else row.link,
            phone=row.phone,
            calls_answered=row.calls_answered,
            position=row.position,
        )


def _seen(row: Presence, limits: Limits) -> AgentState:
    """The state, or OFFLINE where the seat can't be heard: by the table that all go by."""
    known = AgentState(state=row.state, reason=row.reason)
    if row.link is Link.ONLINE:
        return known
    return step(known, Happening(Trigger.HEARTBEATS_MISSED), limits).after


def _next(row: Presence) -> str | None:
    if row.next_state is None or row.next_reason is None:
        return row.next_state
    return f"{row.next_state}:{row.next_reason}"


def _call(row: Presence) -> FloorCall | None:
    if row.call_direction is None:
        return None
    return FloorCall(row.call_direction, mask(row.call_peer or ""), _instant(row.call_since_ms))


def _instant(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)
