"""Issuing a paper: to whom, from when to when, for how long, and whether it counts."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from textual.widget import Widget

from agent_client.terminal.cells import shown
from agent_client.terminal.clock import zone_of
from agent_client.terminal.promise_time import read
from agent_client.terminal.request_words import said_moment
from agent_client.terminal.screens.document_form import NumberField
from agent_client.terminal.screens.people_form import PeopleForm
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from agent_client.terminal.widgets.pick import Pick
from protocol.facts.exam import SittingKind
from protocol.wire.errors import Code, Refused
from protocol.wire.exams import ExamRow, IssueExam
from protocol.wire.session import Person

_MINUTES = 60


class IssueForm(PeopleForm):
    """An empty beginning is now. For those who did not pass another one, nobody is ticked."""

    NAMED = "exam_issue.title"

    def __init__(
        self,
        paper: str,
        name: str,
        people: Sequence[Person],
        teams: Sequence[str],
        day_words: Mapping[str, int],
        retake_of: ExamRow | None = None,
    ) -> None:
        """`paper`: its document."""
        super().__init__(people, teams)
        self._paper, self._named, self._day_words = paper, name, day_words
        self._retake_of = retake_of

    def fields(self) -> Sequence[Widget]:
        """Whom, when, how long. A retake has its people already."""
        kinds = tuple(SittingKind) if self._retake_of is None else (SittingKind.FORMAL,)
        return (
            *(self.people_fields() if self._retake_of is None else ()),
            Field(id="exam-start", compact=True, max_length=40),
            Field(id="exam-end", compact=True, max_length=40),
            Pick(
                kinds,
                lambda words, kind: words.text(f"exam_kind.{kind}"),
                id="exam-kind",
            ),
            NumberField(30, id="exam-minutes"),
        )

    def says(self, view: View) -> str:
        """Which paper, for whom, and when."""
        words, zone = view.words, view.status.zone if view.status is not None else "UTC"
        start, end = self._at("exam-start"), self._at("exam-end")
        if end is None:
            when = words.text("exam_issue.needs_end")
        else:
            begins = words.text("exam_issue.now") if start is None else _said(view, start, zone)
            when = words.text("exam_issue.window", start=begins, end=_said(view, end, zone))
        if self._retake_of is not None:
            whom = words.text("exam_issue.retake")
        else:
            whom = self.said_people(words) or words.text("training_assign.nobody")
        return "\n".join((shown(self._named), when, whom))

    def message(self) -> IssueExam:
        """Raises `Refused` where something is missing."""
        retake = self._retake_of
        if retake is None and not self.agents and not self.teams:
            raise Refused(Code.NOBODY_CHOSEN)
        start, end = self._at("exam-start"), self._at("exam-end")
        for name, at in (("exam-start", start), ("exam-end", end)):
            if at is None and (self.value(name) or name == "exam-end"):
                raise Refused(Code.BAD_DATE, text=self.value(name))
        assert end is not None
        return IssueExam(
            0,
            "",
            self._paper,
            self.agents if retake is None else (),
            self.teams if retake is None else (),
            _ms(start) if start is not None else self._now_ms(),
            _ms(end),
            int(self.value("exam-minutes") or 0) * _MINUTES,
            SittingKind(self.value("exam-kind")),
            retake.issue if retake is not None else "",
        )

    def _now_ms(self) -> int:
        now = self._view.now if self._view is not None else None
        if now is None:
            raise Refused(Code.BAD_DATE, text="")
        return _ms(now) // 60_000 * 60_000

    def _at(self, name: str) -> datetime | None:
        view, typed = self._view, self.value(name)
        if not typed or view is None or view.now is None or view.status is None:
            return None
        return read(typed, view.now, zone_of(view.status.zone), self._day_words)


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _said(view: View, at: datetime, zone: str) -> str:
    return said_moment(view, _ms(at), zone)
