"""What each request of the local socket does: one entry a request, nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from agent_client.phone.addresses import BadAddress, is_number, target_uri
from agent_client.phone.engine import Transport
from protocol.facts.agent import State
from protocol.wire import desk
from protocol.wire.errors import Code, Refused

if TYPE_CHECKING:
    from agent_client.seat.process import Seat


async def carry_out(seat: Seat, request: desk.AnyRequest) -> desk.AnyAnswering:
    """Do it. Raises `Refused`; then nothing was done."""
    match request:
        case desk.GetStatus():
            return seat.view.status(request.id)
        case desk.GetDay():
            return seat.view.day(request.id)
        case desk.Attach() | desk.Watch():
            raise Refused(Code.UNKNOWN_COMMAND, command=str(request.__struct_config__.tag))
    act = _ACTS[type(request)]
    awaited = act(seat, request)
    if awaited is not None:
        await awaited
    return desk.Done(request.id)


def _dial(seat: Seat, request: desk.Dial) -> None:
    signed_in = seat.standing.sign_in
    registrar = signed_in.sip.registrar if signed_in and signed_in.sip else ""
    if not registrar and is_number(request.target):
        raise Refused(Code.NO_EXCHANGE)
    try:
        target_uri(request.target, registrar, Transport.UDP)
    except BadAddress as error:
        raise Refused(Code.BAD_NUMBER) from error
    seat.desk.dial(request.target)


def _stop(seat: Seat, _: desk.StopSeat) -> None:
    if seat.standing.agent.state is not State.LOGGED_OFF:
        raise Refused("wrong_state")
    seat.stop()


_ACTS: dict[type[desk.AnyRequest], Callable[..., Awaitable[None] | None]] = {
    desk.EnrolDesk: lambda seat, request: seat.enrol(request.code),
    desk.SignIn: lambda seat, request: seat.sign_in(request.password),
    desk.Ready: lambda seat, _: seat.desk.ready(),
    desk.Break: lambda seat, request: seat.desk.take_break(request.reason),
    desk.Next: lambda seat, request: seat.desk.choose_next(request.choice),
    desk.AcwDone: lambda seat, _: seat.desk.acw_done(),
    desk.Dial: _dial,
    desk.Answer: lambda seat, _: seat.desk.answer(),
    desk.Reject: lambda seat, _: seat.desk.reject(),
    desk.Hangup: lambda seat, _: seat.desk.hang_up(),
    desk.Hold: lambda seat, _: seat.desk.hold(),
    desk.Resume: lambda seat, _: seat.desk.resume(),
    desk.Mute: lambda seat, request: seat.desk.mute(request.muted),
    desk.SignOfLife: lambda seat, _: seat.standing.sign_of_life(),
    desk.SignOut: lambda seat, _: seat.desk.sign_out(),
    desk.StopSeat: _stop,
    desk.WatchFloor: lambda seat, _: seat.watch_floor(),
}
