"""Choosing what statistics of training count: days, task, people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from textual.message import Message
from textual.widget import Widget

from agent_client.terminal.cells import shown
from agent_client.terminal.screens.people_form import PeopleForm
from agent_client.terminal.screens.training_statistics import Narrowed, said
from agent_client.terminal.view import View
from agent_client.terminal.widgets.people_ticks import PeopleTicks
from agent_client.terminal.widgets.pick import Pick
from agent_client.terminal.widgets.typed_fields import DayField
from agent_client.terminal.wording import Wording
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Person
from protocol.wire.training import GetTrainingStatistics


class NarrowForm(PeopleForm):
    """Empty fields stand for all; Enter in the last day's field counts."""

    NAMED = "statistics.title_narrow"
    HINTS = (
        ("⏎ ⇥", "form.next"),
        ("␣", "documents.tick"),
        ("↑↓", "form.change"),
        ("Esc", "dialog.close"),
    )

    @dataclass
    class Chosen(Message):
        """These."""

        narrowed: Narrowed

    def __init__(
        self,
        narrowed: Narrowed,
        tasks: Mapping[str, str],
        people: Sequence[Person],
        today: date,
        day_words: Mapping[str, int],
    ) -> None:
        """`tasks`: names by document."""
        super().__init__(people, ())
        self._narrowed, self._today, self._day_words = narrowed, today, day_words
        self._tasks = {"": "", **tasks}

    def fields(self) -> Sequence[Widget]:
        """With what is counted already."""
        before = self._narrowed
        search, people = self.people_fields()
        if isinstance(people, PeopleTicks):
            people.agents.update(dict(before.agents))
        return (
            Pick(tuple(self._tasks), self._said_task, id="statistics-task", value=before.task),
            search,
            people,
            DayField(self._today, self._day_words, before.first, id="statistics-first"),
            DayField(self._today, self._day_words, before.last, id="statistics-last"),
        )

    def says(self, view: View) -> str:
        """What would be counted."""
        try:
            return "  ·  ".join(said(view.words, self._wanted()))
        except Refused:
            return view.words.text("report.days_lacking")

    def message(self) -> GetTrainingStatistics:
        """Refused where the days can't be read."""
        return self._wanted().message("UTC")

    def submit(self) -> None:
        """The sheet asks for it."""
        try:
            self.post_message(self.Chosen(self._wanted()))
        except Refused as refusal:
            self.refuse(refusal)
            return
        self.dismiss(None)

    def _wanted(self) -> Narrowed:
        first, last = self._day("statistics-first"), self._day("statistics-last")
        if first is not None and last is not None and last < first:
            raise Refused(Code.BAD_DATE, text=self.value("statistics-last"))
        task = self.value("statistics-task")
        people = {
            each: name for ticks in self.query(PeopleTicks) for each, name in ticks.agents.items()
        }
        return Narrowed(first, last, task, self._tasks.get(task, ""), tuple(people.items()))

    def _day(self, name: str) -> date | None:
        """Null where nothing stands. Raises `Refused`."""
        day, typed = self.query_one(f"#{name}", DayField).day, self.value(name)
        if typed and day is None:
            raise Refused(Code.BAD_DATE, text=typed)
        return day

    def _said_task(self, words: Wording, task: str) -> str:
        return shown(self._tasks.get(task, "")) or words.text("statistics.all_tasks")
