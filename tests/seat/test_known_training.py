"""What a desk adds to what the service told: never more than was written, and in the end the
service's own word."""

from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_client.seat.clock import Reading
from agent_client.seat.known_training import KnownTraining
from agent_client.seat.outbox import Outbox
from agent_client.seat.training_cache import TrainingCache
from protocol.facts.record import AnyFact
from protocol.facts.training import (
    TrainingItemDone,
    TrainingOpened,
    TrainingPostponed,
    TrainingRead,
)
from protocol.wire.sync import Ack
from protocol.wire.training import AssignmentRow, OwnTraining
from tests.seat.conftest import MEMORY
from tests.seat.rig import SERVER_MS
from tests.seat.studying import OWN, TASK, assignment, item, offer, place_in, reopened

AT = Reading(SERVER_MS, 0, 0)
WHERE = MEMORY if MEMORY.is_dir() else None
READS = st.builds(
    TrainingRead,
    st.just(TASK),
    st.sampled_from(["c1", "c2"]),
    st.integers(1, 10),
    st.integers(0, 3),
)
DONE = st.builds(TrainingItemDone, st.just(TASK), st.sampled_from(["c1", "c2"]))
STEPS = st.lists(st.one_of(READS, DONE, st.sampled_from(["take", "ack", "push", "restart"])))


class Both:
    """A desk, and a service that takes facts, acknowledges, and tells, each in its own time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.outbox = Outbox(folder / "outbox.db")
        self.outbox.begin("s1", AT, ())
        self.known = self._known()
        self.known.take(OWN)
        self.written: list[AnyFact] = []
        self.taken = 0

    def _known(self) -> KnownTraining:
        return KnownTraining("1001", TrainingCache(place_in(self.folder)), self.outbox)

    def write(self, fact: AnyFact) -> None:
        self.outbox.append(AT, (fact,))
        self.known.wrote((fact,), SERVER_MS)
        self.written.append(fact)

    def step(self, what: AnyFact | str) -> None:
        match what:
            case "take":
                self.taken = min(len(self.written), self.taken + 1)
            case "ack":
                self.outbox.acknowledge(Ack("s1", self.taken, SERVER_MS, self.taken, "head"))
            case "push":
                self.known.take(OwnTraining((self.row(self.taken),)))
            case "restart":
                self.known = self._known()
            case str():
                raise AssertionError(what)
            case _:
                self.write(what)

    def row(self, upto: int) -> AssignmentRow:
        """As the service has it after so many facts."""
        items = {name: item(name) for name in ("c1", "c2")}
        for fact in self.written[:upto]:
            match fact:
                case TrainingRead(_, name, seconds, section):
                    credited_s = items[name].credited_s + seconds
                    items[name] = msgspec.structs.replace(
                        items[name], credited_s=credited_s, section=section
                    )
                case TrainingItemDone(_, name):
                    items[name] = msgspec.structs.replace(items[name], done=True)
        return assignment(*items.values())

    @property
    def shown(self) -> AssignmentRow:
        return self.known.present().open[0]


@settings(max_examples=150)
@given(STEPS)
def test_whatever_comes_first_nothing_counts_twice(steps: list[AnyFact | str]) -> None:
    with TemporaryDirectory(dir=WHERE) as folder:
        both = Both(Path(folder))
        for each in steps:
            both.step(each)
            assert both.shown.trained_s <= both.row(len(both.written)).trained_s
            assert both.shown.trained_s == sum(one.credited_s for one in both.shown.items)
            assert both.shown.items_done == sum(one.done for one in both.shown.items)
        both.taken = len(both.written)
        for each in ("ack", "push"):
            both.step(each)
        assert both.shown == both.row(both.taken)
        both.outbox.close()


@given(st.lists(READS, min_size=1))
def test_without_the_service_all_of_it_shows_also_after_a_restart(reads: list[AnyFact]) -> None:
    with TemporaryDirectory(dir=WHERE) as folder:
        both = Both(Path(folder))
        for each in reads:
            both.write(each)
        assert both.shown == both.row(len(reads))
        assert reopened(both.folder).present().open[0] == both.shown
        both.outbox.close()


def test_the_first_opening_is_the_start(tmp_path: Path) -> None:
    both = Both(tmp_path)
    both.write(TrainingOpened(TASK, "c2"))
    both.known.wrote((TrainingOpened(TASK, "c2"),), SERVER_MS + 9)
    assert both.shown.started_ms == SERVER_MS
    assert reopened(tmp_path).present().open[0].started_ms == SERVER_MS
    both.outbox.close()


def test_what_was_put_off_stays_away_until_the_service_has_heard_of_it(tmp_path: Path) -> None:
    both = Both(tmp_path)
    offered = OwnTraining((assignment(),), offer())
    both.known.take(offered)
    both.write(TrainingPostponed(TASK))
    for known in (both.known, reopened(tmp_path)):
        known.take(offered)
        assert known.present().offer is None
    both.taken = 1
    both.step("ack")
    again = msgspec.structs.replace(offered, offer=offer(postponed=1))
    both.known.take(again)
    assert both.known.present().offer == offer(postponed=1)
    both.outbox.close()


def test_what_is_drawn_anew_has_nothing_of_what_it_replaces(tmp_path: Path) -> None:
    both = Both(tmp_path)
    both.write(TrainingRead(TASK, "c1", 10))
    redrawn = OwnTraining((assignment(item("c8")),))
    both.known.take(redrawn)
    assert both.known.present() == redrawn
    assert both.known.item(TASK, "c1") is None
    both.outbox.close()
