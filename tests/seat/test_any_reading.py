"""Whatever a reader does: what is on the disk is what the rule credits, and lies where it may."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from protocol.facts.agent import Reason, State, StateEntered
from protocol.facts.record import AnyFact
from protocol.facts.training import TrainingOpened, TrainingRead
from protocol.rules.reading_time import Sign, Told, reading_time
from protocol.wire.errors import Refused
from tests.seat.conftest import MEMORY
from tests.seat.rig import Rig, play, refusal
from tests.seat.studying import TASK, Student, stretches

IDLE_S = 180
SIGNS = [Sign.INPUT, Sign.FOCUS, Sign.BLUR, Sign.PLAY, Sign.PAUSE]
DEEDS = st.lists(
    st.one_of(
        st.integers(1, 9),
        st.integers(10, 300),
        st.sampled_from(SIGNS),
        st.sampled_from(["open", "close", "ready", "meal", "lock", "unlock"]),
    ),
    max_size=30,
)


class Reader:
    """Does things at a desk, and writes down what the rule is told of them."""

    def __init__(self, rig: Rig, student: Student) -> None:
        self.rig = rig
        self.student = student
        self.openings: list[list[Told]] = []
        self.is_open = False

    async def does(self, deed: int | str | Sign) -> None:
        match deed:
            case int():
                await asyncio.sleep(deed)
            case Sign():
                if refusal(lambda: self.student.training.sign(deed, 0)) == "done":
                    self._told(deed)
            case "open":
                await self._opens()
            case "close":
                self.student.training.close_item()
                self._ends()
            case "ready":
                if refusal(self.rig.desk.ready) == "done":
                    self._ends()
            case "meal":
                self.rig.desk.take_break(Reason.MEAL)
            case "lock" | "unlock":
                self._locks(deed == "lock")

    def _locks(self, locked: bool) -> None:
        if self.rig.standing.agent.locked == locked:
            return
        (self.rig.desk.lock if locked else self.rig.desk.unlock)()
        self._told(Sign.LOCK if locked else Sign.UNLOCK)

    async def _opens(self) -> None:
        try:
            await self.student.training.open_item(TASK, "c1")
        except Refused:
            return
        self._ends()
        self.openings.append([])
        self.is_open = True
        self._told(Sign.OPEN)

    def _ends(self) -> None:
        self._told(Sign.CLOSE)
        self.is_open = False

    def _told(self, sign: Sign) -> None:
        if self.is_open:
            self.openings[-1].append(Told(self.rig.clock.monotonic() // 1000, sign))


def by_opening(facts: list[AnyFact]) -> Iterator[int]:
    """Seconds on the disk of each opening."""
    begins = [at for at, fact in enumerate(facts) if isinstance(fact, TrainingOpened)]
    for begin, end in zip(begins, [*begins[1:], len(facts)], strict=True):
        yield sum(stretches(facts[begin:end]))


def states_of_stretches(facts: list[AnyFact]) -> set[tuple[State, Reason | None]]:
    """In which states time was credited."""
    entered = (State.LOGGED_OFF, None)
    found = set()
    for fact in facts:
        if isinstance(fact, StateEntered):
            entered = (fact.state, fact.reason)
        if isinstance(fact, TrainingRead):
            found.add(entered)
    return found


@settings(max_examples=60, deadline=None)
@given(DEEDS)
def test_the_disk_has_what_the_rule_credits(deeds: list[int | str | Sign]) -> None:
    async def story(rig: Rig) -> None:
        student = Student(rig, rig.disk.parent)
        await rig.work()
        reader = Reader(rig, student)
        for deed in ("open", *deeds, "close"):
            await reader.does(deed)
        facts = rig.facts()
        assert list(by_opening(facts)) == [
            reading_time(signs, IDLE_S).credited_s for signs in reader.openings
        ]
        assert max(stretches(facts), default=0) <= 10
        assert {state for state, _ in states_of_stretches(facts)} <= {State.NOT_READY}

    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        play(Path(folder), story)
