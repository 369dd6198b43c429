"""What changed at the seat, one line a change."""

from collections.abc import Callable, Iterator

from agent_client.seat_words import one_line, order_line, time_at
from agent_client.terminal.break_words import standing, until
from agent_client.terminal.wording import Wording, duration
from protocol.facts.agent import State
from protocol.i18n import Catalogue
from protocol.wire.breaks import OwnQueue
from protocol.wire.desk import Status
from protocol.wire.desk_call import Call

Told = Callable[[Status | None, Status], Iterator[str]]


class StatusLines:
    """Compares each status with the one before it."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._words = Wording(catalogue)
        self._before: Status | None = None
        self._parts: tuple[Told, ...] = (
            self._link,
            self._phone,
            self._sign_in,
            self._state,
            self._call,
            self._next,
            self._queue,
            self._owed,
            self._orders,
        )

    def take(self, status: Status) -> list[str]:
        """The lines that tell what is new; for the first status all that matters."""
        before, self._before = self._before, status
        return [line for part in self._parts for line in part(before, status)]

    def forget(self) -> None:
        """The seat is gone; whatever it says next is told whole."""
        self._before = None

    def _link(self, before: Status | None, now: Status) -> Iterator[str]:
        if before is None or (before.link, before.link_fault) != (now.link, now.link_fault):
            yield self._words.link(now.link, now.link_fault)
        if now.held_back and (before is None or before.held_back != now.held_back):
            yield self._text("held_back", count=now.held_back)

    def _phone(self, before: Status | None, now: Status) -> Iterator[str]:
        if now.state is State.LOGGED_OFF:
            return
        said = self._words.phone(now)
        if before is None or before.state is State.LOGGED_OFF or self._words.phone(before) != said:
            yield said

    def _sign_in(self, before: Status | None, now: Status) -> Iterator[str]:
        if not now.enrolled and (before is None or before.enrolled):
            yield self._text("enrol_first")
        for name in ("locked", "provisional"):
            held = getattr(now, name)
            if held != (before is not None and getattr(before, name)):
                yield self._text(f"{name}_{'begins' if held else 'ends'}")

    def _state(self, before: Status | None, now: Status) -> Iterator[str]:
        if before is not None and (before.state, before.reason, before.since) == (
            now.state,
            now.reason,
            now.since,
        ):
            return
        state = self._words.state(now.state)
        if now.reason is not None:
            state = f"{state}, {self._words.reason(now.reason)}"
        line = self._text("state", state=state, since=time_at(now.since, now.zone))
        if now.until is not None and now.since is not None:
            seconds = duration(round((now.until - now.since).total_seconds()))
            line = self._text("limit", state=line, seconds=seconds)
        yield line

    def _call(self, before: Status | None, now: Status) -> Iterator[str]:
        was = before.call if before is not None else None
        call = now.call
        if call is None:
            if was is not None:
                yield self._text("call_over")
            return
        if was is None or was.id != call.id:
            yield self._who(call)
        if call.muted != (was is not None and was.muted):
            yield self._text("muted" if call.muted else "unmuted")
        if call.consultation != (was.consultation if was is not None else None):
            yield self._consultation(call)

    def _who(self, call: Call) -> str:
        direction = self._catalogue.text(f"direction.{call.direction}")
        who = one_line(f"{call.peer} {call.peer_name}".strip())
        return self._text("call", direction=direction, who=who)

    def _consultation(self, call: Call) -> str:
        second = call.consultation
        if second is None:
            return self._text("consultation_over")
        stage = "joined" if second.joined else "answered" if second.answered else "calling"
        return self._text(f"consultation_{stage}", who=one_line(second.peer))

    def _next(self, before: Status | None, now: Status) -> Iterator[str]:
        if now.next_state == (before.next_state if before is not None else None):
            return
        if now.next_state is not None:
            yield self._words.text("next", state=self._words.next_state(now.next_state))
        elif now.call is not None or now.state is State.ACW:
            yield self._text("nothing_next")

    def _queue(self, before: Status | None, now: Status) -> Iterator[str]:
        """A place, a turn, and that there is neither any more; not how the time to wait runs."""
        was = before.break_queue if before is not None else None
        queue = now.break_queue
        if _stands(was) == _stands(queue):
            return
        if queue is None or queue.asked is None:
            if was is not None and was.asked is not None and now.reason not in was.reasons:
                yield self._text("break_out")
        elif not queue.granted:
            yield standing(self._words, queue, now.zone)
        elif queue.granted_until_ms is None:
            yield self._text("break_turn_after_call", reason=queue.asked)
        else:
            at = until(queue.granted_until_ms, now.zone)
            yield self._text("break_turn", until=at, reason=queue.asked)

    def _owed(self, before: Status | None, now: Status) -> Iterator[str]:
        known = before.owed if before is not None else ()
        for number in now.owed:
            if number not in known:
                yield self._text("owed", who=one_line(number))

    def _orders(self, before: Status | None, now: Status) -> Iterator[str]:
        known = {order.order for order in before.orders} if before is not None else set()
        for order in now.orders:
            if order.order not in known:
                yield order_line(order, now.zone, self._catalogue)
                yield self._text("how_to_mark_read")

    def _text(self, key: str, **params: object) -> str:
        return self._catalogue.text(f"plain.{key}", **params)


def _stands(queue: OwnQueue | None) -> tuple[object, ...]:
    if queue is None or queue.asked is None:
        return ()
    return (queue.asked, queue.place, queue.granted, queue.granted_until_ms)
