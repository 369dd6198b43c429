"""Peers that are packages of the system, and phones that speak to them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent_client.phone.engine import Open, PhoneUp, Sound, Transport
from tests.contract.phones import ChildPhones, Phone
from tests.interop.baresip import Baresip
from tests.interop.kamailio import PASSWORD, Kamailio
from tests.interop.sipp import Sipp


@pytest.fixture
async def kamailio(tmp_path: Path) -> AsyncIterator[Kamailio]:
    folder = tmp_path / "kamailio"
    folder.mkdir()
    exchange = Kamailio(folder)
    try:
        await exchange.start()
        yield exchange
    finally:
        await exchange.stop()


@pytest.fixture
async def baresip(tmp_path: Path) -> AsyncIterator[Baresip]:
    folder = tmp_path / "baresip"
    folder.mkdir()
    customer = Baresip(folder)
    try:
        await customer.start()
        yield customer
    finally:
        await customer.stop()


@pytest.fixture
async def sipp(tmp_path: Path) -> AsyncIterator[Sipp]:
    folder = tmp_path / "sipp"
    folder.mkdir()
    customer = Sipp(folder)
    yield customer
    await customer.stop()


@pytest.fixture
async def phones() -> AsyncIterator[ChildPhones]:
    made = ChildPhones()
    yield made
    await made.stop()


def order(
    exchange: Kamailio, user: str, transport: Transport = Transport.UDP, ca: str = ""
) -> Open:
    """How an agent's phone is opened at the exchange."""
    return Open(
        user=user,
        registrar=exchange.address_for(transport),
        password=PASSWORD,
        transport=transport,
        sound=Sound.NONE,
        display_name=f"Agent {user}",
        ca=ca or str(exchange.ca),
    )


async def registered(
    phones: ChildPhones, exchange: Kamailio, user: str, transport: Transport = Transport.UDP
) -> Phone:
    """An agent's phone that can be called."""
    phone = await phones.make()
    phone.do(order(exchange, user, transport))
    phone.address = (await phone.next(PhoneUp)).address
    return phone
