"""Orders to the phone, and who waits for what becomes of them."""

import asyncio
from collections.abc import Callable

import msgspec

from agent_client.phone import engine
from agent_client.seat.side_calls import SideCalls
from protocol.wire.errors import Code, Refused

ANSWER_LIMIT_S = 10.0
"""A phone that says nothing to an order for so long has refused it; and a phone that does not
even end a call, which needs nobody else, does not work any more."""
TRANSFER_LIMIT_S = 60.0
"""The same for a transfer, which waits until somebody answers: longer than the phone itself."""

CallOrder = (
    engine.Answer
    | engine.Reject
    | engine.Hangup
    | engine.Hold
    | engine.Resume
    | engine.Mute
    | engine.Dtmf
    | engine.Transfer
    | engine.Join
)

_FULFILS: dict[type[engine.AnyEvent], frozenset[type[CallOrder]]] = {
    engine.CallConnected: frozenset({engine.Answer}),
    engine.CallHeld: frozenset({engine.Hold}),
    engine.CallResumed: frozenset({engine.Resume}),
    engine.CallMuted: frozenset({engine.Mute}),
    engine.DtmfSent: frozenset({engine.Dtmf}),
    engine.CallsJoined: frozenset({engine.Join}),
    engine.CallEnded: frozenset({engine.Hangup, engine.Reject}),
}


class _Open(msgspec.Struct):
    order: CallOrder
    done: asyncio.Future[None]
    timer: asyncio.TimerHandle


class PhoneOrders:
    """Gives orders to a phone and matches its events with those who wait."""

    def __init__(self, do: Callable[[engine.AnyCommand], None], hangs: Callable[[], None]) -> None:
        self._do = do
        self._hangs = hangs
        self._open: list[_Open] = []
        self.side_calls = SideCalls(do)

    def give(self, order: engine.AnyCommand) -> None:
        """An order that nobody waits for."""
        self._do(order)

    def ask(self, order: CallOrder) -> asyncio.Future[None]:
        """An order whose outcome is awaited: done, or `Refused` with the phone's reason. Asked
        for again meanwhile, it is given once."""
        for waiting in self._open:
            if waiting.order == order:
                return waiting.done
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        limit_s = TRANSFER_LIMIT_S if isinstance(order, engine.Transfer) else ANSWER_LIMIT_S
        timer = loop.call_later(limit_s, self._give_up, done)
        self._open.append(_Open(order, done, timer))
        self._do(order)
        return done

    def settle(self, event: engine.AnyEvent) -> None:
        """Tell those for whom this event is the outcome."""
        call_id = getattr(event, "call_id", None)
        for waiting in [each for each in self._open if each.order.call_id == call_id]:
            refusal = _outcome(waiting.order, event)
            if refusal is not _NOT_YET:
                self._close(waiting, refusal)

    def drop_all(self, code: Code, detail: str) -> None:
        """The phone is gone: all orders are refused."""
        for waiting in list(self._open):
            self._close(waiting, Refused(code, detail=detail))
        self.side_calls.drop_all()

    def _give_up(self, done: asyncio.Future[None]) -> None:
        for waiting in [each for each in self._open if each.done is done]:
            self._close(waiting, Refused(Code.PHONE_REFUSED, detail="no_answer"))
            if isinstance(waiting.order, engine.Hangup | engine.Reject):
                self._hangs()

    def _close(self, waiting: _Open, refusal: Refused | None) -> None:
        self._open.remove(waiting)
        waiting.timer.cancel()
        if waiting.done.cancelled():
            return
        if refusal is None:
            waiting.done.set_result(None)
        else:
            waiting.done.set_exception(refusal)


_NOT_YET = Refused("not_yet")


def _outcome(order: CallOrder, event: engine.AnyEvent) -> Refused | None:
    """None when the event fulfils the order, a refusal when it rules it out, else `_NOT_YET`."""
    if type(order) in _FULFILS.get(type(event), frozenset()):
        return None
    if isinstance(event, engine.CallEnded):
        arrived = event.ending is engine.Ending.TRANSFERRED and isinstance(order, engine.Transfer)
        return None if arrived else Refused(Code.NO_CALL)
    tag = order.__struct_config__.tag
    if isinstance(event, engine.CommandRefused) and event.command == tag:
        return Refused(Code.PHONE_REFUSED, detail=event.code)
    return _NOT_YET
