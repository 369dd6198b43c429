"""Giving a task to people and teams."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from textual.widget import Widget

from agent_client.terminal.cells import shown
from agent_client.terminal.clock import zone_of
from agent_client.terminal.promise_time import read
from agent_client.terminal.request_words import said_moment
from agent_client.terminal.screens.people_form import PeopleForm
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from protocol.facts.document import TrainingTask
from protocol.wire.documents import DocumentRow
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Person
from protocol.wire.training import Assign


class AssignForm(PeopleForm):
    """Whom, and until when; what each gets is drawn as it is sent."""

    NAMED = "training_assign.title"

    def __init__(
        self,
        task: DocumentRow,
        people: Sequence[Person],
        teams: Sequence[str],
        day_words: Mapping[str, int],
    ) -> None:
        super().__init__(people, teams)
        self._assigned, self._day_words = task, day_words

    def fields(self) -> Sequence[Widget]:
        """People, and the time that is typed."""
        due = Field(id="training-due", compact=True, max_length=40)
        return (*self.people_fields(), due)

    def says(self, view: View) -> str:
        """The task, whom it goes to, and until when."""
        words, zone = view.words, view.status.zone if view.status is not None else "UTC"
        body = self._assigned.body
        lines = [shown(body.name) if isinstance(body, TrainingTask) else ""]
        lines.append(self.said_people(words) or words.text("training_assign.nobody"))
        due, typed = self._due(), self.value("training-due")
        days = body.due_days if isinstance(body, TrainingTask) else 0
        if due is not None:
            at = said_moment(view, round(due.timestamp() * 1000), zone)
            lines.append(words.text("training_assign.until", at=at))
        elif typed:
            lines.append(words.text("handover_write.unreadable"))
        elif days:
            lines.append(words.text("tasks.due_days", days=days))
        else:
            lines.append(words.text("training_assign.no_date"))
        return "\n".join(lines)

    def message(self) -> Assign:
        """Somebody has to be ticked, and a time that is typed has to be one."""
        if not self.agents and not self.teams:
            raise Refused(Code.NOBODY_CHOSEN)
        due, typed = self._due(), self.value("training-due")
        if typed and due is None:
            raise Refused(Code.BAD_DATE, text=typed)
        due_ms = round(due.timestamp() * 1000) if due is not None else None
        return Assign(0, "", self._assigned.document, self.agents, self.teams, due_ms)

    def _due(self) -> datetime | None:
        view, typed = self._view, self.value("training-due")
        if not typed or view is None or view.now is None or view.status is None:
            return None
        return read(typed, view.now, zone_of(view.status.zone), self._day_words)
