"""Writing a training task: what is drawn, or what was ticked, and for how long at least."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.widget import Widget

from agent_client.terminal.cells import shown
from agent_client.terminal.screens.document_form import DocumentForm, NumberField
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from agent_client.terminal.widgets.pick import Pick
from agent_client.terminal.wording import Wording
from protocol.facts.document import AssignRule, TrainingTask
from protocol.wire.documents import MAX_NAME, MAX_REMARK, DocumentRow

_OFF, _ON = "off", "on"
_RULES = (AssignRule.NEW_STAFF, AssignRule.CONTENT_CHANGED)
"""Those that something follows: nothing tells of findings."""


@dataclass(frozen=True)
class TypeOffered:
    """A type that contents can be drawn from."""

    name: str
    there: int
    """Its enabled contents."""


class TaskForm(DocumentForm):
    """Of a task that was made of ticked contents, those are what it is; others draw from a type."""

    NAMED = "training_task.title"
    FIELDS: ClassVar = {
        "name": "task-name",
        "type": "task-type",
        "count": "task-count",
        "min_seconds": "task-seconds",
        "due_days": "task-days",
        "remark": "doc-remark",
    }

    def __init__(
        self,
        row: DocumentRow | None,
        types: Mapping[str, TypeOffered],
        contents: Sequence[str] = (),
    ) -> None:
        """`contents`: documents that were ticked, for another task of them."""
        super().__init__(row)
        body = row.body if row is not None else None
        fresh = TrainingTask("", contents=tuple(contents))
        self._known_task = body if isinstance(body, TrainingTask) else fresh
        self._types = types

    def fields(self) -> Sequence[Widget]:
        """With what it says so far."""
        known = self._known_task
        return (
            Field(known.name, id="task-name", compact=True, max_length=MAX_NAME),
            Pick(tuple(self._types) or ("",), self._said_type, id="task-type", value=known.type),
            NumberField(known.count, id="task-count"),
            NumberField(known.min_seconds, id="task-seconds"),
            NumberField(known.due_days, id="task-days"),
            *map(self._toggle, _RULES),
            Field(known.remark, id="doc-remark", compact=True, max_length=MAX_REMARK),
        )

    def applies(self, field: str) -> bool:
        """Nothing is drawn for a task of ticked contents."""
        return not self._known_task.contents or field not in ("task-type", "task-count")

    def means(self, view: View) -> str:
        """What an agent gets, and whether there is enough of it."""
        words, wanted = view.words, self.value("task-count")
        if self._known_task.contents:
            lines = [words.text("training_task.ticked", count=len(self._known_task.contents))]
        else:
            offered = self._types.get(self.value("task-type"))
            name, there = (shown(offered.name), offered.there) if offered else ("", 0)
            lines = [words.text("training_task.there", type=name, there=there)]
            if wanted.isdecimal() and int(wanted) > there:
                lines = [words.text("training_task.too_few", type=name, there=there)]
        rules = [rule for rule in _RULES if self.value(_id(rule)) == _ON]
        lines += [words.text(f"assign_rule_says.{rule}") for rule in rules]
        return "\n".join(lines)

    def body(self) -> TrainingTask:
        """What stands there."""
        drawn = not self._known_task.contents
        count = self.number("task-count")
        return TrainingTask(
            self.value("task-name"),
            self.value("task-type") if drawn else "",
            count if drawn else 0,
            self._known_task.contents,
            self.number("task-seconds"),
            self.number("task-days"),
            tuple(rule for rule in _RULES if self.value(_id(rule)) == _ON),
            self.value("doc-remark"),
        )

    def _toggle(self, rule: AssignRule) -> Pick:
        value = _ON if rule in self._known_task.rules else _OFF
        return Pick((_OFF, _ON), _said_toggle, id=_id(rule), value=value)

    def _said_type(self, words: Wording, type: str) -> str:
        offered = self._types.get(type)
        if offered is None:
            return words.text("training_task.no_type")
        return words.text("training_task.type", name=shown(offered.name), there=offered.there)


def _id(rule: AssignRule) -> str:
    return f"rule-{rule.value.replace('_', '-')}"


def _said_toggle(words: Wording, value: str) -> str:
    return words.text(f"toggle.{value}")
