"""Studying at this desk: what is open, the time that is credited, and the offer between calls.

The state becomes training before anything is opened, and whatever ends that state ends the reading
with its rest credited in the same write. What the clock of the desk shows has no say in it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence

from agent_client.seat.clock import Clock
from agent_client.seat.clock import Reading as Instant
from agent_client.seat.known_training import KnownTraining
from agent_client.seat.reading import Reading
from agent_client.seat.standing import Standing
from agent_client.seat.training_offer import IDLE, Offers
from protocol.facts.agent import Reason, State
from protocol.facts.record import AnyFact
from protocol.facts.training import TrainingItemDone, TrainingOpened
from protocol.rules.agent_state import AgentState, Refusal
from protocol.rules.reading_time import Sign, may_read
from protocol.wire.desk_training import DeskTraining
from protocol.wire.errors import Code, Refused
from protocol.wire.training import HEARTBEAT_S, AssignmentRow, OwnTraining

_READERS = frozenset({Sign.INPUT, Sign.FOCUS, Sign.BLUR, Sign.PLAY, Sign.PAUSE})
"""What a terminal can tell. Opening and closing are requests of their own, and whether the desk is
locked the desk knows."""


class Training:
    """`take_break` takes a break or asks for a turn; `tell` is told whenever something changes. To
    be used from the event loop's thread."""

    def __init__(
        self,
        known: KnownTraining,
        standing: Standing,
        clock: Clock,
        take_break: Callable[[Reason], Awaitable[None]],
        tell: Callable[[DeskTraining], None],
    ) -> None:
        self._known = known
        self._offers = Offers(known, standing, clock)
        self._standing = standing
        self._clock = clock
        self._take_break = take_break
        self._tell = tell
        self._open: Reading | None = None
        self._changes_at = clock.read()
        """When the state changed last."""
        self._terminals = 0
        self._timer: asyncio.TimerHandle | None = None
        self._told: DeskTraining | None = None
        standing.written_along = self._along_with
        standing.follow(self._state_changed)

    def present(self) -> DeskTraining:
        """What whoever watches is told."""
        if self._standing.agent.state is State.LOGGED_OFF:
            return DeskTraining(OwnTraining())
        own = self._known.present()
        offered = self._offers.may_be_shown(own.offer)
        open_ = self._open
        if open_ is None:
            return DeskTraining(own, offered)
        item = self._known.item(open_.assignment, open_.content)
        known_s = 0 if item is None else item.credited_s
        runs_since_ms = self._runs_since_ms(open_)
        return DeskTraining(
            own=own,
            offered=offered,
            assignment=open_.assignment,
            content=open_.content,
            credited_s=known_s if runs_since_ms is not None else known_s + open_.untold_ms // 1000,
            running=open_.counts,
            since_ms=runs_since_ms,
        )

    def look(self) -> None:
        """Tell of what is another since it was told."""
        present = self.present()
        if present != self._told:
            self._told = present
            self._tell(present)

    def take(self, own: OwnTraining) -> None:
        """The service tells what there is to study."""
        self._known.take(own)
        self.look()

    def learn(self, rows: Iterable[AssignmentRow]) -> None:
        """Rows of the training centre were looked at: what is completed may be studied again."""
        self._known.learn(rows)

    def terminals(self, count: int) -> None:
        """So many terminals are connected. Where one of them has gone, perhaps the reader was at
        that."""
        if count < self._terminals:
            self.close_item()
        self._terminals = count

    def signed_off(self) -> None:
        """The person has signed out."""
        self._drop()
        self._known.signed_off()
        self.look()

    async def open_item(self, assignment: str, content: str) -> None:
        """Begin to read: first the state, then the content. Raises `Refused`."""
        self._check_state()
        if self._known.item(assignment, content) is None:
            raise Refused(Code.UNKNOWN_ASSIGNMENT)
        await self._go_to_training()
        self._standing.need_disk()
        at = self._clock.read()
        self._write(at, (*self._rest(at), TrainingOpened(assignment, content)))
        item = self._known.item(assignment, content)
        section = 0 if item is None else item.section
        idle_s = self._known.present().idle_s
        self._open = Reading(assignment, content, section, idle_s, at.mono_ms)
        self._arrange()
        self.look()

    def sign(self, sign: Sign, section: int) -> None:
        """What the reader did. Raises `Refused`."""
        reading = self._need_open()
        if sign not in _READERS:
            raise Refused(Code.MALFORMED_MESSAGE, detail=sign)
        self._standing.happened(lambda at: self._look_at(at, reading, sign, section))
        if sign is Sign.INPUT:
            self._standing.sign_of_life()

    def finish_item(self) -> None:
        """It was read to its end. It stays open, and time goes on. Raises `Refused`."""
        reading = self._need_open()
        item = self._known.item(reading.assignment, reading.content)
        if item is not None and item.done:
            return
        self._standing.need_disk()
        at = self._clock.read()
        done = TrainingItemDone(reading.assignment, reading.content)
        self._write(at, (*self._rest(at), done))
        reading.told()
        self._arrange()
        self.look()

    def close_item(self) -> None:
        """Nothing is read any more, and the rest is credited; the state stays."""
        reading = self._open
        if reading is not None:
            self._standing.happened(lambda at: self._close(at, reading))

    def postpone(self) -> None:
        """Put the offer off. Raises `Refused`."""
        self._offers.postpone()
        self.look()

    def close(self) -> None:
        """The seat ends: what is read is closed in good order."""
        self.close_item()
        self._stop_waiting()

    # The state

    def _check_state(self) -> None:
        now = self._standing.agent
        if now.state is State.LOGGED_OFF:
            raise Refused(Refusal.NOT_SIGNED_IN)
        if now.state not in IDLE:
            raise Refused(Refusal.WRONG_STATE)
        if now.locked:
            raise Refused(Refusal.LOCKED)
        if now.exam_sitting:
            raise Refused(Refusal.EXAM_SITTING)

    async def _go_to_training(self) -> None:
        """As to a break, but that nothing is queued in a call. A turn that is waited for opens
        nothing."""
        if self._standing.agent.reason is not Reason.TRAINING:
            await self._take_break(Reason.TRAINING)
            self._check_state()
        if self._standing.agent.reason is not Reason.TRAINING:
            raise Refused(Code.TURN_NEEDED)

    def _along_with(self, at: Instant, after: AgentState) -> Sequence[AnyFact]:
        """The rest of what is read, if it ends with a change of the state."""
        self._changes_at = at
        return () if may_read(after.state, after.reason) else self._rest(at)

    def _state_changed(self) -> None:
        """What was written along with the change is on the disk."""
        reading, now = self._open, self._standing.agent
        if reading is not None and not may_read(now.state, now.reason):
            self._known.wrote(reading.rest(), self._changes_at.occurred_ms)
            self._drop()
        elif reading is not None and reading.locked != now.locked:
            reading.pass_to(self._changes_at.mono_ms)
            reading.lock(now.locked)
            self._arrange()
        self.look()

    # What is open

    def _need_open(self) -> Reading:
        if self._open is None:
            raise Refused(Code.NOT_OPEN)
        return self._open

    def _rest(self, at: Instant) -> Sequence[AnyFact]:
        if self._open is None:
            return ()
        self._open.pass_to(at.mono_ms)
        return self._open.rest()

    def _look_at(
        self, at: Instant, reading: Reading, sign: Sign | None = None, section: int | None = None
    ) -> None:
        """Time has passed, or there is a sign. What is still open then is looked at again."""
        if reading is not self._open:
            return
        reading.pass_to(at.mono_ms)
        if sign is not None:
            reading.take(sign, section)
        full = reading.stretch()
        if full:
            self._write(at, full)
            reading.told()
        self._arrange()
        self.look()

    def _close(self, at: Instant, reading: Reading) -> None:
        if reading is not self._open:
            return
        rest = self._rest(at)
        if rest:
            self._write(at, rest)
        self._drop()
        self.look()

    def _drop(self) -> None:
        self._open = None
        self._stop_waiting()

    def _write(self, at: Instant, facts: Sequence[AnyFact]) -> None:
        self._standing.note(at, facts)
        self._known.wrote(facts, at.occurred_ms)

    def _arrange(self) -> None:
        """Look again when the next stretch is full, or the reader idle."""
        self._stop_waiting()
        due_ms = self._open.due_ms if self._open is not None else None
        if due_ms is not None:
            self._wait(due_ms / 1000)

    def _wait(self, seconds: float) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, self._due)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _due(self) -> None:
        """Where the disk keeps it waiting, time goes on to be looked at."""
        reading = self._open
        if reading is not None:
            self._wait(HEARTBEAT_S)
            self._standing.happened(lambda at: self._look_at(at, reading))

    def _runs_since_ms(self, reading: Reading) -> int | None:
        """From when a clock that began with what is on the disk would show what is credited
        (server time); null while none runs. The same from stretch to stretch."""
        now = self._clock.read()
        if now.occurred_ms is None or not reading.counts:
            return None
        return now.occurred_ms - (now.mono_ms - reading.at_ms) - reading.untold_ms
