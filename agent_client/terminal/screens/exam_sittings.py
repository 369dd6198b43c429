"""The sittings of an exam: who sits it, how long there is, and what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from textual import on
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList

from agent_client.terminal.cells import fit, shown
from agent_client.terminal.exam_words import remaining, score_line, seconds_left
from agent_client.terminal.screens.documents import moment, person
from agent_client.terminal.screens.exam_centre import zone_of_view
from agent_client.terminal.screens.listing import Listed, Listing
from agent_client.terminal.view import View
from protocol.wire.exams import ExamRow, ResultState, SittingRow, Sittings

_WHO_CELLS = 24


class SittingsSheet(Listing[Sittings, SittingRow]):
    """Enter opens a result; `x` gives more time to one that runs."""

    NAMED = "sittings.title"
    NOTHING = "sittings.none"
    HINTS = (("⏎", "sittings.result"), ("x", "sittings.extend"), ("Esc", "dialog.close"))
    BINDINGS = [("x", "extend")]  # noqa: RUF012 - Textual's own form

    @dataclass
    class ResultWanted(Message):
        """What came of it."""

        row: SittingRow

    @dataclass
    class ExtendWanted(Message):
        """More time."""

        row: SittingRow

    def __init__(self, exam: ExamRow) -> None:
        super().__init__()
        self.exam = exam

    def rows(self, view: View, told: Sittings, width: int) -> Iterable[Listed[SittingRow]]:
        """By the time of their beginning."""
        for row in told.rows:
            who = fit(f"{shown(row.agent)} {person(told.names, row.agent)}", _WHO_CELLS)
            line = Content.assemble((who, "bold"), "  ", self._says(view, row))
            yield Listed(row.sitting, line, self._detail(view, row), row)

    def summary(self, view: View, told: Sittings) -> str:
        """Of which exam."""
        return shown(self.exam.name)

    @on(OptionList.OptionSelected)
    def selected(self, event: OptionList.OptionSelected) -> None:
        """Enter."""
        event.stop()
        row = self.chosen()
        if row is not None:
            self.post_message(self.ResultWanted(row))

    def action_extend(self) -> None:
        """More time for the highlighted one."""
        row = self.chosen()
        if row is not None:
            self.post_message(self.ExtendWanted(row))

    def _says(self, view: View, row: SittingRow) -> str:
        if row.state is not ResultState.RUNNING:
            return score_line(view.words, row)
        left = seconds_left(view.now, row.deadline_ms)
        return view.words.text("sittings.runs", left=remaining(left or 0))

    def _detail(self, view: View, row: SittingRow) -> tuple[Content, ...]:
        words, zone = view.words, zone_of_view(view)
        until = words.text(
            "sittings.times",
            start=moment(row.started_ms, zone),
            deadline=moment(row.deadline_ms, zone),
        )
        lines = [Content(until)]
        if row.submitted_ms is not None:
            lines.append(
                Content(words.text("sittings.submitted", at=moment(row.submitted_ms, zone)))
            )
        if row.extended_s:
            lines.append(
                Content(words.text("sittings.extended", minutes=f"{row.extended_s / 60:g}"))
            )
        if row.focus_left:
            text = words.text("sittings.focus_left", count=row.focus_left)
            lines.append(Content.styled(text, "$quiet"))
        return tuple(lines)
