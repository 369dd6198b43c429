"""What commits changed of training. Lives in the event loop's thread."""

from collections.abc import Callable, Collection, Iterable, Sequence

from agent_service.documents.row import StoredDocument
from agent_service.training.row import StoredAssignment
from agent_service.training.trainee import Trainee
from protocol.facts.document import DocumentKind

_TAUGHT = (DocumentKind.TRAINING_TASK, DocumentKind.TRAINING_CONTENT)


class TrainingNews:
    """Follows the commits. `changed` is told of those whose assignments are others, or who are
    asked back; `ruled` when a rule may have to assign something."""

    def __init__(self) -> None:
        self.changed: Callable[[Collection[str]], None] = lambda agents: None
        self.ruled: Callable[[], None] = lambda: None
        self.recalled: dict[str, Trainee] = {}
        """Those who were ever asked back, by staff number."""
        self._joined = 0

    def take_trainees(self, rows: Sequence[Trainee]) -> None:
        """People of whom a commit changed something, or who were on the disk at the start."""
        asked = {
            row.agent: row
            for row in rows
            if row.recalled_ms is not None and not self._is_known(row)
        }
        self.recalled.update(asked)
        if asked:
            self.changed(asked.keys())
        joined = max((row.joined for row in rows), default=0)
        if joined > self._joined:
            self._joined = joined
            self.ruled()

    def take_assignments(self, rows: Sequence[StoredAssignment]) -> None:
        """Assignments that a commit changed."""
        self.changed({row.agent for row in rows})
        if any(row.done_ms is not None for row in rows):
            self.ruled()

    def take_documents(self, rows: Iterable[StoredDocument]) -> None:
        """Documents that a commit changed."""
        if any(row.what in _TAUGHT for row in rows):
            self.ruled()

    def _is_known(self, row: Trainee) -> bool:
        known = self.recalled.get(row.agent)
        return known is not None and (known.recalled_ms, known.recalled_until_ms) == (
            row.recalled_ms,
            row.recalled_until_ms,
        )
