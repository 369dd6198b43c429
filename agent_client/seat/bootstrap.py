"""Putting the parts of a seat together, those first that others stand on."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from agent_client import CLIENT
from agent_client.seat import identity
from agent_client.seat.breaks import Breaks
from agent_client.seat.call_memory import CallMemory
from agent_client.seat.clock import Clock
from agent_client.seat.comparing import Comparing
from agent_client.seat.delivery import Delivery
from agent_client.seat.desk import Desk
from agent_client.seat.exchange import Exchange
from agent_client.seat.handset import Handset
from agent_client.seat.leading import Leading
from agent_client.seat.link import Link, Listener
from agent_client.seat.orders import Orders
from agent_client.seat.past import PastCalls
from agent_client.seat.phone import SeatPhone
from agent_client.seat.phone_events import PhoneEvents
from agent_client.seat.phone_orders import PhoneOrders
from agent_client.seat.place import SeatPlace
from agent_client.seat.provisional import Provisional
from agent_client.seat.relay import Relay
from agent_client.seat.salvage import Opened, open_records
from agent_client.seat.sealed import Seal
from agent_client.seat.signing import Parts, Signing
from agent_client.seat.standing import Standing
from agent_client.seat.view import View
from agent_client.seat.wrap_up import WrapUps
from agent_client.settings import Settings


class Owner(Listener):
    """What the parts tell the seat that they belong to, beside what its link does."""

    def changed(self) -> None:
        """Something that a screen shows has changed, and perhaps there are new facts."""

    def signed_off(self) -> None:
        """The agent is signed out, and it is on the disk."""

    def phone_hangs(self) -> None:
        """The phone leaves a call's end undone."""


class Core(NamedTuple):
    """What all others stand on: the disk, the clock and the way to the service."""

    records: Opened
    clock: Clock
    delivery: Delivery
    comparing: Comparing
    link: Link


class AtDesk(NamedTuple):
    """The agent, the phone, and what people can ask."""

    standing: Standing
    phone: SeatPhone
    events: PhoneEvents
    exchange: Exchange
    desk: Desk


class Remembered(NamedTuple):
    """What the disk tells of calls and of orders."""

    memory: CallMemory
    past: PastCalls
    wrap_ups: WrapUps
    orders: Orders


class SeatParts(NamedTuple):
    """All of a seat but its local socket."""

    core: Core
    at_desk: AtDesk
    remembered: Remembered
    signing: Signing
    view: View
    relay: Relay
    breaks: Breaks
    leading: Leading


def make_parts(settings: Settings, place: SeatPlace, engine_name: str, owner: Owner) -> SeatParts:
    """The parts, nothing of which runs yet. Raises `Refused(DISK_FAILED)`."""
    core = _make_core(settings, place, owner)
    at_desk = _make_at_desk(core, place, engine_name, owner)
    remembered = _make_remembered(core, at_desk, owner.changed)
    signing = _make_signing(settings, place, core, at_desk, owner.changed)
    relay = Relay(core.link, lambda: signing.signed_in)
    breaks = Breaks(at_desk.desk, at_desk.standing, core.link, relay, owner.changed)
    view = _make_view(place, core, at_desk, remembered, signing, breaks)
    leading = _make_leading(relay, view)
    return SeatParts(core, at_desk, remembered, signing, view, relay, breaks, leading)


def _make_core(settings: Settings, place: SeatPlace, owner: Owner) -> Core:
    records, clock = open_records(place), Clock()
    delivery, comparing = Delivery(records.outbox), Comparing(records.outbox)
    link = Link(settings.server, settings.ca, clock, delivery, comparing, CLIENT)
    link.listener = owner
    link.identity = identity.read(place.identity, identity.DeskIdentity)
    return Core(records, clock, delivery, comparing, link)


def _make_at_desk(core: Core, place: SeatPlace, engine_name: str, owner: Owner) -> AtDesk:
    phone = SeatPhone(
        lambda event: events.take(event),
        lambda: events.died(),
        engine_name,
        place.records / "phone.log",
    )
    orders = PhoneOrders(phone.do, owner.phone_hangs)
    standing = Standing(
        core.records.outbox,
        core.clock,
        owner.changed,
        owner.signed_off,
        lambda call_id: desk.ring_expired(call_id),
    )
    desk = Desk(standing, orders)
    events = PhoneEvents(standing, orders)
    return AtDesk(standing, phone, events, Exchange(standing, orders.side_calls), desk)


def _make_remembered(core: Core, at_desk: AtDesk, changed: Callable[[], None]) -> Remembered:
    outbox, standing = core.records.outbox, at_desk.standing
    memory = CallMemory(outbox)
    past = PastCalls(core.link, memory, standing, changed)
    standing.follow(past.look)
    return Remembered(
        memory,
        past,
        WrapUps(standing, core.clock, memory),
        Orders(outbox, core.clock, standing, at_desk.desk, changed),
    )


def _make_signing(
    settings: Settings,
    place: SeatPlace,
    core: Core,
    at_desk: AtDesk,
    changed: Callable[[], None],
) -> Signing:
    outbox, standing = core.records.outbox, at_desk.standing
    parts = Parts(
        place=place,
        outbox=outbox,
        clock=core.clock,
        link=core.link,
        delivery=core.delivery,
        comparing=core.comparing,
        standing=standing,
        desk=at_desk.desk,
        handset=Handset(settings.phone, at_desk.phone, at_desk.events, at_desk.exchange),
        provisional=Provisional(place, outbox, core.clock, standing),
        seal=Seal(place.seal, place.tries, place.server, place.agent),
    )
    return Signing(parts, changed)


def _make_view(
    place: SeatPlace,
    core: Core,
    at_desk: AtDesk,
    remembered: Remembered,
    signing: Signing,
    breaks: Breaks,
) -> View:
    return View(
        agent=place.agent,
        damaged=core.records.damaged,
        outbox=core.records.outbox,
        clock=core.clock,
        link=core.link,
        delivery=core.delivery,
        comparing=core.comparing,
        signing=signing,
        standing=at_desk.standing,
        events=at_desk.events,
        exchange=at_desk.exchange,
        orders=remembered.orders,
        memory=remembered.memory,
        past=remembered.past,
        breaks=breaks,
    )


def _make_leading(relay: Relay, view: View) -> Leading:
    def today() -> date:
        return view.midnight().date()

    return Leading(relay, today, lambda: view.zone_name)
