"""From a command as it was parsed to what is asked of the seat."""

import argparse
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

import msgspec

from agent_client.command_arguments import ASKED, CLEAR, REASONS
from agent_client.seat.instants import zone
from agent_client.typed_secrets import Secrets
from protocol.facts.agent import Reason, State
from protocol.facts.order import OrderKind
from protocol.rules.agent_state import Choice
from protocol.wire import desk, desk_call, desk_floor, desk_plan, desk_training
from protocol.wire.breaks import WithdrawBreak
from protocol.wire.desk_call import CallRow, WrappedUp
from protocol.wire.errors import Code, Refused

Make = Callable[[int], desk.AnyRequest]
Ask = Callable[[Make], Awaitable[desk.AnyAnswering]]

_WITHOUT_ARGUMENTS: Mapping[str, Make] = {
    "ready": desk.Ready,
    "acw-done": desk.AcwDone,
    "extend-acw": desk_call.ExtendAcw,
    "answer": desk_call.Answer,
    "reject": desk_call.Reject,
    "hangup": desk_call.Hangup,
    "hold": desk_call.Hold,
    "resume": desk_call.Resume,
    "mute": lambda id: desk_call.Mute(id, True),
    "unmute": lambda id: desk_call.Mute(id, False),
    "join": desk_call.Join,
    "lock": desk.Lock,
    "status": desk.GetStatus,
    "calls": desk_call.GetCalls,
    "orders": desk.GetStatus,
    "postpone": desk_training.PostponeTraining,
}


async def request(asked: argparse.Namespace, secrets: Secrets, ask: Ask) -> Make:
    """What the command asks. Reads secrets, and from the seat what the command leaves open.
    Raises `Refused`."""
    match asked.command:
        case "sign-in" | "password" | "unlock" | "enrol":
            return _with_secrets(asked, secrets, (await _status(ask)).agent)
        case "call-back":
            call = asked.call or _longest_owed(await _calls(ask))
            return lambda id: desk_call.Dial(id, "", call)
        case "seen":
            order = asked.order or _oldest_order(await _status(ask))
            return lambda id: desk.SeeOrder(id, order)
        case "wrap-up":
            return await _wrap_up(asked, ask)
        case "break" if asked.after_abuse:
            call = _last_call(await _status(ask))
            return lambda id: desk.Break(id, Reason(asked.reason), call)
        case name if name in _WITHOUT_ARGUMENTS:
            return _WITHOUT_ARGUMENTS[name]
        case _:
            return _with_arguments(asked)


async def waits(asked: argparse.Namespace, ask: Ask) -> desk.Status | None:
    """The status, where a break that was asked for just now waits for its turn. What the seat
    said to that is `Done` either way."""
    wanted = {"break": "reason", "next": "state"}.get(asked.command)
    if wanted is None or getattr(asked, wanted) not in REASONS:
        return None
    status = await _status(ask)
    queue = status.break_queue
    return status if queue is not None and queue.asked is not None and not queue.granted else None


def _with_arguments(asked: argparse.Namespace) -> Make:
    match asked.command:
        case "break" if asked.reason == CLEAR:
            return lambda id: desk_plan.AskService(id, WithdrawBreak(0))
        case "break":
            return lambda id: desk.Break(id, Reason(asked.reason))
        case "next":
            return lambda id: desk.Next(id, _choice(asked.state))
        case "sign-out":
            return lambda id: desk.SignOut(id, asked.why)
        case "dial":
            return lambda id: desk_call.Dial(id, asked.target)
        case "transfer":
            return lambda id: desk_call.Transfer(id, asked.target)
        case "consult":
            return lambda id: desk_call.Consult(id, asked.target)
        case "dtmf":
            return lambda id: desk_call.Dtmf(id, asked.digits)
        case "settle":
            return lambda id: desk_call.SettleCallBack(id, asked.call, asked.reason)
        case _:
            return _of_people(asked)


def _of_people(asked: argparse.Namespace) -> Make:
    match asked.command:
        case "message":
            return lambda id: desk_floor.PlaceOrder(
                id, OrderKind.MESSAGE, asked.text, asked.to, asked.team
            )
        case "ask":
            return lambda id: desk_floor.PlaceOrder(id, ASKED[asked.what], asked.text, asked.person)
        case "reset-code":
            return lambda id: desk_floor.ResetPassword(id, asked.person)
    raise AssertionError(asked.command)


def _with_secrets(asked: argparse.Namespace, secrets: Secrets, agent: str) -> Make:
    if asked.command == "enrol":
        code = secrets.code()
        return lambda id: desk.EnrolDesk(id, code)
    password = secrets.password(agent)
    if asked.command == "unlock":
        return lambda id: desk.Unlock(id, password)
    if asked.command == "password":
        new = secrets.new_password()
        return lambda id: desk.ChangePassword(id, password, new)
    chosen = secrets.new_password() if asked.new_password else ""
    return lambda id: desk.SignIn(id, password, chosen, asked.take_over)


def _choice(state: str) -> Choice | None:
    if state == CLEAR:
        return None
    if state in (State.READY, State.LOGGED_OFF):
        return Choice(State(state))
    return Choice(State.NOT_READY, Reason(state))


async def _wrap_up(asked: argparse.Namespace, ask: Ask) -> Make:
    """What is not given stays as it was recorded."""
    status = await _status(ask)
    recorded = await _recorded(asked.call or "", status, ask)
    moment: datetime | None = asked.call_back_at
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone(status.zone))
    given = {
        "category": asked.category,
        "outcome": asked.outcome,
        "actions": None if asked.action is None else tuple(asked.action),
        "note": asked.note,
        "call_back_at": moment,
    }
    changed = {name: value for name, value in given.items() if value is not None}
    said = msgspec.structs.asdict(recorded) | changed
    return lambda id: desk_call.WrapUp(id, asked.call or "", **said)


async def _recorded(call: str, status: desk.Status, ask: Ask) -> WrappedUp:
    """What is recorded of a call; of the present or last one without an ID."""
    last = status.last_call
    if last is not None and call in ("", last.id):
        return last.wrapped_up
    if not call:
        raise Refused(Code.NO_CALL)
    for row in await _calls(ask):
        if row.id == call:
            return row.wrapped_up
    raise Refused(Code.UNKNOWN_CALL)


def _last_call(status: desk.Status) -> str:
    if status.last_call is None:
        raise Refused(Code.NO_CALL)
    return status.last_call.id


def _oldest_order(status: desk.Status) -> str:
    if not status.orders:
        raise Refused(Code.UNKNOWN_ORDER)
    return status.orders[0].order


def _longest_owed(calls: Sequence[CallRow]) -> str:
    """The call that has waited longest to be paid back, of those that this phone can reach."""
    owed = [row for row in calls if row.owed and row.can_call_back]
    if not owed:
        raise Refused(Code.NO_CALL)
    return min(owed, key=_owed_since).id


def _owed_since(row: CallRow) -> float:
    since = row.due or row.at
    return since.timestamp() if since is not None else 0.0


async def _status(ask: Ask) -> desk.Status:
    status = await ask(desk.GetStatus)
    assert isinstance(status, desk.Status)
    return status


async def _calls(ask: Ask) -> tuple[CallRow, ...]:
    calls = await ask(desk_call.GetCalls)
    assert isinstance(calls, desk_call.Calls)
    return calls.calls
