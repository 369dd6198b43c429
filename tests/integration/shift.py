"""A shift at real programs: what an agent does, and the test's own book of what came of it."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent_client.demo.player import Player
from agent_client.phone import engine
from protocol.facts.agent import Reason, State
from protocol.facts.call import EndCause, MissCause, ReleasedBy
from protocol.facts.order import OrderKind, OrderOutcome
from protocol.rules.agent_state import Choice
from protocol.wire import desk, desk_call
from protocol.wire.sync import Link
from tests.integration.cable import Cable
from tests.integration.lead import PersistentLead
from tests.integration.midday import midday_zone
from tests.integration.repeater import Repeater
from tests.integration.rig import LIMIT_S, PASSWORD, Rig
from tests.integration.truth import CallTruth, Truth

QUICK = "7777"
"""Who dials this reaches the line whose calls ring for a second only."""
LINES = """
[state]
away_s = 3600
ring_timer_s = 300
acw_limit_s = 3600
[[lines]]
name = "hotline"
labels = { en = "Hotline", zh_CN = "热线" }
called = ["1001", "1002"]
outcomes = [
  { code = "solved", labels = { en = "Solved", zh_CN = "已解决" } },
  { code = "later", labels = { en = "Later", zh_CN = "待回访" } },
]
[[lines]]
name = "quick"
labels = { en = "Quick", zh_CN = "快线" }
called = ["7777"]
ring_timer_s = 1
"""
Moment = Callable[["Shift"], Awaitable[None]]
"""What breaks, at a moment of a call at which the test knows how things stand."""


def for_shifts(folder: Path) -> Rig:
    """A floor with these lines, on which it is about noon."""
    made = Rig(folder)
    config = folder / "service.toml"
    config.write_text(LINES)
    made.variables = {"SEATLINE_CONFIG": str(config), "SEATLINE_SITE_ZONE": midday_zone()}
    return made


async def nothing(_: "Shift") -> None:
    """Breaks nothing."""


def _has_rung(status: desk.Status) -> bool:
    """Whether the call has come. A seat that stood still for a while may tell only its end."""
    return status.state is State.RINGING or status.reason is Reason.NO_ANSWER


class Shift:
    """One agent at a desk whose link goes over a cable and a repeater."""

    def __init__(self, floor: Rig, number: str, lead: PersistentLead, codes: list[str]) -> None:
        self.floor = floor
        self.number = number
        self.lead = lead
        self._codes = codes
        self.truth = Truth()
        self.repeater = Repeater(floor.server)
        self.cable: Cable
        self.player: Player
        self.desks = [number]
        """The seats at which the agent has sat, by the rig's names."""
        self.lost = ""
        """What has just taken the call: a cause, or nothing."""

    @property
    def seat(self) -> str:
        """The rig's name of the seat at which the agent sits."""
        return self.desks[-1]

    async def begin(self) -> None:
        """Sit down, sign in, be ready."""
        self.cable = Cable(await self.repeater.open())
        self.player = await self.floor.start_seat(self.seat, await self.cable.open())
        await self.player.enrol_and_sign_in(self._codes.pop(), PASSWORD)
        self.truth.acts.append("sign_in")
        await self.ready()

    async def close(self) -> None:
        """Let the link go."""
        await self.cable.close()
        await self.repeater.close()

    async def is_registered(self) -> None:
        """Wait until the phone can take calls, as the seat says when it is asked."""
        async with asyncio.timeout(2 * LIMIT_S):
            while (await self.floor.status(self.player)).phone is not desk.PhoneState.REGISTERED:
                await asyncio.sleep(0.02)

    async def is_confirmed(self) -> None:
        """Wait until the service knows of the sign-in and hears the seat."""
        await self.player.until(lambda now: now.link is Link.ONLINE and not now.provisional)

    async def state(self) -> State:
        """Where the agent is."""
        return (await self.floor.status(self.player)).state

    # What an agent does without a call

    async def ready(self) -> None:
        """READY by the agent's own act, if it is not so already."""
        await self.is_registered()
        if await self.state() is State.READY:
            return
        await self.player.ask(desk.Ready)
        self.truth.acts.append("ready")
        self.truth.readied += 1

    async def break_(self, reason: Reason) -> None:
        """A break. Chosen again in the middle of it, it changes nothing."""
        before = await self.floor.status(self.player)
        await self.player.ask(lambda id_: desk.Break(id_, reason))
        if (before.state, before.reason) != (State.NOT_READY, reason):
            self.truth.acts.append(f"break:{reason}")

    async def signs_out_and_in(self) -> None:
        """Out and in again: by the service, or where it is not heard by what the desk kept."""
        await self.player.ask(desk.SignOut)
        self.truth.acts.append("sign_out")
        await self.player.ask(lambda id_: desk.SignIn(id_, PASSWORD))
        self.truth.acts.append("sign_in")
        await self.is_registered()

    async def begins_without_service(self) -> None:
        """The service is down when the agent signs in, and for a while of the shift."""
        assert self.floor.service is not None
        await self.floor.service.kill()
        await self.player.until(lambda status: status.link is Link.OFFLINE)
        await self.signs_out_and_in()
        assert (await self.floor.status(self.player)).provisional
        await self.break_(Reason.MEAL)
        await self.floor.start_service()

    async def moves_to_another_desk(self) -> None:
        """The agent signs in at a second desk, and is signed out at the first."""
        left = self.player
        self.desks.append(f"{self.number}-elsewhere")
        self.floor.staff_number[self.seat] = self.number
        self.player = await self.floor.start_seat(self.seat, self.floor.told[self.number])
        await self.player.until(lambda status: status.link_fault is None)
        code = self._codes.pop()
        await self.player.ask(lambda id_: desk.EnrolDesk(id_, code))
        await self.player.ask(lambda id_: desk.SignIn(id_, PASSWORD, take_over=True))
        self.truth.acts.append("sign_in")
        await left.until(lambda status: status.state is State.LOGGED_OFF)
        await self.floor.all_sent(left)

    async def told_to_stop(self) -> None:
        """The lead takes the agent out of the line."""
        await self.ready()
        order = await self.lead.order(OrderKind.FORCE_NOT_READY, self.number, "系统演练")
        await self.player.until(lambda status: status.reason is Reason.FORCED)
        self.truth.orders[order] = OrderOutcome.APPLIED

    async def told_something(self) -> None:
        """The lead writes, and the agent reads it."""
        order = await self.lead.order(OrderKind.MESSAGE, self.number, "请看公告")
        await self.player.until(lambda status: order in [each.order for each in status.orders])
        await self.player.ask(lambda id_: desk.SeeOrder(id_, order))
        self.truth.orders[order] = OrderOutcome.SEEN

    # Calls

    async def rings(self, called: str = "") -> tuple[str, CallTruth]:
        """A customer calls; the customer's name of the call, and its line in the book."""
        await self.ready()
        self.lost = ""
        address = (await self.floor.status(self.player)).phone_address
        assert address is not None
        call_id = self.floor.customer.dial(address.replace(self.number, called or self.number))
        await self.player.until(_has_rung)
        known = CallTruth()
        self.truth.calls.append(known)
        return call_id, known

    async def takes_call(self, ringing: Moment, talking: Moment, after: Moment) -> None:
        """One call from the ring to the end of after-call work, with something at each moment."""
        call_id, known = await self.rings()
        await ringing(self)
        if self.lost:
            return self.never_answered(known)
        began = time.monotonic()
        await self.player.ask(desk_call.Answer)
        known.answered, connected = True, time.monotonic()
        await self.player.ask(desk_call.Hold)
        await self.player.ask(desk_call.Resume)
        known.held += 1
        await talking(self)
        if not self.lost:
            least = time.monotonic()
            await self.player.ask(desk_call.Hangup)
            known.ended, known.released_by = EndCause.BYE, ReleasedBy.AGENT
            known.least_s, known.most_s = least - connected, time.monotonic() - began
        else:
            self.cut_off(known)
        self.floor.customer.hang_up(call_id)
        await self.player.until(lambda status: status.call is None)
        if await self.state() is State.ACW:
            await self.wraps_up(known)
            await after(self)
        await self.ends_work_after_call()

    async def wraps_up(self, known: CallTruth) -> None:
        """Say what the call was about, and promise a call."""
        due = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
        await self.player.ask(
            lambda id_: desk_call.WrapUp(id_, outcome="later", note="回访", call_back_at=due)
        )
        known.outcome, known.promised_ms = "later", int(due.timestamp()) * 1000

    async def ends_work_after_call(self) -> None:
        """Back to where the agent was, unless the seat has died meanwhile."""
        await self.is_registered()
        if await self.state() is State.ACW:
            await self.player.ask(desk.AcwDone)
        self.truth.readied += await self.state() is State.READY

    async def queues_break(self, reason: Reason) -> None:
        """A break chosen while the customer talks, and a lead's order after it: the last wins."""
        call_id, known = await self.rings()
        began = time.monotonic()
        await self.player.ask(desk_call.Answer)
        known.answered, connected = True, time.monotonic()
        choice = Choice(State.NOT_READY, reason)
        await self.player.ask(lambda id_: desk.Next(id_, choice))
        self.truth.acts.append(f"next:{reason}")
        least = time.monotonic()
        self.floor.customer.hang_up(call_id)
        await self.player.until(lambda status: status.state is State.ACW)
        known.least_s, known.most_s = least - connected, time.monotonic() - began
        known.ended, known.released_by = EndCause.BYE, ReleasedBy.PEER
        await self.player.ask(desk.AcwDone)
        status = await self.floor.status(self.player)
        assert (status.state, status.reason) == (State.NOT_READY, reason)

    async def forced_in_call(self) -> None:
        """What a lead forces in a call comes after it."""
        call_id, known = await self.rings()
        began = time.monotonic()
        await self.player.ask(desk_call.Answer)
        known.answered, connected = True, time.monotonic()
        order = await self.lead.order(OrderKind.FORCE_NOT_READY, self.number, "培训")
        await self.player.until(lambda status: status.next_state == "NOT_READY:FORCED")
        self.truth.acts.append("next:FORCED")
        least = time.monotonic()
        await self.player.ask(desk_call.Hangup)
        known.ended, known.released_by = EndCause.BYE, ReleasedBy.AGENT
        known.least_s, known.most_s = least - connected, time.monotonic() - began
        self.floor.customer.hang_up(call_id)
        await self.player.ask(desk.AcwDone)
        assert (await self.floor.status(self.player)).reason is Reason.FORCED
        self.truth.orders[order] = OrderOutcome.APPLIED

    async def rejects(self) -> None:
        """The agent refuses a call."""
        call_id, known = await self.rings()
        await self.player.ask(desk_call.Reject)
        known.missed, known.ended = MissCause.REJECT, EndCause.REJECTED
        known.released_by = ReleasedBy.AGENT
        await self.floor.customer.sees(engine.CallEnded, call_id)

    async def lets_ring(self) -> None:
        """Nobody answers."""
        call_id, known = await self.rings(QUICK)
        await self.player.until(lambda status: status.reason is Reason.NO_ANSWER)
        known.missed, known.ended = MissCause.TIMEOUT, EndCause.NO_ANSWER
        known.released_by = ReleasedBy.SYSTEM
        await self.floor.customer.sees(engine.CallEnded, call_id)

    async def is_abandoned(self) -> None:
        """The customer gives up before anybody answers: no miss, and READY as before."""
        call_id, known = await self.rings()
        self.floor.customer.hang_up(call_id)
        await self.player.until(lambda status: status.state is State.READY)
        known.ended, known.released_by = EndCause.CALLER_LEFT, ReleasedBy.PEER
        self.truth.readied += 1

    def never_answered(self, known: CallTruth) -> None:
        """What broke took the call while it rang."""
        device = self.lost == EndCause.PHONE_FAULT
        known.missed = MissCause.DEVICE if device else ""
        self.cut_off(known)
        known.owed = False

    def cut_off(self, known: CallTruth) -> None:
        """What broke took the call."""
        known.ended, known.owed = self.lost, True
        device = self.lost == EndCause.PHONE_FAULT
        known.released_by = ReleasedBy.SYSTEM if device else ReleasedBy.UNKNOWN


@contextlib.asynccontextmanager
async def meanwhile(harm: Awaitable[None]) -> AsyncIterator[None]:
    """A harm that goes on beside what happens within; both come to their end."""
    async with asyncio.TaskGroup() as group:
        group.create_task(_as_coroutine(harm))
        yield


async def _as_coroutine(harm: Awaitable[None]) -> None:
    await harm
