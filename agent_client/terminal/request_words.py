"""Requests in words: what is asked, what it changes, by when it has to be decided, what came."""

from collections.abc import Mapping
from datetime import date, datetime

from agent_client.terminal.cells import cut, shown
from agent_client.terminal.clock import at_site
from agent_client.terminal.plan_words import length
from agent_client.terminal.site_time import moment
from agent_client.terminal.view import View
from agent_client.terminal.wording import Wording
from protocol.facts.request import Account, RequestKind, RequestStanding, RosterRequest
from protocol.wire.requests import RequestRow

NAME_CELLS = 16
OPEN = (RequestStanding.ASKED, RequestStanding.CONSENTED)
_DAY_MS = 86_400_000


def named(number: str, names: Mapping[str, str]) -> str:
    """`1002 Ann`."""
    return f"{shown(number)} {cut(shown(names.get(number, '')), NAME_CELLS)}".rstrip()


def said_day(words: Wording, day: date) -> str:
    """`Tue 11-24`."""
    return f"{words.text(f'weekday.{day.isoweekday()}')} {day:%m-%d}"


def times(start_ms: int, end_ms: int, zone: str) -> str:
    """`09:00–18:00`."""
    return f"{at_site(start_ms, zone):%H:%M}–{at_site(end_ms, zone):%H:%M}"


def short_times(asked: RosterRequest, zone: str) -> str:
    """What stands in the column of times."""
    if asked.what is RequestKind.SWAP:
        return ""
    if asked.what is RequestKind.RELEASE:
        return f"{at_site(asked.start_ms, zone):%H:%M}–"
    return times(asked.start_ms, asked.end_ms, zone)


def says(words: Wording, asked: RosterRequest, names: Mapping[str, str], zone: str) -> str:
    """What will be another thing than before, as a sentence."""
    partner_day = asked.partner_day or asked.day
    return words.text(
        f"request_says.{asked.what}",
        who=named(asked.agent, names),
        day=said_day(words, asked.day),
        times=times(asked.start_ms, asked.end_ms, zone),
        start=f"{at_site(asked.start_ms, zone):%H:%M}",
        length=length(words, max(0, asked.end_ms - asked.start_ms) // 1000),
        to_day=said_day(words, at_site(asked.to_start_ms, zone).date()),
        to_times=times(asked.to_start_ms, asked.to_end_ms, zone),
        partner=named(asked.partner, names),
        partner_day=said_day(words, partner_day),
    )


def of_account(words: Wording, asked: RosterRequest) -> str:
    """Whose hours it takes or gives; empty where it is about none."""
    if asked.account is None:
        return ""
    account = words.text(f"account.{asked.account}")
    if asked.what is RequestKind.LEAVE:
        return words.text("requests.takes_hours", account=account)
    return words.text("requests.gives_hours", account=account)


def deadline(view: View, row: RequestRow, zone: str) -> str:
    """By when somebody has to decide; empty for what is decided."""
    if row.standing not in OPEN:
        return ""
    at = said_moment(view, row.deadline_ms, zone)
    return view.words.text("requests.deadline", at=at)


def short_deadline(view: View, row: RequestRow, zone: str) -> str:
    """The same in a column."""
    if row.standing not in OPEN:
        return ""
    return view.words.text("requests.by", at=said_moment(view, row.deadline_ms, zone))


def said_moment(view: View, ms: int, zone: str) -> str:
    """`09:00`, `tomorrow 09:00`, `Mon 11-30 09:00`."""
    return moment(view.words, at_site(ms, zone), view.now, zone)


def standing(words: Wording, row: RequestRow) -> str:
    """Where it stands; of one that waits, whose word it waits for."""
    if row.standing is RequestStanding.ASKED:
        who = waits_for(row)
        return words.text("requests.waits_for", who=who) if who else words.text("requests.asked")
    return _settled(words, row)


def short_standing(words: Wording, row: RequestRow) -> str:
    """The same in a column: an arrow to whoever has the next word."""
    if row.standing not in OPEN:
        return _settled(words, row)
    who = shown(waits_for(row)) or words.text("requests.lead")
    agreed = "✓ " if row.standing is RequestStanding.CONSENTED else ""
    return f"{agreed}→ {who}"


def _settled(words: Wording, row: RequestRow) -> str:
    return settled(words, row.standing, cancelled=was_cancelled(row))


def was_cancelled(row: RequestRow) -> bool:
    """What was approved and then taken back is cancelled."""
    return row.standing is RequestStanding.WITHDRAWN and row.decided_ms is not None


def settled(words: Wording, standing: RequestStanding, *, cancelled: bool) -> str:
    """What became of a request."""
    return words.text(f"request_standing.{'cancelled' if cancelled else standing}")


def waits_for(row: RequestRow) -> str:
    """Whose consent is lacking; empty: nobody's."""
    return consenter(row) if row.standing is RequestStanding.ASKED else ""


def consenter(row: RequestRow) -> str:
    """Who has to agree before a lead decides; empty: nobody."""
    if row.asked.what is RequestKind.SWAP:
        return row.asked.partner
    return row.asked.agent if row.actor != row.asked.agent else ""


def signed_hours(seconds: int) -> str:
    """`2:30`, `−0:45`."""
    hours, rest = divmod(abs(seconds) // 60, 60)
    return f"{'−' if seconds < 0 else ''}{hours}:{rest:02}"


def balances(words: Wording, held: Mapping[Account, int]) -> str:
    """What is in every account."""
    return words.text("comma").join(
        words.text(
            "hours.balance",
            account=words.text(f"account.{account}"),
            hours=signed_hours(held.get(account, 0)),
        )
        for account in Account
    )


def local(ms: int | None, zone: str) -> datetime | None:
    """An instant at the site."""
    return at_site(ms, zone) if ms is not None else None
