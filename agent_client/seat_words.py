"""What the seat answers, as lines for a command line: in words, or as JSON, an object a line."""

import json
from collections.abc import Iterator
from datetime import datetime

import msgspec

from agent_client.seat.instants import instant, zone
from agent_client.terminal.break_words import standing
from agent_client.terminal.wording import Wording
from protocol.i18n import Catalogue
from protocol.wire import desk, desk_call, desk_floor
from protocol.wire.desk_call import CallRow
from protocol.wire.orders import Order

STATUS_KEYS = (
    *("agent", "state", "reason", "since", "next_state"),
    *("call", "link", "phone", "unsent"),
    *("provisional", "locked", "exchange", "held_back", "owed", "terminals", "break_queue"),
)
CALL_KEYS = ("id", "direction", "peer", "state", "since", "line", "muted", "consultation")
"""What scripts may rely on in `status --json` and `watch --json`."""


def answer_lines(
    command: str, answer: desk.AnyAnswering, catalogue: Catalogue, *, as_json: bool
) -> Iterator[str]:
    """The lines to print; none for what is simply done."""
    match answer:
        case desk.Status() if command == "orders":
            orders = answer.orders
            for order in orders:
                yield _json(order) if as_json else order_line(order, answer.zone, catalogue)
        case desk.Status():
            yield _status_json(answer) if as_json else status_line(answer, catalogue)
        case desk_call.Calls(_, calls, zone_name):
            for row in calls:
                yield _json(row) if as_json else _call_line(row, zone_name, catalogue)
        case desk_floor.ResetCode(_, code, expires, zone_name):
            at = expires.astimezone(zone(zone_name))
            yield catalogue.text("client.reset_code", code=code, expires=f"{at:%Y-%m-%d %H:%M}")
        case _:
            return


def status_line(status: desk.Status, catalogue: Catalogue) -> str:
    """The seat's state in one line."""
    state = catalogue.text(f"state.{status.state}")
    if status.reason is not None:
        state += f" · {catalogue.text(f'reason.{status.reason}')}"
    line = catalogue.text(
        "client.status.line",
        agent=status.agent,
        state=state,
        since=time_at(status.since, status.zone),
        call=_call(status.call, catalogue),
        link=catalogue.text(f"link.{status.link}"),
        phone=catalogue.text(f"phone.{status.phone}"),
        unsent=status.unsent,
    )
    return "  ".join([line, *_marks(status, catalogue)])


def _marks(status: desk.Status, catalogue: Catalogue) -> Iterator[str]:
    """What is not so in an ordinary moment."""
    if status.next_state is not None:
        state, _, reason = status.next_state.partition(":")
        words = catalogue.text(f"reason.{reason}" if reason else f"state.{state}")
        yield catalogue.text("client.status.next", state=words)
    if status.call is not None and status.call.muted:
        yield catalogue.text("client.status.muted")
    if queued := queue_line(status, catalogue):
        yield queued
    if status.owed:
        yield catalogue.text("client.status.owed", count=len(status.owed))
    if status.provisional:
        yield catalogue.text("client.status.provisional")
    if status.locked:
        yield catalogue.text("client.status.locked")


def queue_line(status: desk.Status, catalogue: Catalogue) -> str:
    """Where the person stands in the queue for breaks; empty outside it."""
    return standing(Wording(catalogue), status.break_queue, status.zone)


def order_line(order: Order, zone_name: str, catalogue: Catalogue) -> str:
    """What a lead asked."""
    return catalogue.text(
        "client.order_line",
        id=order.order,
        time=time_at(instant(order.placed_ms), zone_name),
        who=order.actor_name or order.actor,
        what=catalogue.text(f"client.asked.{order.what}"),
        text=one_line(order.text),
    )


def one_line(text: str) -> str:
    """Text from people, safe to print: no line breaks, and nothing that a terminal obeys."""
    return "".join(character if character.isprintable() else " " for character in text)


def time_at(at: datetime | None, zone_name: str) -> str:
    """The time of day at the site; a dash where it is not known."""
    return "–" if at is None else at.astimezone(zone(zone_name)).strftime("%H:%M:%S")


def _call_line(row: CallRow, zone_name: str, catalogue: Catalogue) -> str:
    owed = catalogue.text("client.calls.owed") if row.owed else ""
    talk = "–" if row.talk_s is None else f"{row.talk_s} s"
    direction = catalogue.text(f"direction.{row.direction}")
    local = row.at and row.at.astimezone(zone(zone_name))
    at = "–" if local is None else f"{local:%Y-%m-%d %H:%M:%S}"
    parts = (at, direction, row.peer, row.peer_name, talk, row.line, owed, row.id)
    return "  ".join(one_line(part) for part in parts if part)


def _status_json(status: desk.Status) -> str:
    shown = msgspec.to_builtins(status)
    if shown["call"] is not None:
        shown["call"] = {key: shown["call"][key] for key in CALL_KEYS}
    return json.dumps({key: shown[key] for key in STATUS_KEYS}, ensure_ascii=False)


def _json(shown: msgspec.Struct) -> str:
    return json.dumps(msgspec.to_builtins(shown), ensure_ascii=False)


def _call(call: desk_call.Call | None, catalogue: Catalogue) -> str:
    if call is None:
        return catalogue.text("client.status.no_call")
    direction = catalogue.text(f"direction.{call.direction}")
    return catalogue.text("client.status.call", direction=direction, peer=one_line(call.peer))
