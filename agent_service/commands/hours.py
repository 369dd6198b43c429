"""The commands about hours: `hours show` and `hours book`."""

import uuid
from collections.abc import Iterable, Iterator

import msgspec

from agent_service import database, tables
from agent_service.accounts.projector import staff_rows
from agent_service.accounts.staff import OPERATOR
from agent_service.arguments import Commands
from agent_service.commands.invocation import Invocation, print_data
from agent_service.commands.people import today, writing
from agent_service.orders.text import check_text
from agent_service.printable import printable
from agent_service.reports.shown import duration
from agent_service.requests import store
from agent_service.requests.booking import check_day
from protocol.facts.request import Account, HoursBooked
from protocol.wire.errors import Code, Refused
from protocol.wire.requests import Booking

_ALL = -1
"""In place of how many, to SQLite."""


class Accounts(msgspec.Struct, frozen=True):
    """One person's, in seconds, with every entry, the newest first."""

    agent: str
    balances: dict[Account, int]
    bookings: tuple[Booking, ...]


def add_commands(commands: Commands) -> None:
    """Add them to the command line."""
    hours, text = commands.group("hours", "hours"), commands.text
    show = hours.add("show", "hours_show", _show)
    show.add_argument("number", metavar="NUMBER", help=text("user_number"))
    show.add_argument("--json", action="store_true", help=text("json"))
    book = hours.add("book", "hours_book", _book)
    book.add_argument("number", metavar="NUMBER", help=text("user_number"))
    book.add_argument(
        "account",
        metavar="ACCOUNT",
        choices=tuple(map(str, Account)),
        help=text("hours_account"),
    )
    how = book.add_mutually_exclusive_group(required=True)
    how.add_argument("--add", type=book.length, metavar="H:MM", help=text("hours_add"))
    how.add_argument("--take", type=book.length, metavar="H:MM", help=text("hours_take"))
    book.add_argument("--note", required=True, help=text("hours_note"))
    book.add_argument("--date", type=book.day, metavar="DATE", help=text("hours_date"))


def _show(invocation: Invocation) -> None:
    accounts = _accounts(invocation)
    if invocation.asked.json:
        print_data(msgspec.json.encode(accounts).decode())
        return
    for line in _drawn(invocation, accounts):
        print_data("\t".join(map(printable, line)))


def _book(invocation: Invocation) -> None:
    asked, present = invocation.asked, today(invocation)
    day = asked.date or present
    check_day(day, present)
    fact = HoursBooked(
        uuid.uuid4().hex,
        asked.number,
        Account(asked.account),
        asked.add if asked.take is None else -asked.take,
        day,
        OPERATOR,
        check_text(asked.note),
    )
    with writing(invocation) as books:
        books.register.person(asked.number)
        books.appender.record(books.connection, fact)
    balance = _accounts(invocation).balances[fact.account]
    invocation.say("hours_booked", agent=asked.number, balance=duration(balance))


def _accounts(invocation: Invocation) -> Accounts:
    """Raises `Refused` with `unknown_agent`."""
    agent = invocation.asked.number
    with tables.reading(database.find(invocation.folder)) as (connection, _):
        if not staff_rows(connection, agent):
            raise Refused(Code.UNKNOWN_AGENT, agent=agent)
        rows = store.bookings(connection, agent, _ALL)
        balances = store.balances(connection, agent)
    return Accounts(agent, balances, tuple(row.told() for row in rows))


def _drawn(invocation: Invocation, accounts: Accounts) -> Iterator[Iterable[str]]:
    words = {each: invocation.catalogue.text(f"terminal.account.{each}") for each in Account}
    for account, seconds in accounts.balances.items():
        yield words[account], duration(seconds)
    for each in accounts.bookings:
        day = each.day.isoformat()
        yield day, words[each.account], duration(each.seconds), each.actor, each.text
