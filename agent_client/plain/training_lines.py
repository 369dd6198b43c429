"""One's own training as lines: what waits, what is offered, who asks for the person, what is
complete. Nothing of it is said during a call; after it what still holds is."""

from collections.abc import Iterator
from datetime import datetime

from agent_client.seat_words import one_line
from agent_client.terminal.reading_figures import row_of, waiting_line
from agent_client.terminal.wording import Wording
from agent_client.training_words import training_lines
from protocol.facts.agent import State
from protocol.i18n import Catalogue
from protocol.rules.training_progress import progress
from protocol.wire.desk import Status
from protocol.wire.desk_training import DeskTraining
from protocol.wire.training import MAX_POSTPONED, AssignmentRow, OfferCause, TrainingOffer

_QUIET = frozenset({State.LOGGED_OFF, State.ACW})
_SYSTEM = "system"


class TrainingLines:
    """Says each thing once, and again when it comes back."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._words = Wording(catalogue)
        self._told: DeskTraining | None = None
        self._complete: dict[str, str] = {}
        """Names of tasks that have been completed, by assignment."""
        self._said: frozenset[str] = frozenset()

    def take(self, told: DeskTraining) -> None:
        """The seat told of it. A task that is no longer open, and lacks nothing, is complete."""
        known = self._told.own.open if self._told is not None else ()
        gone = (row for row in known if row_of(told, row.assignment) is None)
        self._complete |= {row.assignment: row.name for row in gone if _lacks_nothing(row)}
        self._told = told

    def forget(self) -> None:
        """Nobody is signed in, or the seat is gone: what is told next is told whole."""
        self._told, self._said = None, frozenset()
        self._complete.clear()

    def look(self, status: Status | None, now: datetime | None) -> list[str]:
        """What is to be said since this was asked last."""
        told = self._told
        if told is None or status is None or status.state in _QUIET or status.call is not None:
            return []
        said = dict(self._news(told, status, now))
        before, self._said = self._said, frozenset(said)
        self._complete.clear()
        return [text for subject, text in said.items() if subject not in before]

    @property
    def told(self) -> DeskTraining | None:
        """What the seat told last."""
        return self._told

    def rows(self, zone: str) -> list[str]:
        """What is to be studied."""
        if self._told is None:
            return []
        return list(training_lines(self._told, zone, self._catalogue, as_json=False))

    def _news(
        self, told: DeskTraining, status: Status, now: datetime | None
    ) -> Iterator[tuple[str, str]]:
        for assignment, name in self._complete.items():
            yield f"complete {assignment}", self._text("training_complete", task=one_line(name))
        waiting = waiting_line(self._words, told, now, status.zone)
        if waiting:
            yield waiting, self._text("training_waits", text=waiting)
        offer = told.own.offer
        if told.offered and offer is not None:
            which = f"{offer.assignment} {offer.postponed}"
            yield f"offer {which}", self._offer(told, offer)
            if offer.postponed < MAX_POSTPONED:
                number = offer.postponed + 1
                how = self._text("training_put_off", number=number, most=MAX_POSTPONED)
                yield f"put off {which}", how
        if told.own.recalled_by and status.state is State.NOT_READY:
            yield f"recall {told.own.recalled_ms}", self._recall(told)

    def _offer(self, told: DeskTraining, offer: TrainingOffer) -> str:
        row = row_of(told, offer.assignment)
        task = one_line(row.name) if row is not None else ""
        if offer.cause is OfferCause.PUSHED:
            return self._text("training_pushed", who=one_line(offer.actor), task=task)
        return self._text("training_scheduled", task=task)

    def _recall(self, told: DeskTraining) -> str:
        who = told.own.recalled_by
        if who == _SYSTEM:
            return self._text("training_callers_wait")
        return self._text("training_recalled", who=one_line(who))

    def _text(self, key: str, **params: object) -> str:
        return self._catalogue.text(f"plain.{key}", **params)


def _lacks_nothing(row: AssignmentRow) -> bool:
    """As far as the seat knew when it told of it last."""
    seconds = {item.content: item.credited_s for item in row.items}
    done = {item.content: item.done for item in row.items}
    return progress(seconds, done, len(row.items), row.min_seconds).completed
