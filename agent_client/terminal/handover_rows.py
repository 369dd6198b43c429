"""Handovers as they are listed: each with its items below it, and what is overdue."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content

from agent_client.terminal.cells import fit, shown
from agent_client.terminal.request_words import named, said_moment
from agent_client.terminal.screens.listing import Listed
from agent_client.terminal.view import View
from protocol.facts.handover import HandoverItem, ItemKind
from protocol.rules.masking import mask
from protocol.wire.handover import HandoverRow, Handovers

OVERDUE, DONE, OPEN = "!", "✓", "·"


@dataclass(frozen=True)
class Part:
    """A handover, or one item of it."""

    row: HandoverRow
    item: int | None = None
    """Counted from 0; null: the whole."""


def overdue(row: HandoverRow, item: int, now_ms: int | None) -> bool:
    """Whether the time of an item has passed, and nobody has settled it."""
    due_ms = row.items[item].due_ms
    return now_ms is not None and due_ms is not None and due_ms <= now_ms and not _done(row, item)


def open_items(row: HandoverRow) -> int:
    """How many nobody has settled."""
    return sum(not _done(row, item) for item in range(len(row.items)))


def handover_rows(view: View, told: Handovers, me: str) -> Iterator[Listed[Part]]:
    """Those for me first; under each its items in their order."""
    for row in sorted(told.rows, key=lambda each: (bool(each.confirmed_by), each.to != me)):
        detail = tuple(_whole(view, row, told, me))
        yield Listed(row.handover, _head(view, row, told), detail, Part(row))
        for place, item in enumerate(row.items):
            line = _item(view, row, place, item)
            about = tuple(_about(view, row, place, told))
            yield Listed(f"{row.handover}:{place}", line, about, Part(row, place))


def call_said(view: View, item: HandoverItem) -> str:
    """When the call was that an item is about, and its masked number; empty for none."""
    if item.call_ms is None:
        return ""
    number = item.call_peer if "*" in item.call_peer else mask(item.call_peer)
    at = said_moment(view, item.call_ms, _zone(view))
    return view.words.text("handover.call", at=at, number=shown(number))


def overdue_count(view: View, rows: Iterable[HandoverRow]) -> int:
    """How many items wait beyond their time."""
    now_ms = _now_ms(view)
    return sum(overdue(row, item, now_ms) for row in rows for item in range(len(row.items)))


def _head(view: View, row: HandoverRow, told: Handovers) -> Content:
    words, zone = view.words, _zone(view)
    to = named(row.to, told.names) if row.to else words.text("handover.next_one")
    who = words.text("handover.from_to", who=named(row.agent, told.names), to=to)
    at = said_moment(view, row.written_ms, zone)
    if row.confirmed_by:
        state = words.text("handover.confirmed", who=shown(row.confirmed_by))
        return Content.assemble((who, "bold"), f"  {at}  {state}")
    waits = words.text("handover.unconfirmed")
    return Content.assemble((who, "bold"), f"  {at}  ", (waits, "bold $warning"))


def _item(view: View, row: HandoverRow, place: int, item: HandoverItem) -> Content:
    words, late = view.words, overdue(row, place, _now_ms(view))
    done = _done(row, place)
    mark = DONE if done else OVERDUE if late else OPEN
    kinds = max(cell_len(words.text(f"handover_item.{each}")) for each in ItemKind)
    kind = fit(words.text(f"handover_item.{item.what}"), kinds)
    due = _due(view, item, late)
    style = "$quiet" if done else "bold $warning" if late else ""
    text = Content(shown(item.text))
    return Content.assemble((f"   {mark} {kind}", style or "$quiet"), (due, style), "  ", text)


def _due(view: View, item: HandoverItem, late: bool) -> str:
    if item.due_ms is None:
        return ""
    at = said_moment(view, item.due_ms, _zone(view))
    return "  " + view.words.text("handover.overdue" if late else "handover.due", at=at)


def _whole(view: View, row: HandoverRow, told: Handovers, me: str) -> Iterator[Content]:
    words = view.words
    team = f"  ·  {shown(row.team)}" if row.team else ""
    count = words.text("handover.items", count=len(row.items), open=open_items(row))
    yield Content.styled(f"{count}{team}", "bold")
    if row.confirmed_by and row.confirmed_ms is not None:
        at = said_moment(view, row.confirmed_ms, _zone(view))
        said = words.text("handover.confirmed_at", who=named(row.confirmed_by, told.names), at=at)
        text = words.text("colon") + shown(row.confirmation) if row.confirmation else ""
        yield Content(said + text)
    else:
        own = row.agent == me
        yield Content(words.text("handover.own_waits" if own else "handover.confirm_help"))


def _about(view: View, row: HandoverRow, place: int, told: Handovers) -> Iterator[Content]:
    item = row.items[place]
    yield Content.styled(shown(item.text), "bold")
    kind = view.words.text(f"handover_item.{item.what}")
    yield Content(kind + _due(view, item, overdue(row, place, _now_ms(view))))
    if said := call_said(view, item):
        yield Content(said)
    if _done(row, place):
        who = named(row.settled[place], told.names)
        yield Content(view.words.text("handover.settled", who=who))
    else:
        yield Content(view.words.text("handover.settle_help"))


def _done(row: HandoverRow, item: int) -> bool:
    return item in row.settled


def _now_ms(view: View) -> int | None:
    return round(view.now.timestamp() * 1000) if view.now is not None else None


def _zone(view: View) -> str:
    return view.status.zone if view.status is not None else "UTC"
