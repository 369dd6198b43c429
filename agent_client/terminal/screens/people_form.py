"""A form with people and teams to tick."""

from collections.abc import Sequence

from textual import on
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from agent_client.terminal.cells import shown
from agent_client.terminal.screens.form import Form
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from agent_client.terminal.widgets.people_ticks import PeopleTicks
from agent_client.terminal.wording import Wording
from protocol.wire.session import Person

_NAMED = 4
"""People who are named; more are counted."""


class PeopleForm(Form):
    """What is typed narrows the list; Space ticks in it, Enter goes on."""

    CSS_PATH = ["dialog.tcss", "form.tcss", "training.tcss"]  # noqa: RUF012 - Textual's own form
    HINTS = (
        ("⏎ ⇥", "form.next"),
        ("␣", "documents.tick"),
        ("↑↓", "form.change"),
        ("Esc", "dialog.close"),
    )

    def __init__(self, people: Sequence[Person], teams: Sequence[str]) -> None:
        super().__init__()
        self._people, self._teams = people, teams
        self._language = ""

    def people_fields(self) -> tuple[Widget, Widget]:
        """The field that narrows, and the list."""
        return (
            Field(id="people-search", compact=True, max_length=64),
            PeopleTicks(id="people"),
        )

    def show(self, view: View) -> None:
        """The list in the reader's language."""
        for ticks in self.query(PeopleTicks):
            if self._language != view.words.language:
                self._language = view.words.language
                ticks.offer(self._people, self._teams, view.words)
        super().show(view)

    @property
    def agents(self) -> tuple[str, ...]:
        """Staff numbers that are ticked."""
        return tuple(each for ticks in self.query(PeopleTicks) for each in ticks.agents)

    @property
    def teams(self) -> tuple[str, ...]:
        """Teams that are ticked."""
        return tuple(each for ticks in self.query(PeopleTicks) for each in ticks.teams)

    def said_people(self, words: Wording) -> str:
        """Those who are ticked, some of them by name; empty: nobody is."""
        names = [
            *(words.text("people.team", team=shown(team)) for team in self.teams),
            *(
                f"{shown(number)} {shown(name)}"
                for ticks in self.query(PeopleTicks)
                for number, name in ticks.agents.items()
            ),
        ]
        said, more = words.text("comma").join(names[:_NAMED]), len(names) - _NAMED
        return said if more <= 0 else words.text("ask.more", names=said, count=more)

    def changed_field(self, event: Message) -> None:
        """Narrow the list."""
        if isinstance(event, Input.Changed) and event.input.id == "people-search":
            for ticks in self.query(PeopleTicks):
                if self._view is not None:
                    ticks.narrow(event.value, self._view.words)

    @on(PeopleTicks.Changed)
    def ticked(self, event: Message) -> None:
        """What is meant is said anew."""
        self.changed(event)
