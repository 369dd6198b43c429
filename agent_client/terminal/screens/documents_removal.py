"""Before documents are removed: which, and what is lost with them."""

from collections.abc import Sequence

from agent_client.terminal.cells import cut, shown
from agent_client.terminal.screens.documents import DocumentsSheet
from agent_client.terminal.screens.either import Either
from agent_client.terminal.wording import Wording
from protocol.wire.documents import DocumentRow

_NAMED = 4
"""Documents that are named; more are counted."""
_NAME_CELLS = 44


class RemoveDocumentsDialog(Either):
    """Asked once for all of them."""

    CHOICES = ("documents.keep", "documents.do_remove")

    def __init__(self, sheet: DocumentsSheet, rows: Sequence[DocumentRow]) -> None:
        super().__init__()
        self._kind = sheet.KIND
        self._names = [cut(shown(sheet.named(row)), _NAME_CELLS) for row in rows]

    def says(self, words: Wording) -> Sequence[str]:
        """How many, which, what is lost and what stays."""
        names, more = self._names[:_NAMED], len(self._names) - _NAMED
        said = [words.text("documents.removes", count=len(self._names)), *names]
        if more > 0:
            said.append(words.text("documents.and_more", count=more))
        return [*said, words.text(f"document_lost.{self._kind}")]
