"""What there is to study, as the service told it, with what this desk has written since.

Each total of this desk's says what the service's should come to, so that nothing is counted twice
whether or not the service has the facts already.
"""

import logging
from collections.abc import Iterable, Mapping

import msgspec

from agent_client.seat.outbox import Outbox
from agent_client.seat.training_cache import TrainingCache
from protocol.facts.record import AnyFact
from protocol.facts.training import (
    TrainingItemDone,
    TrainingOpened,
    TrainingPostponed,
    TrainingRead,
)
from protocol.wire.errors import Refused
from protocol.wire.training import AssignmentRow, ItemRow, OwnTraining

_log = logging.getLogger(__name__)
_FAMILY = "agent.training_"


class _Written(msgspec.Struct):
    """Where a fact of this desk's is."""

    session: str
    seq: int


class _Ours(msgspec.Struct):
    """How a content stands by this desk's facts."""

    last: _Written
    credited_s: int = 0
    section: int | None = None
    done: bool = False
    opened_ms: int | None = None


class KnownTraining:
    """`agent` is the person at this seat. To be used from the event loop's thread."""

    def __init__(self, agent: str, cache: TrainingCache, outbox: Outbox) -> None:
        """Begin with what is on the disk. Raises `Refused(DISK_FAILED)`."""
        self._agent = agent
        self._cache = cache
        self._outbox = outbox
        self._told = cache.own
        self._others: dict[str, AssignmentRow] = {}
        """The person's own that are not open any more, as far as they were looked at."""
        self._ours: dict[tuple[str, str], _Ours] = {}
        self._put_off: dict[str, _Written] = {}
        for session in outbox.unsent_sessions():
            for seq, timed in outbox.timed(session, session.acked, (_FAMILY,)):
                self._take(timed.fact, timed.occurred_ms, _Written(session.id, seq))

    def take(self, own: OwnTraining) -> None:
        """The service tells of it. What it has, and what it has acknowledged before, is its to
        say."""
        gone = {row.assignment for row in self._told.open} - {row.assignment for row in own.open}
        self._others |= {each: row for each in gone if (row := self._row(each)) is not None}
        self._told = own
        self._cache.take(own)
        try:
            unsent = {each.id: each.acked for each in self._outbox.unsent_sessions()}
        except Refused as refused:
            _log.error("what the service has could not be read: %s", refused)
            return
        self._ours = {
            key: ours
            for key, ours in self._ours.items()
            if ours.last.seq > unsent.get(ours.last.session, ours.last.seq)
            and not self._is_told(key, ours)
        }
        self._put_off = {
            each: at
            for each, at in self._put_off.items()
            if at.seq > unsent.get(at.session, at.seq)
        }

    def learn(self, rows: Iterable[AssignmentRow]) -> None:
        """Rows of the training centre were looked at."""
        self._others |= {row.assignment: row for row in rows if row.agent == self._agent}

    def wrote(self, facts: Iterable[AnyFact], occurred_ms: int | None) -> None:
        """These are on this disk, in the present session."""
        present = self._outbox.present
        assert present is not None, "facts are written after signing in"
        for fact in facts:
            self._take(fact, occurred_ms, _Written(present.id, present.last_seq))

    def signed_off(self) -> None:
        """What is open stays: without the service the next sign-in needs it."""
        self._told, self._others = self._cache.own, {}

    def present(self) -> OwnTraining:
        """As it stands with this desk's facts."""
        offer = self._told.offer
        if offer is not None and offer.assignment in self._put_off:
            offer = None
        rows = tuple(self._with_ours(row) for row in self._told.open)
        return msgspec.structs.replace(self._told, open=rows, offer=offer)

    def item(self, assignment: str, content: str) -> ItemRow | None:
        """A content of the person's own, of what is completed too; null where none is known."""
        row = self._row(assignment)
        items = row.items if row is not None else ()
        return next((item for item in items if item.content == content), None)

    def _row(self, assignment: str) -> AssignmentRow | None:
        open_ = (row for row in self._told.open if row.assignment == assignment)
        row = next(open_, self._others.get(assignment))
        return None if row is None else self._with_ours(row)

    def _take(self, fact: object, occurred_ms: int | None, at: _Written) -> None:
        match fact:
            case TrainingOpened():
                ours = self._of(fact, at)
                ours.opened_ms = ours.opened_ms or occurred_ms
            case TrainingRead(assignment, content, seconds, section):
                shown = self.item(assignment, content)
                ours = self._of(fact, at)
                before = ours.credited_s if shown is None else shown.credited_s
                ours.credited_s, ours.section = before + seconds, section
            case TrainingItemDone():
                self._of(fact, at).done = True
            case TrainingPostponed(assignment):
                self._put_off[assignment] = at

    def _of(self, fact: TrainingOpened | TrainingRead | TrainingItemDone, at: _Written) -> _Ours:
        ours = self._ours.setdefault((fact.assignment, fact.content), _Ours(at))
        ours.last = at
        return ours

    def _with_ours(self, row: AssignmentRow) -> AssignmentRow:
        ours = {
            item.content: found
            for item in row.items
            if (found := self._ours.get((row.assignment, item.content))) is not None
        }
        return _merged(row, ours) if ours else row

    def _is_told(self, key: tuple[str, str], ours: _Ours) -> bool:
        """Whether the service's own figures hold all of it."""
        row = next((row for row in self._told.open if row.assignment == key[0]), None)
        return row is not None and _merged(row, {key[1]: ours}) == row


def _merged(row: AssignmentRow, ours: Mapping[str, _Ours]) -> AssignmentRow:
    items = tuple(_item(item, ours.get(item.content)) for item in row.items)
    opened = [each.opened_ms for each in ours.values() if each.opened_ms is not None]
    return msgspec.structs.replace(
        row,
        items=items,
        items_done=row.items_done + _done(items) - _done(row.items),
        trained_s=row.trained_s + _credited(items) - _credited(row.items),
        started_ms=row.started_ms if row.started_ms is not None else min(opened, default=None),
    )


def _item(item: ItemRow, ours: _Ours | None) -> ItemRow:
    if ours is None:
        return item
    return msgspec.structs.replace(
        item,
        credited_s=max(item.credited_s, ours.credited_s),
        done=item.done or ours.done,
        section=item.section if ours.section is None else ours.section,
    )


def _done(items: Iterable[ItemRow]) -> int:
    return sum(item.done for item in items)


def _credited(items: Iterable[ItemRow]) -> int:
    return sum(item.credited_s for item in items)
