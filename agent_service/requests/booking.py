"""One entry of somebody's account of hours: pure."""

from datetime import date, timedelta

import msgspec

from agent_service.ledger.chain import Entry
from agent_service.rosters.patterns import YEARS
from protocol.facts.request import Account, HoursBooked
from protocol.wire.errors import Code, Refused
from protocol.wire.requests import Booking

_FIRST_DAY = date(YEARS.start, 1, 1)
_AHEAD = timedelta(days=366)


def check_day(day: date, today: date) -> None:
    """Hours are of a date that a roster may have, at most a year ahead. Raises `Refused` with
    `booking_day`."""
    last = today + _AHEAD
    if not _FIRST_DAY <= day <= last:
        first, until, asked = (each.isoformat() for each in (_FIRST_DAY, last, day))
        raise Refused(Code.BOOKING_DAY, first=first, last=until, day=asked)


class BookingRow(msgspec.Struct, frozen=True, gc=False):
    """A row, its fields in the order of the table's columns."""

    booking: str
    agent: str
    account: str
    seconds: int
    day: str
    """ISO 8601."""
    actor: str
    text: str
    request: str
    booked_ms: int
    position: int

    def told(self) -> Booking:
        """As people are told of it."""
        return Booking(
            Account(self.account),
            self.seconds,
            date.fromisoformat(self.day),
            self.actor,
            self.text,
            self.booked_ms,
            self.request,
        )

    def fact(self) -> HoursBooked:
        """As it was booked."""
        return HoursBooked(
            self.booking,
            self.agent,
            Account(self.account),
            self.seconds,
            date.fromisoformat(self.day),
            self.actor,
            self.text,
            self.request,
        )


def booked(entry: Entry, fact: HoursBooked) -> BookingRow:
    """The row of a fact."""
    return BookingRow(
        fact.booking,
        fact.agent,
        fact.account,
        fact.seconds,
        fact.day.isoformat(),
        fact.actor,
        fact.text,
        fact.request,
        entry.received_ms,
        entry.position,
    )
