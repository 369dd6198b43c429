"""Choosing a report: which statistic, which days, of whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from textual import on
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from agent_client.terminal.report_span import Span, SpanKind, around
from agent_client.terminal.screens.form import Form
from agent_client.terminal.screens.report import OWN_REPORTS, REPORTS, Asked, said_span, said_whose
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from agent_client.terminal.widgets.pick import Pick
from agent_client.terminal.widgets.typed_fields import DayField
from agent_client.terminal.wording import Wording
from protocol.wire.errors import Code, Refused
from protocol.wire.report import MAX_REPORT_DAYS, SINGLE_CASES, GetReport


class ReportForm(Form):
    """A month and a week are those of the first day; ↑ and ↓ go through choices and dates, and
    Enter chooses from every field."""

    NAMED = "report.title_choose"
    HINTS = (
        ("⏎", "report.show"),
        ("⇥", "report.fields"),
        ("↑↓", "report.change"),
        ("Esc", "dialog.close"),
    )

    @dataclass
    class Chosen(Message):
        """This one."""

        asked: Asked

    def __init__(
        self, asked: Asked, today: date, day_words: Mapping[str, int], *, own: bool
    ) -> None:
        """`own`: of the person who is asked for now, and of nobody else."""
        super().__init__()
        self._asked, self._today, self._day_words, self._own = asked, today, day_words, own

    def fields(self) -> Sequence[Widget]:
        """With what is shown now."""
        span = self._asked.span
        kind = SpanKind.DAYS if span.months > 1 else span.kind
        reports = OWN_REPORTS if self._own else REPORTS
        return (
            _Pick(reports, _said_name, id="report", value=self._asked.name),
            _Pick([*SpanKind], _said_kind, id="span", value=kind),
            DayField(self._today, self._day_words, span.first, id="first"),
            DayField(self._today, self._day_words, span.last, id="last"),
            Field(self._asked.team, id="team", compact=True, max_length=64),
            Field(self._asked.agent, id="agent", compact=True, max_length=32),
        )

    def applies(self, field: str) -> bool:
        """The last day of a month or a week follows from the first."""
        if field in ("team", "agent"):
            return not self._own
        return field != "last" or self.value("span") == SpanKind.DAYS

    def says(self, view: View) -> str:
        """Which days and whose."""
        words = view.words
        try:
            asked = self._wanted()
        except Refused:
            return words.text("report.days_lacking")
        return f"{said_span(words, asked.span)}  ·  {said_whose(words, asked)}"

    def message(self) -> GetReport:
        """Refused where the days can't be read."""
        return self._wanted().message()

    def submit(self) -> None:
        """The sheet asks for it."""
        try:
            self.post_message(self.Chosen(self._wanted()))
        except Refused as refusal:
            self.refuse(refusal)
            return
        self.dismiss(None)

    def action_submit(self) -> None:
        """From a choice."""
        self.submit()

    @on(Input.Submitted)
    def entered(self, event: Input.Submitted) -> None:
        """From a text."""
        event.stop()
        self.submit()

    def _wanted(self) -> Asked:
        span = self._span()
        if not 0 < span.days <= MAX_REPORT_DAYS:
            first, last = span.first.isoformat(), span.last.isoformat()
            raise Refused(Code.BAD_SPAN, first=first, last=last, limit=MAX_REPORT_DAYS)
        name = self.value("report")
        by_team = self._asked.by_team and name not in SINGLE_CASES
        return Asked(name, span, self.value("team"), self.value("agent"), by_team)

    def _span(self) -> Span:
        """Raises `Refused`."""
        first = self._day("first")
        kind = SpanKind(self.value("span"))
        return Span(first, self._day("last")) if kind is SpanKind.DAYS else around(kind, first)

    def _day(self, name: str) -> date:
        day = self.query_one(f"#{name}", DayField).day
        if day is None:
            raise Refused(Code.BAD_DATE, text=self.value(name))
        return day


class _Pick(Pick):
    BINDINGS = [("enter", "screen.submit")]  # noqa: RUF012 - Textual's own form


def _said_name(words: Wording, name: str) -> str:
    return words.text(f"report_name.{name}")


def _said_kind(words: Wording, kind: str) -> str:
    return words.text(f"span_kind.{kind}")
