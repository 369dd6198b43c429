"""The question bank and papers: writing, designing, drawing, and their standard answers."""

from textual import on, work

from agent_client.terminal.documents_app import DocumentsApp
from agent_client.terminal.paper_lines import Asked
from agent_client.terminal.screens.documents import DocumentsSheet
from agent_client.terminal.screens.exam_issue import IssueForm
from agent_client.terminal.screens.exam_lists import PapersSheet, QuestionsSheet
from agent_client.terminal.screens.paper_form import PaperForm
from agent_client.terminal.screens.paper_generate import GenerateForm
from agent_client.terminal.screens.paper_keys import Keyed, PaperKeysSheet
from agent_client.terminal.screens.question_form import QuestionForm
from protocol.facts.document import DocumentKind, Paper, Question
from protocol.facts.exam import PaperItem
from protocol.wire.documents import DocumentRow, DocumentStands, GetDocument
from protocol.wire.exams import ExamRow, Generated
from protocol.wire.relayed import RelayedAnswer
from protocol.wire.training import GetTrainees, Trainees


class ExamPapersApp(DocumentsApp):
    """Forms of questions and papers, opened from their lists."""

    def edit_document(self, sheet: DocumentsSheet, row: DocumentRow | None) -> None:
        """The forms of questions and papers."""
        if isinstance(sheet, QuestionsSheet):
            self._open(QuestionForm(row, sheet.parent_wanted), lambda _: None)
        elif isinstance(sheet, PapersSheet):
            body = row.body if row is not None else Paper("", sheet.parent_wanted)
            if isinstance(body, Paper):
                self._design(row, body)
        else:
            super().edit_document(sheet, row)

    def document_deed(self, sheet: DocumentsSheet, what: str) -> None:
        """A paper of ticked questions; issuing one, and its standard answers."""
        row = sheet.chosen
        if isinstance(sheet, QuestionsSheet):
            self._design(None, Paper("", sheet.parent_wanted, _items(sheet.meant())))
        elif isinstance(sheet, PapersSheet) and row is not None:
            if what == "issue":
                self.issue(row.document, sheet.named(row))
            else:
                self._show_keys(row)
        else:
            super().document_deed(sheet, what)

    def taken(self, answer: RelayedAnswer) -> None:
        """A draw goes into the form of a paper; nothing is kept before that is sent."""
        super().taken(answer)
        if isinstance(answer, Generated):
            self._design(None, Paper("", items=answer.items, generated=answer.generation))

    @on(PapersSheet.GenerateWanted)
    @work(group="document", exclusive=True)
    async def _generate(self) -> None:
        """By the categories that there are."""
        rows = await self.all_documents(DocumentKind.QUESTION)
        if rows is None:
            return
        if not rows:
            self.complain(self._words.text("papers.needs_questions"))
            return
        categories = {row.body.category for row in rows if isinstance(row.body, Question)}
        self._open(GenerateForm(sorted(categories)), lambda _: None)

    @work(group="document", exclusive=True)
    async def _design(self, row: DocumentRow | None, known: Paper) -> None:
        """With the bank to choose from, and the questions of the paper in their versions."""
        rows = await self.all_documents(DocumentKind.QUESTION)
        if rows is None:
            return
        if not rows and not known.items:
            self.complain(self._words.text("papers.needs_questions"))
            return
        bank = {row.number: _asked(row) for row in rows if isinstance(row.body, Question)}
        keyed = await self.asked_in(known.items, [each.row for each in bank.values()])
        if keyed is not None:
            bank |= {asked.row.number: asked for _, asked in keyed}
            self._open(PaperForm(row, known, bank), lambda _: None)

    @work(group="document", exclusive=True)
    async def _show_keys(self, row: DocumentRow) -> None:
        """The list may have left the items out: the paper is asked for whole."""
        answer = await self.told(GetDocument(0, row.document), self.complain)
        if not isinstance(answer, DocumentStands) or not isinstance(answer.row.body, Paper):
            return
        keyed = await self.asked_in(answer.row.body.items, ())
        if keyed is not None:
            sheet = PaperKeysSheet(answer.row.body.name)
            await self.push_screen(sheet)
            sheet.take(keyed)

    @work(group="exam-issue", exclusive=True)
    async def issue(self, paper: str, name: str, retake_of: ExamRow | None = None) -> None:
        """The form, with the people that there are."""
        answer = await self.told(GetTrainees(0), self.complain)
        if isinstance(answer, Trainees):
            form = IssueForm(paper, name, answer.people, answer.teams, self.day_words(), retake_of)
            self._open(form, lambda _: None)

    async def asked_in(
        self, items: tuple[PaperItem, ...], there: list[DocumentRow] | tuple[()]
    ) -> tuple[Keyed, ...] | None:
        """The questions of items, each in its version: from `there`, else from the service. Null
        where one can't be had, which is said."""
        known = {(row.document, row.version): row for row in there}
        keyed: list[Keyed] = []
        for item in items:
            row = known.get((item.question, item.version))
            if row is None:
                wanted = GetDocument(0, item.question, item.version)
                answer = await self.told(wanted, self.complain)
                if not isinstance(answer, DocumentStands):
                    return None
                row = answer.row
            keyed.append((item, _asked(row)))
        return tuple(keyed)


def _asked(row: DocumentRow) -> Asked:
    assert isinstance(row.body, Question)
    return Asked(row, row.body)


def _items(rows: tuple[DocumentRow, ...]) -> tuple[PaperItem, ...]:
    return tuple(
        PaperItem(row.document, row.version, row.body.half_points)
        for row in rows
        if isinstance(row.body, Question)
    )
