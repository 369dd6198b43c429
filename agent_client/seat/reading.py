"""One content that is open at this desk: what is credited of it, and what is to be told of that.
No clock, no disk."""

from protocol.facts.training import TrainingRead
from protocol.rules.reading_time import Reader, Sign
from protocol.wire.training import HEARTBEAT_S

LONGEST_GAP_MS = 15_000
"""An open content is looked at every ten seconds. After a longer time the machine slept or stood
still: nobody knows whether anybody read."""
_HEARTBEAT_MS = HEARTBEAT_S * 1000


class Reading:
    """From its opening to its end. Times are the machine's monotonic ones."""

    def __init__(
        self, assignment: str, content: str, section: int, idle_s: int, at_ms: int
    ) -> None:
        self.assignment = assignment
        self.content = content
        self._section = self._told_section = section
        self._reader = Reader(idle_s * 1000)
        self._reader.skip_to(at_ms)
        self._reader.take(Sign.OPEN)
        self._told_ms = 0
        self.locked = False

    @property
    def at_ms(self) -> int:
        """Up to when it is known what is credited."""
        return self._reader.at

    @property
    def counts(self) -> bool:
        """Whether time is credited from there on."""
        return self._reader.counts

    @property
    def untold_ms(self) -> int:
        """Credited since the last fact."""
        return self._reader.credited - self._told_ms

    @property
    def due_ms(self) -> int | None:
        """When to look at it again, after `at_ms`: the next stretch is full, or the reader idle.
        Null while nothing is credited."""
        if not self.counts:
            return None
        full_ms = max(0, _HEARTBEAT_MS - self.untold_ms)
        idle_from = self._reader.idle_from
        return full_ms if idle_from is None else min(full_ms, idle_from - self.at_ms)

    def pass_to(self, at_ms: int) -> None:
        """Credit what counts up to then."""
        if at_ms - self.at_ms > LONGEST_GAP_MS:
            self._reader.skip_to(at_ms)
        elif at_ms > self.at_ms:
            self._reader.pass_to(at_ms)

    def take(self, sign: Sign, section: int | None = None) -> None:
        """A sign, given at `at_ms`."""
        self._reader.take(sign)
        if section is not None:
            self._section = max(0, section)

    def lock(self, locked: bool) -> None:
        """The desk was locked at `at_ms`, or opened."""
        self.locked = locked
        self._reader.take(Sign.LOCK if locked else Sign.UNLOCK)

    def stretch(self) -> tuple[TrainingRead, ...]:
        """A full stretch, if there is one."""
        return (self._read(),) if self.untold_ms >= _HEARTBEAT_MS else ()

    def rest(self) -> tuple[TrainingRead, ...]:
        """What is credited or was turned to since the last stretch."""
        moved = self._section != self._told_section
        return (self._read(),) if self.untold_ms >= 1000 or moved else ()

    def told(self) -> None:
        """What `stretch` or `rest` gave is on the disk. The next one begins here, so that none
        ever tells of more time than has passed since the one before."""
        self._told_ms = self._reader.credited
        self._told_section = self._section

    def _read(self) -> TrainingRead:
        seconds = min(HEARTBEAT_S, self.untold_ms // 1000)
        return TrainingRead(self.assignment, self.content, seconds, self._section)
