"""Nasty days for adherence, each from a number: overnight, across changes of the clock, with calls
and deviations that end on the very second at which something is decided."""

from collections.abc import Callable, Sequence
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from protocol.facts.agent import Reason, State
from protocol.facts.shift import Activity

Where = tuple[str, str]
"""Zone and local time."""
Paint = tuple[str, str | None, str | None]
"""State, reason, call."""
Span = tuple[int, int]

READY: Paint = ("READY", None, None)
OFFLINE: Paint = ("OFFLINE", None, None)

STARTS: Sequence[Where] = (
    ("Europe/Berlin", "2025-10-25T22:00"),
    ("Europe/Berlin", "2025-03-29T20:30"),
    ("America/Sao_Paulo", "2018-11-03T19:00"),  # midnight is left out
    ("America/Sao_Paulo", "2018-02-17T18:00"),  # the hour before midnight comes twice
    ("Asia/Shanghai", "2025-03-31T22:00"),
    ("Asia/Shanghai", "2024-12-31T16:59:59"),
    ("Asia/Shanghai", "2025-03-03T09:00"),
    ("Asia/Shanghai", "2024-02-28T18:30"),
)
USUAL = {"WORK": "READY", "BREAK": "REST", "MEAL": "MEAL", "OUTBOUND": "OUTBOUND_PREP"}
EDGES = (-3600, -600, -61, -60, -59, -1, 0, 0, 1, 59, 60, 61, 119, 600)
LENGTHS = (1, 59, 60, 61, 119, 120, 121, 300, 600, 1200, 1201, 3600)
CONFIGS: dict[str, Sequence[object]] = {
    "grace_s": (0, 1, 30, 60, 300),
    "overrun_cap_s": (0, 60, 600, 1800),
    "break_floats": (False, True),
    "personal_allowance_s": (0, 59, 600),
    "logged_off_ok_in_break": (False, True),
    "acw_limit_s": (0, 30, 300),
    "work_reasons": ([], ["HANDOVER"], ["BACKOFFICE", "MEETING", "PERSONAL"], ["REST", "ONLINE"]),
}


def random_day(seed: int) -> dict[str, object]:
    """The input of the figure `adherence` for a number."""
    return _Day(Random(seed)).input()


class _Day:
    """A day being made up. Times are seconds since 1970 (UTC)."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        name, wall = chance.choice(STARTS)
        self.zone = ZoneInfo(name)
        local = datetime.fromisoformat(wall).replace(tzinfo=self.zone)
        self.start = int(local.timestamp()) + chance.choice((0, 0, 900, 7))
        self.plan = self._plan()
        self.end = self.plan[-1][1] if self.plan else self.start + 7200
        self.from_s = self.start - 4 * 3600
        self.line: list[Paint | None] = [None] * (self.end - self.start + 9 * 3600)
        self.calls = 0

    def input(self) -> dict[str, object]:
        """Everything that was planned, done and decided."""
        self._obey()
        for _ in range(self.chance.choice((0, 1, 3, 6))):
            self._deviate(self._stray())
        for _ in range(self.chance.choice((0, 0, 2, 4))):
            self._deviate(("NOT_READY", "PERSONAL", None))
        for _ in range(self.chance.choice((0, 1, 2, 5))):
            self._call()
        for paint in (None, OFFLINE):
            if self.chance.random() < 0.25:
                self._deviate(paint)
        if self.chance.random() < 0.15:
            self._fall_silent()
        given: dict[str, object] = {
            "schedule": [self._shown(span, activity=what) for *span, what in self.plan],
            "actual": self._intervals(),
            "tz": self.zone.key,
        }
        exceptions = [self._exception() for _ in range(self.chance.choice((0, 0, 1, 2, 5)))]
        config = {
            key: self.chance.choice(values)
            for key, values in CONFIGS.items()
            if self.chance.random() < 0.12
        }
        return given | ({"exceptions": exceptions} if exceptions else {}) | {"config": config}

    def _plan(self) -> list[tuple[int, int, str]]:
        plan = []
        at = self.start
        working = self.chance.random() < 0.9
        for _ in range(self.chance.choice((0, 1, 3, 5, 7, 9, 9))):
            lengths = (1, 60, 600, 1800, 5400, 5400, 7200) if working else (1, 61, 900, 900, 3600)
            end = at + self.chance.choice(lengths)
            rest = self.chance.choice(["BREAK", "MEAL", self.chance.choice([*Activity])])
            plan.append((at, end, "WORK" if working else rest))
            at = end + (self.chance.choice((1, 60, 1800)) if self.chance.random() < 0.08 else 0)
            working = self.chance.random() < (0.1 if working else 0.9)
        return plan

    def _obey(self) -> None:
        """Do what was planned, changing over a little early or late."""
        for start, end, activity in self.plan:
            reason = USUAL.get(activity, activity)
            paint: Paint | None = ("NOT_READY", reason, None)
            if activity == "WORK":
                paint = READY
            elif activity in ("BREAK", "MEAL") and self.chance.random() < 0.15:
                paint = None
            late = self.chance.choice((0, 0, 0, 0, -61, -1, 1, 60, 61, 300))
            self._paint((start + late, end + self.chance.choice((0, 0, 0, 60, 61))), paint)
        edges: Sequence[Callable[[], Span]] = (
            lambda: (self.start - 1800, self.start + self.chance.choice(EDGES)),
            lambda: (self.end + self.chance.choice(EDGES), self.end + 1800),
        )
        for edge in edges:
            if self.chance.random() < 0.3:
                self._paint(edge(), self.chance.choice((None, READY, OFFLINE)))

    def _deviate(self, paint: Paint | None) -> None:
        start = self._near_an_edge()
        self._paint((start, start + self.chance.choice(LENGTHS)), paint)

    def _fall_silent(self) -> None:
        """Sign out for a break, and be OFFLINE, or gone, all the time before it or after it."""
        breaks = [span for span in self.plan if span[2] in ("BREAK", "MEAL")]
        start, end, _ = self.chance.choice(breaks or [(self.start, self.end, "")])
        far = self.from_s + len(self.line)
        rest = self.chance.choice(((self.from_s, start), (end, far)))
        self._paint((start, end), None)
        self._paint(rest, self.chance.choice((None, None, OFFLINE)))
        self._paint(self.chance.choice(((start - 60, start), (end, end + 60))), OFFLINE)

    def _stray(self) -> Paint | None:
        state = self.chance.choice([*State, *[State.NOT_READY] * len(State)])
        reason = self.chance.choice([*Reason]) if state is State.NOT_READY else None
        return (state, reason, None)

    def _call(self) -> None:
        """A call, mostly at the beginning of a break, and mostly with the break after it."""
        self.calls += 1
        breaks = [start for start, _, activity in self.plan if activity != "WORK"]
        near = breaks and self.chance.random() < 0.8
        at = self.chance.choice(breaks) if near else self._near_an_edge()
        at += self.chance.choice((-1500, -300, -20, -1, 0, 58, 59, 60, 61, 62, 300))
        parts = [
            (self.chance.choice(("RINGING", "DIALING")), self.chance.choice((0, 1, 10, 20))),
            ("TALK", self.chance.choice((1, 20, 59, 300, 900, 1700, 4000))),
            (self.chance.choice(("HOLD", "CONSULT", "OFFLINE")), self.chance.choice((0, 0, 60))),
            ("TALK", self.chance.choice((0, 5, 61))),
            ("ACW", self.chance.choice((0, 1, 60, 119, 120, 121, 300))),
        ]
        for state, length in parts:
            self._paint((at, at + length), (state, None, f"c{self.calls}"))
            at += length
        if self.chance.random() < 0.2:
            self._paint((at - 100, at - 70), ("NOT_READY", "HANDOVER", None))
        if self.chance.random() < 0.7:
            length = self.chance.choice((60, 839, 840, 900, 961, 3600, 3661))
            reason = self.chance.choice(("REST", "MEAL", "PERSONAL"))
            self._paint((at, at + length), ("NOT_READY", reason, None))

    def _near_an_edge(self) -> int:
        edges = [each for span in self.plan for each in span[:2]] or [self.start]
        anywhere = self.chance.randrange(self.start - 900, self.end + 900)
        return self.chance.choice((anywhere, self.chance.choice(edges) + self.chance.choice(EDGES)))

    def _paint(self, span: Span, paint: Paint | None) -> None:
        start, end = (max(0, min(each - self.from_s, len(self.line))) for each in span)
        self.line[start:end] = [paint] * (end - start)

    def _intervals(self) -> list[dict[str, object]]:
        """What was painted, as intervals; of those signed out only some are told, and what was
        one is sometimes told as two."""
        talked = {paint[2] for paint in self.line if paint and paint[0] != "ACW"}
        cuts = [
            second
            for second in range(1, len(self.line))
            if self.line[second] != self.line[second - 1] or self.chance.random() < 0.0001
        ]
        intervals = []
        for start, end in zip([0, *cuts], [*cuts, len(self.line)], strict=True):
            paint = self.line[start] or ("LOGGED_OFF", None, None)
            if paint[0] == "LOGGED_OFF" and self.chance.random() < 0.5:
                continue
            state, reason, call = paint
            fields = {"reason": reason, "call_id": call if call in talked else None}
            told = {key: value for key, value in fields.items() if value}
            span = (self.from_s + start, self.from_s + end)
            intervals.append(self._shown(span, state=state, **told))
        return intervals

    def _exception(self) -> dict[str, object]:
        start = self._near_an_edge()
        return self._shown(
            (start, start + self.chance.choice((*LENGTHS, 7200))),
            kind=self.chance.choice(("excuse", "exclude")),
            reason="OTHER",
            status=self.chance.choice(("approved", "approved", "pending", "rejected")),
        )

    def _shown(self, span: Sequence[int], **fields: object) -> dict[str, object]:
        start, end = (self._time(second) for second in span)
        return {"start": start, "end": end, **fields}

    def _time(self, second: int) -> str:
        """Local where that says which instant it is, at times; else with the offset."""
        moment = datetime.fromtimestamp(second, self.zone)
        bare = moment.replace(tzinfo=None)
        plain = bare.replace(tzinfo=self.zone).timestamp() == second and moment.fold == 0
        return (bare if plain and self.chance.random() < 0.5 else moment).isoformat()
