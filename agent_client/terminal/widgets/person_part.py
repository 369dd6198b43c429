"""What all parts of one person's page have: the page, once it is there."""

from typing import Protocol

from textual.content import Content

from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.wording import Wording
from protocol.wire.person import PersonDay


class Person(Protocol):
    """Whoever holds the page."""

    page: PersonDay | None
    """Null before the service told it."""
    name_known: str


class PersonPart(Line):
    """There only with a page to show."""

    def __init__(self, person: Person, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._person = person

    def show(self, view: View) -> None:
        """Appear with the page."""
        page = self._person.page
        self.display = page is not None and self.has_something(page)
        super().show(view)

    def has_something(self, page: PersonDay) -> bool:
        """Whether there is anything to show of this page."""
        return bool(page.segments or page.calls)

    def paint(self, view: View) -> Content:
        """The part of the page."""
        if self._person.page is None or view.status is None:
            return Content("")
        return self.paint_page(view, self._person.page, view.status.zone)

    def paint_page(self, view: View, page: PersonDay, zone: str) -> Content:
        """The text, with the site's zone."""
        raise NotImplementedError


def left_off(words: Wording, count: int) -> list[Content]:
    """The line below a list from which the service left off so many earlier ones."""
    return [Content.styled(words.text("person.left_off", count=count), "$quiet")] if count else []
