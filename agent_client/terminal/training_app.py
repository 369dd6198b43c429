"""Training for whoever gives it: types, contents, tasks, and whom they are given to."""

from collections.abc import Callable

from textual import work

from agent_client.terminal.screens.documents import DocumentsSheet
from agent_client.terminal.screens.training_assign import AssignForm
from agent_client.terminal.screens.training_content import ContentForm
from agent_client.terminal.screens.training_lists import (
    ContentsSheet,
    LedTasksSheet,
    TasksSheet,
    TypesSheet,
)
from agent_client.terminal.screens.training_menu import LED, TAUGHT, TrainingMenu
from agent_client.terminal.screens.training_redraw import RedrawDialog
from agent_client.terminal.screens.training_task import TaskForm, TypeOffered
from agent_client.terminal.screens.training_type import TypeForm
from agent_client.terminal.training_centre_app import TrainingCentreApp
from protocol.facts.document import DocumentKind, TrainingType
from protocol.rules.permissions import TEACHERS
from protocol.wire.documents import DocumentRow


class TrainingApp(TrainingCentreApp):
    """Every `do_…` is the deed of an action in the table of keys."""

    def do_teaching(self) -> None:
        """What there is to do for the training of others."""
        status = self._known.status
        if status is not None:
            teaches = not set(TEACHERS).isdisjoint(status.roles)
            opened = self._sheets(TasksSheet if teaches else LedTasksSheet)
            menu = TrainingMenu(TAUGHT if teaches else LED)
            self._open(menu, lambda name: opened[name]())

    def _sheets(self, tasks: type[TasksSheet]) -> dict[str, Callable[[], None]]:
        return {
            "centre": self.open_centre,
            "tasks": lambda: self.open_documents(tasks()),
            "contents": lambda: self.open_documents(ContentsSheet()),
            "types": lambda: self.open_documents(TypesSheet()),
            "statistics": self.open_statistics,
        }

    def edit_document(self, sheet: DocumentsSheet, row: DocumentRow | None) -> None:
        """The forms of types, contents and tasks."""
        if isinstance(sheet, TypesSheet):
            self._open(TypeForm(row), lambda _: None)
        elif isinstance(sheet, ContentsSheet):
            self._write_content(sheet, row)
        elif isinstance(sheet, TasksSheet):
            self._write_task(row, ())
        else:
            super().edit_document(sheet, row)

    def document_deed(self, sheet: DocumentsSheet, what: str) -> None:
        """A task of ticked contents; assigning one, or drawing it anew."""
        row = sheet.chosen
        if isinstance(sheet, ContentsSheet):
            contents = tuple(row.document for row in sheet.meant())
            self._write_task(None, contents)
        elif isinstance(sheet, TasksSheet) and row is not None:
            if what == "assign":
                self._assign(row)
            else:
                self._ask_redraw(sheet, row)
        else:
            super().document_deed(sheet, what)

    @work(group="document", exclusive=True)
    async def _write_content(self, sheet: ContentsSheet, row: DocumentRow | None) -> None:
        """A content belongs to a type: without any there is nothing to write yet."""
        types = await self._types()
        if types is None:
            return
        if not types:
            self.complain(self._words.text("contents.needs_type"))
            return
        names = {type: offered.name for type, offered in types.items()}
        self._open(ContentForm(row, names, sheet.parent_wanted), lambda _: None)

    @work(group="document", exclusive=True)
    async def _write_task(self, row: DocumentRow | None, contents: tuple[str, ...]) -> None:
        types = await self._types()
        if types is None:
            return
        if not types and not contents:
            self.complain(self._words.text("contents.needs_type"))
            return
        self._open(TaskForm(row, types, contents), lambda _: None)

    async def _types(self) -> dict[str, TypeOffered] | None:
        """By document; null where they can't be had, which is said."""
        rows = await self.all_documents(DocumentKind.TRAINING_TYPE)
        if rows is None:
            return None
        return {
            row.document: TypeOffered(row.body.name, row.used)
            for row in rows
            if isinstance(row.body, TrainingType)
        }

    @work(group="training-assign", exclusive=True)
    async def _assign(self, row: DocumentRow) -> None:
        told = await self.trainees()
        if told is not None:
            form = AssignForm(row, told.people, told.teams, self.day_words())
            self._open(form, lambda _: None)

    def _ask_redraw(self, sheet: TasksSheet, row: DocumentRow) -> None:
        def answered(yes: bool) -> None:
            if yes:
                self.redraw(row)

        self._open(RedrawDialog(sheet.named(row)), answered)
