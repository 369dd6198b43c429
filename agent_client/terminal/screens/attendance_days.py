"""One person's month of attendance, day by day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content
from textual.message import Message

from agent_client.terminal.cells import fit, shown
from agent_client.terminal.clock import at_site
from agent_client.terminal.plan_words import length
from agent_client.terminal.request_words import named, said_day
from agent_client.terminal.screens.listing import Listed, Listing
from agent_client.terminal.view import View
from agent_client.terminal.wording import Wording
from protocol.wire.attendance import AttendanceMonth, AttendanceRow

_CODES = (
    "NORMAL",
    "LATE",
    "EARLY_LEAVE",
    "ABSENT_HALF_DAY",
    "ABSENT",
    "LEAVE",
    "DAY_OFF",
    "OPEN",
)
_AGAINST = frozenset({"LATE", "EARLY_LEAVE", "ABSENT_HALF_DAY", "ABSENT", "OPEN"})
_TIMES = 13
_NONE = "--:--"


class DaysSheet(Listing[AttendanceMonth, AttendanceRow]):
    """With the keys of whoever saw the person, or knows who worked in their place."""

    NAMED = "attendance_days.title"
    NOTHING = "attendance_month.none"
    HINTS = (
        ("p", "attendance_days.presence"),
        ("u", "attendance_days.substitute"),
        ("Esc", "dialog.close"),
    )
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        ("p", "want('presence')"),
        ("u", "want('substitute')"),
    ]

    @dataclass
    class Wanted(Message):
        """Something is to be recorded of a day: `presence` or `substitute`."""

        what: str
        row: AttendanceRow | None

    def __init__(self, agent: str) -> None:
        super().__init__()
        self.agent = agent
        """Whose month it is."""

    def rows(
        self, view: View, told: AttendanceMonth, width: int
    ) -> Iterable[Listed[AttendanceRow]]:
        """Their days, in order."""
        zone = view.status.zone if view.status is not None else "UTC"
        for row in sorted(told.rows, key=lambda each: each.day):
            if row.agent == self.agent:
                detail = tuple(_details(view.words, told, row, zone))
                name = f"{row.day}-{row.for_agent}"
                yield Listed(name, _line(view.words, row, zone), detail, row)

    def summary(self, view: View, told: AttendanceMonth) -> str:
        """Whose, and which month."""
        return f"{named(self.agent, told.names)}  ·  {told.month}"

    def action_want(self, what: str) -> None:
        """Record something of the highlighted day."""
        self.post_message(self.Wanted(what, self.chosen()))


def _line(words: Wording, row: AttendanceRow, zone: str) -> Content:
    widest = max(cell_len(words.term(f"attendance.{code}", code)) for code in _CODES)
    mark = "!" if row.code in _AGAINST else " "
    code = fit(f"{mark} {words.term(f'attendance.{row.code}', row.code)}", widest + 3)
    times = f"{_time(row.signed_in_ms, zone)}–{_time(row.signed_out_ms, zone)}"
    day = fit(said_day(words, row.day), 7 + cell_len(words.text("weekday.1")))
    return Content.assemble(
        f"{day}  {fit(_shift(row, zone), _TIMES)}  {fit(times, _TIMES)}  ",
        (code, "bold" if row.code in _AGAINST else ""),
        words.text("comma").join(_marks(words, row)),
    )


def _marks(words: Wording, row: AttendanceRow) -> Iterator[str]:
    """What else is to be known, in a few words."""
    if row.late_s:
        yield words.text("why.late", length=length(words, row.late_s))
    if row.early_s:
        yield words.text("why.early", length=length(words, row.early_s))
    if row.overtime_s:
        yield words.text("why.overtime", length=length(words, row.overtime_s))
    if row.substitute:
        yield words.text("why.substitute", who=shown(row.substitute))
    if row.for_agent:
        yield words.text("attendance_days.for_agent", who=shown(row.for_agent))
    if row.evidence:
        yield words.text("attendance_days.evidence")


def _details(
    words: Wording, told: AttendanceMonth, row: AttendanceRow, zone: str
) -> Iterator[Content]:
    code = words.term(f"attendance.{row.code}", row.code)
    yield Content.styled(f"{said_day(words, row.day)}  {code}", "bold")
    yield Content(
        words.text(
            "attendance_days.times",
            shift=_shift(row, zone) or words.text("attendance_days.no_shift"),
            signed_in=_time(row.signed_in_ms, zone),
            signed_out=_time(row.signed_out_ms, zone),
        )
    )
    if row.prepared_s:
        yield Content(words.text("why.prepared", length=length(words, row.prepared_s)))
    if row.substitute:
        who = named(row.substitute, told.names)
        yield Content(words.text("attendance_days.their_result", who=who))
    if row.for_agent:
        who = named(row.for_agent, told.names)
        yield Content(words.text("attendance_days.stood_in", who=who))
    if row.named_by:
        who = named(row.named_by, told.names)
        yield Content(words.text("attendance_days.on_word", who=who, text=shown(row.because)))
    if row.evidence:
        yield Content(f"{words.text('attendance_days.evidence')}: {shown(row.evidence)}")


def _shift(row: AttendanceRow, zone: str) -> str:
    if row.shift_start_ms is None:
        return ""
    return f"{_time(row.shift_start_ms, zone)}–{_time(row.shift_end_ms, zone)}"


def _time(ms: int | None, zone: str) -> str:
    return _NONE if ms is None else f"{at_site(ms, zone):%H:%M}"
