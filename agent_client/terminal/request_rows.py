"""Requests as they are listed: what is news, what waits for the own word, the own ones, those to
decide, and the rest."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content

from agent_client.terminal.cells import fit, shown
from agent_client.terminal.request_answers import Answer, meant
from agent_client.terminal.request_words import (
    OPEN,
    deadline,
    named,
    of_account,
    said_day,
    said_moment,
    says,
    short_deadline,
    short_standing,
    short_times,
    standing,
    waits_for,
    was_cancelled,
)
from agent_client.terminal.screens.listing import Listed, heading
from agent_client.terminal.view import View
from agent_client.terminal.wording import Wording
from protocol.wire.requests import RequestRow, Requests

_WHO = 17
_WIDE = 110
_WHO_WIDE = 24
_TIMES = 11


@dataclass(frozen=True)
class Group:
    """Some requests under one heading, `requests.<name>`."""

    name: str
    rows: tuple[RequestRow, ...]


def grouped(rows: Sequence[RequestRow], me: str) -> list[Group]:
    """What came of some since I looked last, what waits for me, then mine, then those of others
    that are open, then all others. In a group the one that is due first is on top; what is over,
    the newest."""
    news, rows = [row for row in rows if row.unread], [row for row in rows if not row.unread]
    waiting = [row for row in rows if waits_for(row) == me]
    mine = [row for row in rows if row not in waiting and _concerns(row, me)]
    theirs = [row for row in rows if row not in waiting and not _concerns(row, me)]
    groups = (
        Group("news", tuple(news)),
        Group("waiting", _by_deadline(waiting)),
        Group("mine", _by_deadline(row for row in mine if row.standing in OPEN)),
        Group("decide", _by_deadline(row for row in theirs if row.standing in OPEN)),
        Group("over", tuple(row for row in rows if row.standing not in OPEN)),
    )
    return [group for group in groups if group.rows]


def request_rows(view: View, told: Requests, me: str, width: int) -> Iterator[Listed[RequestRow]]:
    """The lines of the sheet."""
    for group in grouped(told.rows, me):
        text = view.words.text(f"request_group.{group.name}", count=len(group.rows))
        yield heading(group.name, text)
        for row in group.rows:
            detail = tuple(details(view, row, told, me))
            yield Listed(row.request, _line(view, row, told, width), detail, row)


def details(view: View, row: RequestRow, told: Requests, me: str) -> Iterator[Content]:
    """What it changes, who asked and why, where it stands."""
    words, zone = view.words, _zone(view)
    account = of_account(words, row.asked)
    said = says(words, row.asked, told.names, zone)
    yield Content.styled(f"{said}{f'  {account}' if account else ''}", "bold")
    who, at = named(row.actor, told.names), said_moment(view, row.made_ms, zone)
    text = words.text("colon") + shown(row.text) if row.text else ""
    yield Content(words.text("requests.asked_by", who=who, at=at) + text)
    if row.withdrawn_by and row.withdrawn_ms is not None:
        yield _withdrawn(view, row, told)
    else:
        parts = (standing(words, row), deadline(view, row, zone), _takes_back(view, row, me))
        yield Content("  ·  ".join(part for part in parts if part))
    if row.decided_by and row.decided_ms is not None:
        who, at = named(row.decided_by, told.names), said_moment(view, row.decided_ms, zone)
        answer = words.text("colon") + shown(row.decision) if row.decision else ""
        yield Content(words.text("requests.decided_by", who=who, at=at) + answer)
    if row.revision and not row.withdrawn_by:
        yield Content(words.text("requests.revision", revision=row.revision))


def _withdrawn(view: View, row: RequestRow, told: Requests) -> Content:
    words, ms = view.words, row.withdrawn_ms or 0
    who, at = named(row.withdrawn_by, told.names), said_moment(view, ms, _zone(view))
    key = "requests.cancelled_by" if was_cancelled(row) else "requests.withdrawn_by"
    reason = words.text("colon") + shown(row.withdrawal) if row.withdrawal else ""
    return Content(words.text(key, who=who, at=at) + reason)


def _takes_back(view: View, row: RequestRow, me: str) -> str:
    """With which key something that is agreed to can still be undone."""
    if meant(Answer.DECLINE, row, me) is Answer.UNCONSENT:
        return view.words.text("requests.x_takes_back")
    cancels = meant(Answer.WITHDRAW, row, me) is Answer.CANCEL
    ahead = view.now is not None and row.asked.start_ms > view.now.timestamp() * 1000
    return view.words.text("requests.w_cancels") if cancels and ahead else ""


def _line(view: View, row: RequestRow, told: Requests, width: int) -> Content:
    words, zone = view.words, _zone(view)
    kinds = _widest(words.text(f"request_kind.{each.asked.what}") for each in told.rows)
    most = _WHO_WIDE if width >= _WIDE else _WHO
    who = min(most, _widest(named(each.asked.agent, told.names) for each in told.rows))
    day = said_day(words, row.asked.day)
    end = short_deadline(view, row, zone)
    return Content.assemble(
        (fit(words.text(f"request_kind.{row.asked.what}"), kinds), "bold"),
        f"  {fit(named(row.asked.agent, told.names), who)}  {fit(day, _day_cells(words))}  ",
        fit(short_times(row.asked, zone) or _swapped(words, row), _TIMES),
        (f"  {end}" if end else "", "bold"),
        (f"  {short_standing(words, row)}", _style(row)),
    )


def _style(row: RequestRow) -> str:
    return "bold" if row.unread else "" if row.standing in OPEN else "$quiet"


def _widest(texts: Iterable[str]) -> int:
    return max(map(cell_len, texts))


def _swapped(words: Wording, row: RequestRow) -> str:
    """With whom."""
    return f"⇄ {shown(row.asked.partner)}"


def _day_cells(words: Wording) -> int:
    return 6 + cell_len(words.text("weekday.1"))


def _concerns(row: RequestRow, me: str) -> bool:
    return me in (row.actor, row.asked.agent, row.asked.partner)


def _by_deadline(rows: Iterable[RequestRow]) -> tuple[RequestRow, ...]:
    return tuple(sorted(rows, key=lambda row: row.deadline_ms))


def _zone(view: View) -> str:
    return view.status.zone if view.status is not None else "UTC"
