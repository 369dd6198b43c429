"""What each request of the local socket does: one entry a request, nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import msgspec

from agent_client.seat.call_backs import destination
from agent_client.seat.call_rows import exchange_of, need_reachable
from agent_client.seat.instants import milliseconds
from protocol.facts.agent import State
from protocol.wire import (
    desk,
    desk_base,
    desk_call,
    desk_exam,
    desk_floor,
    desk_plan,
    desk_training,
)
from protocol.wire.adherence import GetAdherence
from protocol.wire.errors import Code, Refused
from protocol.wire.relayed import RelayedAnswer
from protocol.wire.training import Assignments, GetTrainingText, TrainingText

if TYPE_CHECKING:
    from agent_client.seat.process import Seat


async def carry_out(seat: Seat, request: desk.AnyRequest) -> desk.AnyAnswering:
    """Do it. Raises `Refused`; then nothing was done."""
    if isinstance(request, desk.Attach | desk.Watch):
        raise Refused(Code.UNKNOWN_COMMAND, command=str(request.__struct_config__.tag))
    answer = _ANSWERS.get(type(request))
    if answer is not None:
        return await answer(seat, request)
    act = _ACTS[type(request)]
    awaited = act(seat, request)
    if awaited is not None:
        await awaited
    return desk_base.Done(request.id)


def _dial(seat: Seat, request: desk_call.Dial) -> Awaitable[None] | None:
    whom = destination(request, seat.standing, seat.memory)
    return seat.desk.dial(whom.target, whom.uri, request.for_call, whom.line)


async def _consult(seat: Seat, request: desk_call.Consult) -> None:
    need_reachable(request.target, exchange_of(seat.standing.sign_in))
    await seat.desk.consultation.begin(request.target)


async def _transfer(seat: Seat, request: desk_call.Transfer) -> None:
    if request.target:
        need_reachable(request.target, exchange_of(seat.standing.sign_in))
    await seat.desk.consultation.hand_over(request.target)


def _stop(seat: Seat, _: desk.StopSeat) -> None:
    if seat.standing.agent.state is not State.LOGGED_OFF:
        raise Refused("wrong_state")
    seat.stop()


async def _status(seat: Seat, request: desk.GetStatus) -> desk.Status:
    return seat.view.status(request.id)


async def _day(seat: Seat, request: desk.GetDay) -> desk.Day:
    return seat.view.day(request.id)


async def _calls(seat: Seat, request: desk_call.GetCalls) -> desk_call.Calls:
    return seat.view.calls(request.id)


async def _past(seat: Seat, request: desk_call.GetPast) -> desk_call.Past:
    calls, complete = await seat.past.with_peer(request.peer)
    return desk_call.Past(request.id, calls, complete)


async def _ask_service(seat: Seat, request: desk_plan.AskService) -> desk_plan.ServiceAnswered:
    """One's own adherence, and the text that was read last, are known at the desk too, where the
    service can't be reached."""
    try:
        answered = await seat.relay.pass_on(request)
    except Refused:
        known = None if seat.link.up else _known_here(seat, request)
        if known is None:
            raise
        return desk_plan.ServiceAnswered(request.id, known)
    match answered.message:
        case Assignments(rows=rows):
            seat.training.learn(rows)
        case TrainingText() as text:
            seat.training_cache.take_text(text)
    return answered


def _known_here(seat: Seat, request: desk_plan.AskService) -> RelayedAnswer | None:
    """What the service would answer, as far as this desk can know it. Raises `Refused`."""
    text = seat.training_cache.text
    match request.message:
        case GetAdherence(agent=agent, day=day) if agent == seat.view.agent:
            return seat.days.adherence(request.id, day)
        case GetTrainingText(assignment=assignment, content=content) if text is not None:
            same = (text.assignment, text.content) == (assignment, content)
            return msgspec.structs.replace(text, re=request.id) if same else None
    return None


_ANSWERS: dict[type[desk.AnyRequest], Callable[..., Awaitable[desk.AnyAnswering]]] = {
    desk.GetStatus: _status,
    desk.GetDay: _day,
    desk_call.GetCalls: _calls,
    desk_call.GetPast: _past,
    desk_floor.GetPerson: lambda seat, request: seat.leading.person(request),
    desk_plan.AskService: _ask_service,
    desk_floor.ResetPassword: lambda seat, request: seat.leading.reset_password(request),
}
"""Requests with an answer of their own."""

_ACTS: dict[type[desk.AnyRequest], Callable[..., Awaitable[None] | None]] = {
    desk.EnrolDesk: lambda seat, request: seat.enrol(request.code),
    desk.SignIn: lambda seat, request: seat.sign_in(request),
    desk.ChangePassword: lambda seat, request: seat.signing.change_password(
        request.password, request.new_password
    ),
    desk.Unlock: lambda seat, request: seat.signing.unlock(request.password),
    desk.SeeOrder: lambda seat, request: seat.orders.see(request.order),
    desk.Ready: lambda seat, _: seat.desk.ready(),
    desk.Break: lambda seat, request: seat.breaks.take_break(request.reason, request.after_call),
    desk.Next: lambda seat, request: seat.breaks.choose_next(request.choice),
    desk.AcwDone: lambda seat, _: seat.desk.acw_done(),
    desk_call.Dial: _dial,
    desk_call.Answer: lambda seat, _: seat.desk.answer(),
    desk_call.Reject: lambda seat, _: seat.desk.reject(),
    desk_call.Hangup: lambda seat, _: seat.desk.hang_up(),
    desk_call.Hold: lambda seat, _: seat.desk.hold(),
    desk_call.Resume: lambda seat, _: seat.desk.resume(),
    desk_call.Mute: lambda seat, request: seat.desk.mute(request.muted),
    desk_call.Dtmf: lambda seat, request: seat.desk.send_digits(request.digits),
    desk_call.Consult: _consult,
    desk_call.Join: lambda seat, _: seat.desk.consultation.join(),
    desk_call.Transfer: _transfer,
    desk_call.ExtendAcw: lambda seat, _: seat.desk.extend_acw(),
    desk.Lock: lambda seat, _: seat.desk.lock(),
    desk.SignOfLife: lambda seat, _: seat.standing.sign_of_life(),
    desk.SignOut: lambda seat, request: seat.desk.sign_out(request.text),
    desk.Relieve: lambda seat, request: seat.desk.relieve(request.by),
    desk.StopSeat: _stop,
    desk_call.WrapUp: lambda seat, request: seat.wrap_ups.wrap_up(
        request, milliseconds(seat.view.midnight())
    ),
    desk_call.SettleCallBack: lambda seat, request: seat.wrap_ups.settle(request),
    desk_floor.PlaceOrder: lambda seat, request: seat.leading.place_order(request),
    desk_floor.WatchFloor: lambda seat, _: seat.watch_floor(),
    desk_training.OpenItem: lambda seat, request: seat.training.open_item(
        request.assignment, request.content
    ),
    desk_training.ReadSign: lambda seat, request: seat.training.sign(request.sign, request.section),
    desk_training.FinishItem: lambda seat, _: seat.training.finish_item(),
    desk_training.CloseItem: lambda seat, _: seat.training.close_item(),
    desk_training.PostponeTraining: lambda seat, _: seat.training.postpone(),
    desk_exam.BeginExam: lambda seat, request: seat.exams.begin(request.issue),
    desk_exam.AnswerQuestion: lambda seat, request: seat.exams.answer(
        request.question, request.answer
    ),
    desk_exam.LeaveFocus: lambda seat, _: seat.exams.leave_focus(),
    desk_exam.HandIn: lambda seat, _: seat.exams.hand_in(),
}
