"""Hours owed and worked beyond the plan: what is in a person's accounts, and every booking."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.content import Content
from textual.message import Message

from agent_client.terminal.cells import cut, fit, shown
from agent_client.terminal.request_words import balances, said_moment, signed_hours
from agent_client.terminal.screens.listing import Listed, Listing
from agent_client.terminal.view import View
from protocol.wire.requests import Booking, Hours

_HOURS = 14
_NAME_CELLS = 20


class HoursSheet(Listing[Hours, Booking]):
    """One's own accounts are to be read: nobody books for themselves."""

    NAMED = "hours.title"
    NOTHING = "hours.none"
    HINTS: ClassVar[Sequence[tuple[str, str]]] = (("↑↓", "listing.move"), ("Esc", "dialog.close"))

    def __init__(self, agent: str, name: str) -> None:
        super().__init__()
        self.agent = agent
        """Whose accounts they are."""
        self.name_known = name

    def rows(self, view: View, told: Hours, width: int) -> Iterable[Listed[Booking]]:
        """The newest first."""
        zone = view.status.zone if view.status is not None else "UTC"
        for place, booking in enumerate(told.bookings):
            words = view.words
            account = words.text(f"account.{booking.account}")
            sign = "+" if booking.seconds > 0 else ""
            length = words.text("hours.amount", hours=f"{sign}{signed_hours(booking.seconds)}")
            line = Content.assemble(
                f"{fit(booking.day.isoformat(), 12)}{fit(account, 14)}",
                (fit(length, _HOURS), "bold"),
                shown(booking.text),
            )
            at = said_moment(view, booking.booked_ms, zone)
            by = words.text("hours.booked", who=shown(booking.actor), at=at)
            detail = (Content(f"{account}  {length}"), Content(by), Content(booking.text))
            yield Listed(str(place), line, detail, booking)

    def summary(self, view: View, told: Hours) -> str:
        """Whose, and what is in each account."""
        who = f"{shown(self.agent)} {cut(shown(self.name_known), _NAME_CELLS)}".rstrip()
        return f"{who}  ·  {balances(view.words, told.balances)}"


class LedHoursSheet(HoursSheet):
    """Those of somebody for whom one may book."""

    HINTS = (("+", "hours.book"), ("p", "hours.person"), ("Esc", "dialog.close"))
    BINDINGS = [("plus", "book"), ("p", "person")]  # noqa: RUF012 - Textual's own form

    @dataclass
    class BookingWanted(Message):
        """Hours are to be booked."""

        agent: str

    class PersonWanted(Message):
        """Somebody else's are wanted."""

    def choose(self, agent: str) -> None:
        """Somebody else's."""
        self.agent, self.name_known, self.told, self._rows = agent, "", None, ()
        self.show_again()

    def action_person(self) -> None:
        """Ask whose."""
        self.post_message(self.PersonWanted())

    def action_book(self) -> None:
        """Open the form."""
        self.post_message(self.BookingWanted(self.agent))
