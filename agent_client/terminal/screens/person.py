"""One person's day: where they are now, the hours as a strip, every stretch, every call."""

from datetime import date, timedelta

import msgspec
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from agent_client.terminal.screens.page import Page
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.widgets.person_calls import PersonCalls
from agent_client.terminal.widgets.person_head import PersonFigures, PersonHead
from agent_client.terminal.widgets.person_list import PersonList
from agent_client.terminal.widgets.person_strip import PersonStrip
from protocol.wire.person import PersonDay
from protocol.wire.sync import FloorRow


class PersonScreen(Page):
    """Lies over the floor, or over the own desk. Nothing on it takes the focus."""

    CSS_PATH = "person.tcss"
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        ("up", "scroll(-1)"),
        ("down", "scroll(1)"),
        ("pageup", "scroll_page(-1)"),
        ("pagedown", "scroll_page(1)"),
        ("home", "scroll_to_end(False)"),
        ("end", "scroll_to_end(True)"),
    ]

    def __init__(self, agent: str, name: str) -> None:
        super().__init__()
        self.agent = agent
        """Whose page it is."""
        self.name_known = name
        self.day: date | None = None
        """Which day is asked for; null: the present one."""
        self.today: date | None = None
        """The present day, as the service told it."""
        self.page: PersonDay | None = None
        """What the service told; null before."""
        self.refusal: str | None = None
        """Why it told nothing, in words."""

    def compose_parts(self) -> ComposeResult:
        """The present state stays on top; the day below it scrolls."""
        yield PersonHead(self)
        with VerticalScroll(id="person", can_focus=False):
            yield _Instead(self)
            yield PersonStrip(self, classes="panel")
            yield PersonFigures(self)
            yield PersonList(self, classes="panel")
            yield PersonCalls(self, classes="panel")

    def take(self, page: PersonDay) -> None:
        """The day as the service knows it."""
        self.page, self.refusal = page, None
        if self.day is None:
            self.today = page.day

    def take_row(self, row: FloorRow) -> bool:
        """The floor told of this person. Whether the day shown has become another one by it."""
        if self.page is None or self.page.row is None:
            return False
        before = self.page.row
        self.page = msgspec.structs.replace(self.page, row=row)
        return (before.state, before.reason, before.since) != (row.state, row.reason, row.since)

    def refuse(self, why: str) -> None:
        """The service tells nothing."""
        self.refusal = why

    def shift(self, days: int) -> bool:
        """Another day; never one that is still to come. Whether there is one."""
        shown = self.day or self.today
        if shown is None or self.today is None:
            return False
        wanted = shown + timedelta(days=days)
        if wanted > self.today:
            return False
        self.day = None if wanted == self.today else wanted
        return True

    def action_scroll(self, lines: int) -> None:
        """Some lines up or down."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_scroll_page(self, pages: int) -> None:
        """A screenful up or down."""
        scroll = self.query_one(VerticalScroll)
        scroll.scroll_relative(y=pages * max(1, scroll.size.height - 1), animate=False)

    def action_scroll_to_end(self, end: bool) -> None:
        """To the top or to the end, also of what is still to be laid out."""
        scroll = self.query_one(VerticalScroll)
        if end:
            scroll.scroll_end(animate=False)
        else:
            scroll.scroll_home(animate=False)


class _Instead(Line):
    """In the place of a day, why there is none."""

    def __init__(self, person: PersonScreen) -> None:
        super().__init__(id="person-instead")
        self._person = person

    def show(self, view: View) -> None:
        self.display = self._text(view) is not None
        super().show(view)

    def paint(self, view: View) -> Content:
        return Content(self._text(view) or "")

    def _text(self, view: View) -> str | None:
        if self._person.refusal is not None:
            return self._person.refusal
        if self._person.page is None:
            return view.words.text("person.asking")
        empty = not self._person.page.segments and not self._person.page.calls
        return view.words.text("person.nothing") if empty else None
