"""Assignments as the tables have them: the figures of the worked examples, who may change them,
and the same rows whatever way the ledger is cut."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent_service.ledger.admission import admit
from agent_service.ledger.append import Batch
from agent_service.training import store
from agent_service.training.figures import statistics
from agent_service.training.row import StoredAssignment, progress_of
from protocol.facts.agent import Reason, State, StateEntered
from protocol.facts.document import DocumentPublished, TrainingTask
from protocol.facts.record import AnyFact
from protocol.facts.training import (
    AssignCause,
    TrainingAssigned,
    TrainingItem,
    TrainingItemDone,
    TrainingOpened,
    TrainingPostponed,
    TrainingPushed,
    TrainingRead,
    TrainingRecalled,
    TrainingRedrawn,
    TrainingWithdrawn,
)
from protocol.rules.training_progress import hms
from tests.service.client import records
from tests.service.ledgers import DESK, Ledger, new_ledger

BEGAN_MS = 1_800_000_000_000
DRAWN = (TrainingItem("1", 1), TrainingItem("2", 3))


class Floor:
    """People who study, one fact at a time, at the time that the test says."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._marks: dict[str, int] = {}

    def tell(self, session: str, fact: AnyFact, at_s: float, late_s: float = 0) -> None:
        mark = self._marks[session] = self._marks.get(session, 0) + 1
        at_ms = BEGAN_MS + int(at_s * 1000)
        admitted = admit(session, records(fact, first=mark, at_ms=at_ms))
        batch = Batch(session, DESK, at_ms + int(late_s * 1000), admitted)
        with self.ledger.committed():
            self.ledger.appender.append(self.ledger.connection, batch)

    def read(self, session: str, content: str, seconds: int, from_s: float, name: str = "a") -> int:
        """Open a content and read it; when that ended."""
        at_s = from_s
        self.tell(session, TrainingOpened(name, content), at_s)
        for begin in range(0, seconds, 10):
            stretch = min(10, seconds - begin)
            at_s += stretch
            self.tell(session, TrainingRead(name, content, stretch, begin // 10), at_s)
        return int(at_s)

    def row(self, name: str = "a") -> StoredAssignment:
        row = self.ledger.projections.assignments.find(self.ledger.connection, name)
        assert row is not None
        return row


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    with new_ledger(tmp_path / "data") as ledger:
        ledger.begin("1001", "s")
        ledger.begin("1001", "s2")
        ledger.begin("1002", "other")
        yield Floor(ledger)


def assigned(
    name: str = "a", agent: str = "1001", task: str = "t", least_s: int = 20
) -> TrainingAssigned:
    return TrainingAssigned(name, task, 1, agent, DRAWN, least_s, "2001")


@pytest.mark.parametrize(
    ("first_s", "second_s", "done", "items_done", "trained", "completed"),
    [
        pytest.param(50, 34, ("1", "2"), 2, "00:01:24", True, id="TR4"),
        pytest.param(9, 10, ("1", "2"), 2, "00:00:19", False, id="TR5"),
        pytest.param(100, 0, ("1",), 1, "00:01:40", False, id="TR6"),
    ],
)
def test_the_figures_of_the_examples(
    floor: Floor,
    first_s: int,
    second_s: int,
    done: tuple[str, ...],
    items_done: int,
    trained: str,
    completed: bool,
) -> None:
    floor.ledger.record(assigned())
    ended = floor.read("s", "1", first_s, 60)
    ended = floor.read("s", "2", second_s, ended + 300)
    for content in done:
        floor.tell("s", TrainingItemDone("a", content), ended + 1)
    row = floor.row()
    found = progress_of(row)
    assert (found.items_done, found.total_items) == (items_done, 2)
    assert (row.trained_s, hms(row.trained_s)) == (first_s + second_s, trained)
    assert (row.done_ms is not None) is completed
    assert row.started_ms == BEGAN_MS + 60_000
    assert floor.ledger.verify()


Figures = tuple[int, int, int, float | None, str]
SEED: tuple[tuple[str, list[int], Figures], ...] = (
    ("测试测试1", [0] * 8 + [84], (9, 8, 1, 11.11, "00:01:24")),
    ("测试22", [35], (1, 0, 1, 100.0, "00:00:35")),
    ("测试-20210630", [0], (1, 1, 0, 0.0, "00:00:00")),
    ("财务培训", [], (0, 0, 0, None, "00:00:00")),
)


def test_the_statistics_of_the_seed_rows(floor: Floor) -> None:
    """TR7, read at desks: each who has time has completed it."""
    for number, (name, trained, _) in enumerate(SEED, 1):
        body = TrainingTask(name, contents=("1", "2"), min_seconds=20)
        floor.ledger.record(DocumentPublished(f"t{number}", 1, number, body, "2001"))
        for place, seconds in enumerate(trained):
            one = f"{number}-{place}"
            floor.ledger.begin(one, f"of {one}")
            floor.ledger.record(assigned(one, one, f"t{number}"))
            studies(floor, one, seconds)
    found = statistics(floor.ledger.connection, store.Filter())
    assert [
        (row.name, (row.participants, row.not_done, row.done, row.done_percent, hms(row.trained_s)))
        for row in found
    ] == [(name, figures) for name, _, figures in SEED]


def studies(floor: Floor, one: str, seconds: int) -> None:
    """Somebody reads half of it in each content, and confirms both; or nothing."""
    at_s = 0
    for content, share in (("1", seconds - seconds // 2), ("2", seconds // 2)) if seconds else ():
        at_s = floor.read(f"of {one}", content, share, at_s, one)
        floor.tell(f"of {one}", TrainingItemDone(one, content), at_s)


def test_completed_stays_completed_and_more_study_adds_time_only(floor: Floor) -> None:
    floor.ledger.record(assigned(least_s=10))
    ended = floor.read("s", "1", 10, 0)
    floor.tell("s", TrainingItemDone("a", "1"), ended)
    floor.tell("s", TrainingOpened("a", "2"), ended)
    floor.tell("s", TrainingItemDone("a", "2"), ended + 5)
    done_ms = floor.row().done_ms
    assert done_ms == BEGAN_MS + 15_000
    floor.read("s", "2", 30, 60)
    floor.ledger.record(TrainingWithdrawn("a", "2001", ""))
    row = floor.row()
    assert (row.done_ms, row.trained_s, row.withdrawn) == (done_ms, 40, False)
    assert row.study()[1].section == 2


def test_an_item_that_was_never_opened_is_not_done(floor: Floor) -> None:
    floor.ledger.record(assigned(least_s=0))
    floor.tell("s", TrainingItemDone("a", "1"), 1)
    floor.tell("s", TrainingOpened("a", "2"), 2)
    floor.tell("s", TrainingItemDone("a", "2"), 3)
    assert progress_of(floor.row()).items_done == 1


def test_nobody_studies_for_somebody_else(floor: Floor) -> None:
    floor.ledger.record(assigned(least_s=0))
    before = floor.row()
    floor.read("other", "1", 30, 0)
    floor.tell("other", TrainingItemDone("a", "1"), 60)
    floor.tell("other", TrainingPostponed("a"), 70)
    assert floor.row() == before


def test_a_seat_assigns_nothing_and_the_service_studies_nothing(floor: Floor) -> None:
    floor.ledger.record(assigned())
    before = floor.row()
    for fact in (TrainingOpened("a", "1"), TrainingItemDone("a", "1"), TrainingPostponed("a")):
        floor.ledger.record(fact)
    assert floor.row() == before


def test_what_was_withdrawn_is_not_studied(floor: Floor) -> None:
    floor.ledger.record(assigned())
    floor.read("s", "1", 20, 0)
    floor.ledger.record(TrainingWithdrawn("a", "2001", "left the project"))
    floor.read("s", "1", 20, 100)
    row = floor.row()
    assert (row.withdrawn, row.trained_s, row.open) == (True, 20, False)
    wanted = store.Filter(standing_only=True)
    assert store.tallied(floor.ledger.connection, wanted) == {}


def test_only_what_nobody_has_begun_is_drawn_anew(floor: Floor) -> None:
    floor.ledger.record(assigned())
    other = (TrainingItem("9", 1),)
    floor.ledger.record(TrainingRedrawn("a", 2, other, "2001", 60))
    row = floor.row()
    assert ([each.content for each in row.study()], row.version) == (["9"], 2)
    assert row.min_seconds == 60
    floor.tell("s", TrainingOpened("a", "9"), 1)
    floor.ledger.record(TrainingRedrawn("a", 3, DRAWN, "2001"))
    assert [each.content for each in floor.row().study()] == ["9"]


def test_a_content_that_was_not_drawn_counts_for_nothing(floor: Floor) -> None:
    floor.ledger.record(assigned())
    floor.read("s", "7", 30, 0)
    assert (floor.row().trained_s, floor.row().started_ms) == (0, None)


def test_it_is_put_off_three_times_at_most(floor: Floor) -> None:
    floor.ledger.record(assigned())
    for at_s in range(5):
        floor.tell("s", TrainingPostponed("a"), at_s)
    assert (floor.row().postponed, floor.row().postponed_ms) == (3, BEGAN_MS + 2_000)


def test_it_began_with_the_first_opening_whichever_desk_tells_first(floor: Floor) -> None:
    floor.ledger.record(assigned())
    floor.tell("s2", TrainingOpened("a", "1"), 600)
    floor.tell("s", TrainingOpened("a", "1"), 300, late_s=900)
    assert floor.row().started_ms == BEGAN_MS + 300_000


def test_two_desks_count_once_and_the_place_is_kept(floor: Floor) -> None:
    floor.ledger.record(assigned())
    for session in ("s", "s2"):
        floor.tell(session, TrainingOpened("a", "1"), 0)
    for at_s in (10, 20, 30):
        for session in ("s", "s2"):
            floor.tell(session, TrainingRead("a", "1", 10, at_s // 10), at_s)
    row = floor.row()
    assert (row.trained_s, row.study()[0].section) == (30, 3)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (State.READY, None),
        (State.RINGING, None),
        (State.TALK, None),
        (State.ACW, None),
        (State.NOT_READY, Reason.EXAM),
        (State.LOGGED_OFF, None),
    ],
)
def test_a_seat_is_credited_nothing_where_nobody_reads(
    floor: Floor, state: State, reason: Reason | None
) -> None:
    """Whatever it says of reading: it says of the state, too."""
    floor.ledger.record(assigned())
    floor.tell("s", TrainingOpened("a", "1"), 0)
    floor.tell("s", TrainingRead("a", "1", 10), 10)
    floor.tell("s", StateEntered(state, "x", "", reason), 15)
    floor.tell("s", TrainingRead("a", "1", 10), 20)
    floor.read("s", "2", 20, 20)
    assert floor.row().trained_s == 10
    floor.tell("s", StateEntered(State.NOT_READY, "x", "", Reason.TRAINING), 50)
    floor.tell("s", TrainingRead("a", "2", 10), 60)
    assert floor.row().trained_s == 10
    floor.read("s", "2", 20, 60)
    assert floor.row().trained_s == 30


def test_a_push_is_the_last_one(floor: Floor) -> None:
    floor.ledger.record(assigned())
    floor.ledger.record(TrainingPushed("a", "1001", "2001", BEGAN_MS))
    floor.ledger.record(TrainingPushed("a", "1001", "3001", BEGAN_MS + 1))
    assert (floor.row().pushed_by, floor.row().pushed_until_ms) == ("3001", BEGAN_MS + 1)


names = st.sampled_from(["a", "b"])
contents = st.sampled_from(["1", "2", "9"])
items = st.lists(st.builds(TrainingItem, contents, st.integers(1, 2)), max_size=2).map(tuple)
own = st.one_of(
    st.builds(
        TrainingAssigned,
        names,
        st.just("t"),
        st.just(1),
        st.sampled_from(["1001", "1002"]),
        items,
        st.integers(0, 30),
        st.just("2001"),
        st.sampled_from(AssignCause),
        st.one_of(st.none(), st.integers(0, 9)),
    ),
    st.builds(TrainingRedrawn, names, st.just(2), items, st.just("2001")),
    st.builds(TrainingWithdrawn, names, st.just("2001"), st.just("")),
    st.builds(TrainingPushed, names, st.just("1001"), st.just("2001"), st.integers(0, 9)),
    st.builds(TrainingRecalled, st.just("1001"), st.just("2001"), st.integers(0, 9)),
)
seats = st.one_of(
    st.builds(TrainingOpened, names, contents),
    st.builds(TrainingRead, names, contents, st.integers(-5, 15), st.integers(-1, 3)),
    st.builds(TrainingItemDone, names, contents),
    st.builds(TrainingPostponed, names),
    st.builds(
        StateEntered, st.sampled_from([State.NOT_READY, State.TALK]), st.just(""), st.just("")
    ),
)
steps = st.one_of(own, st.tuples(st.sampled_from(["s", "s2", "other"]), seats, st.integers(0, 20)))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(steps, min_size=10, max_size=40), st.sets(st.integers(0, 40)))
def test_the_rows_are_the_same_whatever_way_the_ledger_is_cut(
    told: list[AnyFact | tuple[str, AnyFact, int]], restarts: set[int]
) -> None:
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder) / "data") as ledger:
        for agent, session in (("1001", "s"), ("1001", "s2"), ("1002", "other")):
            ledger.begin(agent, session)
        floor, at_s = Floor(ledger), 0
        for number, step in enumerate([assigned("a"), assigned("b"), *told]):
            if number in restarts:
                ledger.appender.load(ledger.connection)
            if isinstance(step, tuple):
                session, fact, gap_s = step
                at_s += gap_s
                floor.tell(session, fact, at_s)
            else:
                ledger.record(step)
        assert ledger.verify() == 3 + 2 + len(told)
