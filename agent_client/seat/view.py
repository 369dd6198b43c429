"""What the seat shows of itself: put together from the parts, holding nothing."""

from datetime import datetime
from pathlib import Path

import msgspec

from agent_client.seat.breaks import Breaks
from agent_client.seat.call import Consulted
from agent_client.seat.call_memory import CallMemory
from agent_client.seat.call_rows import exchange_of, rows, wrapped_up
from agent_client.seat.clock import Clock
from agent_client.seat.comparing import Comparing
from agent_client.seat.day import day_figures
from agent_client.seat.delivery import Delivery
from agent_client.seat.exchange import Exchange
from agent_client.seat.history import history
from agent_client.seat.instants import instant, local_midnight, milliseconds, zone
from agent_client.seat.link import Link
from agent_client.seat.orders import Orders
from agent_client.seat.outbox import Outbox
from agent_client.seat.past import PastCalls
from agent_client.seat.phone_events import PhoneEvents
from agent_client.seat.signing import Signing
from agent_client.seat.standing import Standing
from protocol.facts.agent import State
from protocol.rules.agent_state import Choice
from protocol.rules.day_segments import SessionFacts
from protocol.wire import desk, desk_call, sync
from protocol.wire.errors import Code

LONGEST_MS = 48 * 3600 * 1000
"""What a session that was last alive longer ago left behind is no matter of the present day."""


class View(msgspec.Struct, frozen=True):
    """The parts that a status is made of."""

    agent: str
    damaged: Path | None
    """Records that this start of the seat had to set aside."""
    outbox: Outbox
    clock: Clock
    link: Link
    delivery: Delivery
    comparing: Comparing
    signing: Signing
    standing: Standing
    events: PhoneEvents
    exchange: Exchange
    orders: Orders
    memory: CallMemory
    past: PastCalls
    breaks: Breaks

    def status(self, re: int | None = None) -> desk.Status:
        """All that a screen shows."""
        now, signed_in = self.standing, self.standing.sign_in
        return desk.Status(
            re=re,
            agent=self.agent,
            name=signed_in.person.name if signed_in else "",
            roles=signed_in.person.roles if signed_in else (),
            state=now.agent.state,
            reason=now.agent.reason,
            since=instant(now.since_ms),
            until=instant(now.until_ms),
            next_state=_named(now.agent.next),
            call=self._call(),
            link=sync.Link.ONLINE if self.link.up else sync.Link.OFFLINE,
            link_fault=self.link.fault,
            phone=self._phone(),
            phone_fault=self.events.fault,
            phone_address=self.events.address,
            microphone=now.agent.microphone,
            dials_numbers=bool(signed_in and signed_in.sip and signed_in.sip.registrar),
            unsent=self.outbox.unsent(),
            enrolled=self.link.identity is not None,
            owed=self.memory.log.cut_off(),
            now=instant(self.clock.now_ms()),
            zone=signed_in.zone if signed_in else "UTC",
            provisional=self.signing.provisional,
            locked=now.agent.locked,
            exchange=self.exchange.state,
            exchange_status=self.exchange.sip_status,
            last_call=self._last_call(),
            lines=signed_in.lines if signed_in else (),
            orders=self.orders.shown,
            held_back=self.delivery.held_back(),
            terminals=now.terminal_count,
            break_queue=self.breaks.queue,
            notices=self._notices(),
        )

    @property
    def zone_name(self) -> str:
        """The site's time zone, as the last sign-in told it."""
        return self.standing.sign_in.zone if self.standing.sign_in else "UTC"

    def midnight(self) -> datetime:
        """The beginning of the site's day that it is now, by the desk's own clock where there is
        no other."""
        reading = self.clock.read()
        now_ms = reading.wall_ms if reading.occurred_ms is None else reading.occurred_ms
        return local_midnight(now_ms, zone(self.zone_name))

    def calls(self, re: int) -> desk_call.Calls:
        """The day's calls, and what is owed from earlier ones."""
        shown = rows(
            self.memory.log,
            milliseconds(self.midnight()),
            anchored=self.clock.anchor is not None,
            exchange=exchange_of(self.standing.sign_in),
        )
        return desk_call.Calls(re, shown, self.zone_name)

    def day(self, re: int) -> desk.Day:
        """The figures of the local day that it is now."""
        reading = self.clock.read()
        now_ms = reading.wall_ms if reading.occurred_ms is None else reading.occurred_ms
        midnight = self.midnight()
        sessions = self.outbox.sessions()
        recent = [s for s in sessions if s.alive_ms is None or s.alive_ms > now_ms - LONGEST_MS]
        told = zip(recent, history(self.outbox, recent), strict=True)
        facts = [SessionFacts(session.id, placed) for session, placed in told]
        figures = day_figures(facts, milliseconds(midnight), now_ms)
        return desk.Day(
            re=re,
            date=midnight.date().isoformat(),
            calls_answered=figures.calls_answered,
            calls_missed=figures.calls_missed,
            seconds=figures.time.seconds,
            unknown_s=figures.time.unknown_s,
            facts_sent=sum(each.last_seq for each in sessions),
            facts_acked=sum(min(each.acked, each.last_seq) for each in sessions),
        )

    def _notices(self) -> tuple[desk.Notice, ...]:
        told = (self.signing.notice,) if self.signing.notice is not None else ()
        differs = (desk.Notice(Code.LEDGER_DIFFERS),) if self.comparing.differs else ()
        damaged = Code.RECORDS_DAMAGED
        aside = (desk.Notice(damaged, {"file": self.damaged.name}),) if self.damaged else ()
        return (*told, *differs, *aside)

    def _last_call(self) -> desk_call.LastCall | None:
        """The present call, or the last one of this session."""
        last = self.memory.log.last() if self.signing.signed_in else None
        if last is None:
            return None
        return desk_call.LastCall(
            id=last.id,
            peer=last.peer,
            line=last.line,
            wrapped_up=wrapped_up(last),
            extensions_left=self.standing.extensions_left,
        )

    def _call(self) -> desk_call.Call | None:
        call = self.standing.call
        if call is None:
            return None
        return desk_call.Call(
            id=call.id,
            direction=call.direction,
            peer=call.peer,
            peer_name=call.peer_name,
            state=call.state,
            since=instant(call.since_ms),
            muted=call.muted,
            connected=instant(call.connected_ms),
            line=call.line,
            auto_answer=call.auto_answer,
            consultation=_consultation(call.consultation),
            past=self.past.of_present(),
        )

    def _phone(self) -> desk.PhoneState:
        signed_in = self.standing.sign_in
        if signed_in is None or signed_in.sip is None:
            return desk.PhoneState.NONE
        if self.standing.agent.phone_up:
            return desk.PhoneState.REGISTERED
        if self.events.fault is None or self.standing.agent.state is State.LOGGED_OFF:
            return desk.PhoneState.UNREGISTERED
        return desk.PhoneState.FAULT


def _consultation(consulted: Consulted | None) -> desk_call.Consultation | None:
    if consulted is None:
        return None
    return desk_call.Consultation(consulted.peer, consulted.answered, consulted.joined)


def _named(choice: Choice | None) -> str | None:
    if choice is None:
        return None
    return f"{choice.state}:{choice.reason}" if choice.reason else str(choice.state)
