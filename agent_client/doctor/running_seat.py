"""The seat that runs here: its state, its phone's registration, and what it has not delivered."""

import asyncio

from agent_client.doctor.finding import Finding, Found, found
from agent_client.seat_starter import find_seat
from agent_client.settings import Settings
from protocol.facts.agent import State
from protocol.i18n import Catalogue
from protocol.wire import desk
from protocol.wire.desk import PhoneState, Status
from protocol.wire.errors import Code, Refused
from protocol.wire.sync import Link

ANSWER_S = 4.0


async def running_seat(settings: Settings, catalogue: Catalogue) -> list[Finding]:
    """What it says of itself; that none runs is no fault, since a terminal starts one."""
    try:
        async with asyncio.timeout(ANSWER_S):
            status = await _status(settings)
    except Refused as refused:
        if refused.code == Code.NO_SEAT:
            return [found(Found.NO_SEAT)]
        words = catalogue.error(refused.code, refused.params)
        return [found(Found.SEAT_SILENT, detail=words)]
    except (ConnectionError, TimeoutError) as error:
        return [found(Found.SEAT_SILENT, detail=str(error) or type(error).__name__)]
    state = catalogue.text(f"state.{status.state}")
    return [
        found(Found.SEAT_RUNS, agent=status.agent, state=state),
        *_link(status),
        *_phone(status),
        *_delivery(status),
    ]


async def _status(settings: Settings) -> Status:
    client = await find_seat(settings)
    try:
        status = await client.ask(desk.GetStatus)
        assert isinstance(status, Status)
        return status
    finally:
        await client.close()


def _link(status: Status) -> list[Finding]:
    if status.link is Link.ONLINE:
        return []
    code = status.link_fault or Code.SERVICE_UNREACHABLE
    return [found(Found.SEAT_OFFLINE, detail=code)]


def _phone(status: Status) -> list[Finding]:
    """A phone is up only while somebody is signed in."""
    if status.state is State.LOGGED_OFF or status.phone is PhoneState.NONE:
        return []
    if status.phone is PhoneState.REGISTERED:
        return [found(Found.REGISTERED, address=status.phone_address or "–")]
    return [found(Found.NOT_REGISTERED, detail=status.phone_fault or status.phone.value)]


def _delivery(status: Status) -> list[Finding]:
    findings = []
    if status.held_back:
        findings.append(found(Found.HELD_BACK, count=status.held_back))
    unsent = status.unsent - status.held_back
    if unsent > 0:
        findings.append(found(Found.UNSENT, count=unsent))
    return findings or [found(Found.DELIVERED)]
