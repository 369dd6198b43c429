"""What happened since the start, in plain numbers: counting costs a few additions, and only who
asks pays for more."""

from bisect import bisect_left

_FACTS = (0, 1, 4, 16, 64, 256, 1024, 4096)
_KINDS = 100
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)


class Spread:
    """How often a value was up to each of some bounds."""

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        """By bound, the last for what was above all."""
        self.total = 0.0
        """The sum of all values."""

    def add(self, value: float) -> None:
        """One more."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value


class Commits:
    """The writer's. Changed in its thread alone."""

    def __init__(self) -> None:
        self.facts = Spread(_FACTS)
        """Facts in a transaction."""
        self.seconds = Spread(_SECONDS)
        """How long one took, with its synchronisation of the disk."""

    def done(self, facts: int, seconds: float) -> None:
        """A transaction is on the disk."""
        self.facts.add(facts)
        self.seconds.add(seconds)


class Unread:
    """Facts that came and that this version can't read. They are kept. Changed in the event
    loop's thread alone."""

    def __init__(self) -> None:
        self.total = 0
        self._kinds: set[str] = set()

    def is_first(self, kind: str) -> bool:
        """Count one. Whether it is the first of its kind, as far as kinds are remembered."""
        self.total += 1
        if kind in self._kinds or len(self._kinds) >= _KINDS:
            return False
        self._kinds.add(kind)
        return True


class Peers:
    """What was done to connections. Changed in the event loop's thread alone."""

    def __init__(self) -> None:
        self.slow_readers = 0
        """Cut off."""
        self.refusals: dict[str, int] = {}
        """By code."""

    def refused(self, code: str) -> None:
        """An error was sent."""
        self.refusals[code] = self.refusals.get(code, 0) + 1
