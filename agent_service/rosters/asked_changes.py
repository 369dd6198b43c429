"""What a planner asks to draft, day by day or by a rotation, as plans of days: pure."""

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from agent_service.rosters.book import RosterBook
from agent_service.rosters.checking import Change
from agent_service.rosters.patterns import DAY_OFF
from agent_service.rosters.plan_check import check_plan
from agent_service.rosters.shown import check_span
from protocol.facts.shift import PlannedSegment
from protocol.wire.errors import Code, Refused
from protocol.wire.roster import MAX_CHANGES, DraftDay, DraftRoster

_REACH = timedelta(days=3 * 366)
"""How far from today a roster may be."""
_SHOWN = 64


class AskedChanges(msgspec.Struct, frozen=True):
    """Plans to be drafted, and days whose drafts are dropped."""

    changes: tuple[Change, ...]
    dropped: tuple[tuple[str, date], ...]


def asked_changes(book: RosterBook, message: DraftRoster, today: date) -> AskedChanges:
    """Of a day that stands there twice the last. Raises `Refused` with `unknown_pattern`,
    `unknown_rotation`, `bad_plan`, `bad_span`, `too_many_days`, or `malformed_message` for a
    rotation without people or days."""
    days = _turns(book, message) if message.rotation else message.days
    check_count(len(days))
    last = {(each.agent, each.day): each for each in days}
    dropped = dict.fromkeys(
        key for key, each in last.items() if not (each.pattern or each.segments)
    )
    plans = _Plans(book, today)
    return AskedChanges(
        tuple(plans.change(each) for key, each in last.items() if key not in dropped),
        tuple(dropped),
    )


class _Plans:
    """Plans by pattern and date, each made once: a rotation asks for the same again and again."""

    def __init__(self, book: RosterBook, today: date) -> None:
        self._book = book
        self._today = today
        self._made: dict[tuple[str, date], tuple[PlannedSegment, ...]] = {}

    def change(self, asked: DraftDay) -> Change:
        """Raises `Refused`."""
        agent, day, name = asked.agent, asked.day, asked.pattern
        if abs(day - self._today) > _REACH:
            raise _bad(asked, "day")
        if (name, day) not in self._made:
            self._made[name, day] = self._book.segments(name, day) if name else ()
        if not asked.segments:
            return Change(agent, day, self._made[name, day], "" if name == DAY_OFF else name)
        if name == DAY_OFF:
            raise _bad(asked, "pattern")
        check_plan(agent[:_SHOWN], day, asked.segments, self._book.zone)
        return Change(agent, day, asked.segments, name)


def check_count(days: int, limit: int = MAX_CHANGES) -> None:
    """Raises `Refused` with `too_many_days` for more days of people than are changed at once."""
    if days > limit:
        raise Refused(Code.TOO_MANY_DAYS, days=days, limit=limit)


def _turns(book: RosterBook, message: DraftRoster) -> Sequence[DraftDay]:
    if message.first_day is None or message.last_day is None or not message.agents:
        raise Refused(Code.MALFORMED_MESSAGE, detail="rotation")
    first_day, last_day = check_span(message.first_day, message.last_day)
    agents = list(dict.fromkeys(message.agents))
    check_count(len(agents) * ((last_day - first_day).days + 1))
    turns = book.turns(message.rotation, agents, first_day, last_day)
    return [DraftDay(agent, day, pattern) for agent, day, pattern in turns]


def _bad(asked: DraftDay, place: str) -> Refused:
    day = asked.day.isoformat()
    return Refused(Code.BAD_PLAN, agent=asked.agent[:_SHOWN], day=day, place=place)
