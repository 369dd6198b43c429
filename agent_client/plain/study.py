"""Reading a training without a screen: page by page, each asked for by a word. A word is also the
sign that somebody reads."""

from collections.abc import Awaitable, Callable

import msgspec

from agent_client.seat_words import one_line
from agent_client.terminal.reading_figures import next_item, row_of
from agent_client.terminal.reading_pages import Pages
from protocol.i18n import Catalogue
from protocol.rules.reading_time import Sign
from protocol.wire import desk
from protocol.wire.desk_plan import AskService, ServiceAnswered
from protocol.wire.desk_training import CloseItem, DeskTraining, FinishItem, OpenItem, ReadSign
from protocol.wire.errors import Code, Refused
from protocol.wire.training import AssignmentRow, GetTrainingText, ItemRow, TrainingText

Ask = Callable[[Callable[[int], desk.AnyRequest]], Awaitable[desk.AnyAnswering]]


class _Open(msgspec.Struct):
    """What is read."""

    told: TrainingText
    pages: Pages
    section: int
    seen: bool = False
    """Whether the seat has told that it is open."""

    @property
    def at_end(self) -> bool:
        return self.section == len(self.pages) - 1


class Study:
    """One reader. Each word raises `Refused` or `ConnectionError`, or gives the lines to say."""

    def __init__(self, catalogue: Catalogue, ask: Ask) -> None:
        self._catalogue = catalogue
        self._ask = ask
        self._open: _Open | None = None

    async def begin(self, told: DeskTraining | None, number: int | None) -> list[str]:
        """Open what comes next of a task: the one with a number, the one that is offered, or the
        next one due. The text comes first, so that no state changes for what can't be read."""
        row = _chosen(told, number)
        item = next_item(row) if row is not None else None
        if row is None or item is None:
            raise Refused(Code.UNKNOWN_ASSIGNMENT)
        text = await self._text_of(row, item)
        await self._ask(lambda id: OpenItem(id, row.assignment, item.content))
        pages = Pages(text.text)
        section = 0 if item.done else min(item.section, len(pages) - 1)
        self._open = _Open(text, pages, section)
        return self._page(self._open)

    async def turn(self, pages: int) -> list[str]:
        """Read on, or go back."""
        reading = self._need_open()
        reading.section = min(max(0, reading.section + pages), len(reading.pages) - 1)
        await self._ask(lambda id: ReadSign(id, Sign.INPUT, reading.section))
        return self._page(reading)

    async def finish(self) -> list[str]:
        """It was read to its end."""
        if not self._need_open().at_end:
            return [self._said("study_not_at_end")]
        await self._ask(FinishItem)
        await self._close()
        return [self._said("study_finished")]

    async def leave(self) -> list[str]:
        """Enough for the moment."""
        self._need_open()
        await self._close()
        return [self._said("study_left")]

    def take(self, told: DeskTraining) -> list[str]:
        """The seat told what is open: perhaps nothing any more."""
        reading = self._open
        if reading is None:
            return []
        here = (told.assignment, told.content) == (reading.told.assignment, reading.told.content)
        reading.seen = reading.seen or here
        if here or not reading.seen:
            return []
        self._open = None
        return [self._said("study_closed")]

    def forget(self) -> None:
        """The seat is gone, or nobody is signed in."""
        self._open = None

    async def _text_of(self, row: AssignmentRow, item: ItemRow) -> TrainingText:
        wanted = GetTrainingText(0, row.assignment, item.content)
        answer = await self._ask(lambda id: AskService(id, wanted))
        assert isinstance(answer, ServiceAnswered)
        assert isinstance(answer.message, TrainingText)
        return answer.message

    async def _close(self) -> None:
        self._open = None
        await self._ask(CloseItem)

    def _need_open(self) -> _Open:
        if self._open is None:
            raise Refused(Code.NOT_OPEN)
        return self._open

    def _page(self, reading: _Open) -> list[str]:
        name, page, of = one_line(reading.told.name), reading.section + 1, len(reading.pages)
        lines = reading.pages.sections[reading.section].splitlines()
        return [
            self._said("study_page", name=name, page=page, of=of),
            *(one_line(line) for line in lines if line.strip()),
            self._said("study_end" if reading.at_end else "study_onward"),
        ]

    def _said(self, key: str, **params: object) -> str:
        return self._catalogue.text(f"plain.{key}", **params)


def _chosen(told: DeskTraining | None, number: int | None) -> AssignmentRow | None:
    if told is None:
        return None
    if number is not None:
        return next((row for row in told.own.open if row.number == number), None)
    offer = told.own.offer if told.offered else None
    offered = row_of(told, offer.assignment) if offer is not None else None
    return offered or next(iter(told.own.open), None)
