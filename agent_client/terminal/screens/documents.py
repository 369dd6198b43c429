"""Lists of what people write for others: types, contents, tasks, questions, papers.

A list of a kind is a subclass: its kind, its columns, its keys, and what is said of one.
`DocumentsApp` reads, removes and enables; a room opens its own forms from `edit_document`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.content import Content
from textual.message import Message

from agent_client.terminal.cells import shown
from agent_client.terminal.clock import at_site
from agent_client.terminal.column_fit import FitColumn, fitted
from agent_client.terminal.report_grid import Grid, GridCell
from agent_client.terminal.screens.paged import PagedSheet
from agent_client.terminal.view import View
from agent_client.terminal.wording import Wording
from protocol.facts.document import DocumentKind
from protocol.wire.documents import PAGE, DocumentOrder, DocumentRow, Documents, GetDocuments

HINTS = (
    ("n", "documents.add"),
    ("⏎", "documents.edit"),
    ("␣", "documents.tick"),
    ("d", "documents.remove"),
    ("e", "documents.enable"),
    ("/", "documents.search"),
    ("f", "documents.filter"),
    ("o", "documents.order"),
    ("< >", "documents.turn"),
    ("Esc", "dialog.close"),
)
"""The keys of every list; a subclass puts its own before them."""


@dataclass(frozen=True)
class Shown:
    """What a cell is made from."""

    words: Wording
    told: Documents
    zone: str


@dataclass(frozen=True)
class DocumentColumn:
    """One column of a list."""

    name: str
    """Its heading is `document_column.<name>`."""
    say: Callable[[Shown, DocumentRow], str]
    weight: int
    """Those of the lowest are left out first where there is little room; 0: never."""
    right: bool = False
    most: int = 0
    """Cells that it takes at most; 0: as many as its widest cell has."""


class DocumentsSheet(PagedSheet[Documents, DocumentRow]):
    """Whoever hears `Wanted` opens or does something."""

    KIND: ClassVar[DocumentKind]
    COLUMNS: ClassVar[Sequence[DocumentColumn]]
    """One of them has the weight 0."""
    ORDERS: ClassVar[Sequence[DocumentOrder]] = tuple(DocumentOrder)
    HINTS: ClassVar[Sequence[tuple[str, str]]] = HINTS
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        ("n", "want('new')"),
        ("f", "want('filter')"),
        ("d", "want('remove')"),
        ("e", "want('enable')"),
        ("o", "order"),
    ]

    @dataclass
    class Wanted(Message):
        """Something is to be opened or done: `new`, `edit`, `filter`, `remove`, `enable`, or
        what a list of one kind has beside them."""

        sheet: "DocumentsSheet"
        what: str

    def __init__(self) -> None:
        super().__init__()
        self.parent_wanted = ""
        self.order = self.ORDERS[0]

    def question(self) -> GetDocuments:
        """What asks the service for the page that is wanted."""
        return GetDocuments(
            0,
            self.KIND,
            search=self.search,
            parent=self.parent_wanted,
            order=self.order,
            page=self.page,
        )

    def named(self, row: DocumentRow) -> str:
        """What a document is called in a line."""
        raise NotImplementedError

    def says(self, view: View, row: DocumentRow) -> str:
        """What there is to say of one beside its columns."""
        raise NotImplementedError

    def rows(self) -> tuple[DocumentRow, ...]:
        """Those of the page."""
        return self.told.rows if self.told is not None else ()

    def identity(self, row: DocumentRow) -> str:
        """The document."""
        return row.document

    def asks(self, view: View) -> tuple[str, ...]:
        """Of which type, and in which order."""
        order = f"↓ {view.words.text(f'document_order.{self.order}')}"
        if not self.parent_wanted:
            return (order,)
        parents = self.told.parents if self.told is not None else {}
        return shown(parents.get(self.parent_wanted, self.parent_wanted)), order

    def grid(self, view: View, told: Documents) -> Grid:
        """As many columns as fit."""
        zone = view.status.zone if view.status is not None else "UTC"
        place, first = Shown(view.words, told, zone), (told.page - 1) * PAGE + 1
        marks = FitColumn("", tuple(map(self.mark, told.rows)), 99)
        numbers = tuple(GridCell(str(first + each)) for each in range(len(told.rows)))
        made = [marks, FitColumn(view.words.text("document_column.row"), numbers, 98, True)]
        for column in self.COLUMNS:
            heading = view.words.text(f"document_column.{column.name}")
            cells = tuple(_cell(column.say(place, row), row) for row in told.rows)
            made.append(FitColumn(heading, cells, column.weight, column.right, column.most))
        return fitted(made, self.size.width)

    def detail(self, view: View, row: DocumentRow) -> Content:
        """Its name whole, who changed it last, and what else there is to say."""
        words, names = view.words, self.told.names if self.told is not None else {}
        zone = view.status.zone if view.status is not None else "UTC"
        who, at = person(names, row.changed_by), moment(row.changed_ms, zone)
        changed = words.text(
            "documents.changed",
            number=row.number,
            author=person(names, row.author),
            added=moment(row.created_ms, zone),
            version=row.version,
            who=who,
            at=at,
        )
        lines = [
            Content.assemble((shown(self.named(row)), "bold"), f"  {state_of(words, row)}"),
            Content.styled(changed, "$quiet"),
        ]
        if text := self.says(view, row):
            lines.insert(1, Content(text))
        return Content("\n").join(lines)

    def filter(self, parent: str) -> None:
        """Those of one type; empty: all."""
        self.parent_wanted = parent
        self.ask()

    def action_want(self, what: str) -> None:
        """Open or do something."""
        self.post_message(self.Wanted(self, what))

    def on_report_grid_chosen(self) -> None:
        """Enter opens the row under the cursor."""
        self.action_want("edit")

    def action_order(self) -> None:
        """By something else."""
        place = self.ORDERS.index(self.order) + 1
        self.order = self.ORDERS[place % len(self.ORDERS)]
        self.ask()


def person(names: dict[str, str], number: str) -> str:
    """A name; a staff number where nobody knows it."""
    return shown(names.get(number, number))


def moment(ms: int, zone: str) -> str:
    """`2026-11-22 14:03` at the site."""
    return f"{at_site(ms, zone):%Y-%m-%d %H:%M}"


def state_of(words: Wording, row: DocumentRow) -> str:
    """Whether it may be used."""
    return words.text("documents.is_on" if row.enabled else "documents.is_off")


def by_author(place: Shown, row: DocumentRow) -> str:
    """Who added it."""
    return person(place.told.names, row.author)


def at_first(place: Shown, row: DocumentRow) -> str:
    """When it was added."""
    return moment(row.created_ms, place.zone)


def in_state(place: Shown, row: DocumentRow) -> str:
    """Enabled or not."""
    return state_of(place.words, row)


AUTHOR = DocumentColumn("author", by_author, 50, most=12)
CREATED = DocumentColumn("created", at_first, 48)
STATE = DocumentColumn("state", in_state, 60)


def _cell(text: str, row: DocumentRow) -> GridCell:
    return GridCell(text, "" if row.enabled else "quiet")
