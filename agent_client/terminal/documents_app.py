"""Lists of documents: reading them, removing and enabling; rooms open their own forms."""

from collections.abc import Mapping

from textual import on, work

from agent_client.terminal.cells import cut, shown
from agent_client.terminal.form_app import FormApp
from agent_client.terminal.screens.document_form import DocumentForm
from agent_client.terminal.screens.documents import DocumentsSheet
from agent_client.terminal.screens.documents_filter import ParentChooser
from agent_client.terminal.screens.documents_removal import RemoveDocumentsDialog
from protocol.facts.document import DocumentKind
from protocol.wire.documents import (
    DocumentRow,
    Documents,
    DocumentsDone,
    DocumentStands,
    EnableDocuments,
    GetDocument,
    GetDocuments,
    RemoveDocuments,
)
from protocol.wire.errors import Code, Refused
from protocol.wire.relayed import RelayedAnswer, RelayedRequest

_NAME_CELLS = 30
_MOST_PAGES = 20


class DocumentsApp(FormApp):
    """What the lists of training and of exams have in common."""

    def edit_document(self, sheet: DocumentsSheet, row: DocumentRow | None) -> None:
        """Open the form of a list's kind: with a document, whole, or (null) for another one. Each
        room opens its own and leaves others to `super()`."""

    def document_deed(self, sheet: DocumentsSheet, what: str) -> None:
        """A key of one kind of list was pressed. Each room does its own and leaves others to
        `super()`."""

    def open_documents(self, sheet: DocumentsSheet) -> None:
        """A list, which is asked for at once."""
        self._open(sheet, lambda _: None)
        self._read_documents()

    def taken(self, answer: RelayedAnswer) -> None:
        """A document is written."""
        super().taken(answer)
        if isinstance(answer, DocumentStands):
            self.say(self._words.text("documents.kept"))
            self._read_documents()

    async def all_documents(self, what: DocumentKind) -> list[DocumentRow] | None:
        """Those that are enabled, to choose from, up to a limit; null where they can't be had,
        which is said."""
        rows: list[DocumentRow] = []
        for page in range(1, _MOST_PAGES + 1):
            wanted = GetDocuments(0, what, enabled_only=True, page=page)
            answer = await self.told(wanted, self.complain)
            if not isinstance(answer, Documents):
                return None
            rows += answer.rows
            if page >= answer.pages:
                break
        return rows

    def refused(self, refusal: Refused) -> None:
        """Somebody else's version comes into the form beside what is typed."""
        super().refused(refusal)
        form = self.screen
        if refusal.code == Code.DOCUMENT_CHANGED and isinstance(form, DocumentForm):
            self._read_newer(form)

    @work(group="document-newer", exclusive=True)
    async def _read_newer(self, form: DocumentForm) -> None:
        if form.row is not None:
            answer = await self.told(GetDocument(0, form.row.document), self.complain)
            if isinstance(answer, DocumentStands):
                form.take_newer(answer.row)

    @property
    def _documents(self) -> DocumentsSheet | None:
        """The list that lies on top, also with a question over it."""
        sheets = [each for each in self.screen_stack if isinstance(each, DocumentsSheet)]
        return sheets[-1] if sheets else None

    @work(group="documents", exclusive=True)
    async def _read_documents(self) -> None:
        """An answer to what was asked before comes too late."""
        sheet = self._documents
        if sheet is None:
            return
        asked = sheet.question()
        answer = await self.told(asked, sheet.refuse)
        if isinstance(answer, Documents) and sheet.question() == asked:
            sheet.take(answer)

    @on(DocumentsSheet.Reread)
    def _other_documents(self) -> None:
        self._read_documents()

    @on(DocumentsSheet.Wanted)
    def _wanted_of_documents(self, event: DocumentsSheet.Wanted) -> None:
        sheet, rows = event.sheet, event.sheet.meant()
        if event.what == "new":
            self.edit_document(sheet, None)
        elif event.what == "filter":
            parents = sheet.told.parents if sheet.told is not None else {}
            self._open(ParentChooser(parents, sheet.parent_wanted), sheet.filter)
        elif not rows:
            self.complain(self._words.text("documents.choose_one"))
        elif event.what == "edit" and sheet.chosen is not None:
            self._open_document(sheet, sheet.chosen)
        elif event.what == "remove":
            self._open(
                RemoveDocumentsDialog(sheet, rows), lambda yes: self._remove(sheet, rows, yes)
            )
        elif event.what == "enable":
            self._enable(sheet, rows)
        else:
            self.document_deed(sheet, event.what)

    @work(group="document", exclusive=True)
    async def _open_document(self, sheet: DocumentsSheet, row: DocumentRow) -> None:
        """Lists leave long texts out: it is asked for whole."""
        answer = await self.told(GetDocument(0, row.document), self.complain)
        if isinstance(answer, DocumentStands):
            self.edit_document(sheet, answer.row)

    def _remove(self, sheet: DocumentsSheet, rows: tuple[DocumentRow, ...], yes: bool) -> None:
        if yes:
            wanted = RemoveDocuments(0, tuple(row.document for row in rows))
            self._change(sheet, wanted, "removed")

    def _enable(self, sheet: DocumentsSheet, rows: tuple[DocumentRow, ...]) -> None:
        """All become what the first one is not."""
        on = not rows[0].enabled
        wanted = EnableDocuments(0, tuple(row.document for row in rows), on)
        self._change(sheet, wanted, "enabled" if on else "disabled")

    @work(group="documents-change")
    async def _change(self, sheet: DocumentsSheet, wanted: RelayedRequest, what: str) -> None:
        """What it was done to, and what was kept and why."""
        names = {row.document: sheet.named(row) for row in (*sheet.rows(), *sheet.meant())}
        answer = await self.told(wanted, self.complain)
        if not isinstance(answer, DocumentsDone):
            return
        said = self._words.text(f"documents_done.{what}", count=len(answer.done))
        sheet.untick(*answer.done)
        if not answer.kept:
            self.say(said)
        else:
            why = "  ".join(
                f"{_named(names, each)}: {self._words.refusal(Refused(code, document=each))}"
                for each, code in answer.kept.items()
            )
            self.complain(f"{said} {self._words.text('documents.not_done', why=why)}")
        self._read_documents()


def _named(names: Mapping[str, str], document: str) -> str:
    return cut(shown(names.get(document, document)), _NAME_CELLS)
