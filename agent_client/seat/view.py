"""What the seat shows of itself: put together from the parts, holding nothing."""

import msgspec

from agent_client.seat.clock import Clock
from agent_client.seat.day import day_figures
from agent_client.seat.instants import instant, local_midnight, milliseconds, zone
from agent_client.seat.link import Link
from agent_client.seat.outbox import Outbox
from agent_client.seat.phone_events import PhoneEvents
from agent_client.seat.standing import Standing
from protocol.facts.agent import State
from protocol.rules.agent_state import Choice
from protocol.wire import desk, sync

LONGEST_MS = 48 * 3600 * 1000
"""What a session that was last alive longer ago left behind is no matter of the present day."""


class View(msgspec.Struct, frozen=True):
    """The parts that a status is made of."""

    agent: str
    outbox: Outbox
    clock: Clock
    link: Link
    standing: Standing
    events: PhoneEvents

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
            owed=now.owed,
            now=instant(self.clock.now_ms()),
            zone=signed_in.zone if signed_in else "UTC",
        )

    def day(self, re: int) -> desk.Day:
        """The figures of the local day that it is now."""
        signed_in = self.standing.sign_in
        reading = self.clock.read()
        now_ms = reading.wall_ms if reading.occurred_ms is None else reading.occurred_ms
        midnight = local_midnight(now_ms, zone(signed_in.zone if signed_in else "UTC"))
        sessions = self.outbox.sessions()
        recent = [s for s in sessions if s.alive_ms is None or s.alive_ms > now_ms - LONGEST_MS]
        facts = [fact for each in recent for fact in self.outbox.facts(each)]
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

    def _call(self) -> desk.Call | None:
        call = self.standing.call
        if call is None:
            return None
        return desk.Call(
            id=call.id,
            direction=call.direction,
            peer=call.peer,
            peer_name=call.peer_name,
            state=call.state,
            since=instant(call.since_ms),
            muted=call.muted,
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


def _named(choice: Choice | None) -> str | None:
    if choice is None:
        return None
    return f"{choice.state}:{choice.reason}" if choice.reason else str(choice.state)
