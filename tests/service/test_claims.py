"""Sessions that began without the service, or that a restored backup knows nothing of: how far they
are recorded, and whether their facts may come."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from agent_service.commands.ledger import verify
from protocol.facts.agent import State, StateEntered
from protocol.facts.session import SessionProvisional
from protocol.wire.errors import Refused
from protocol.wire.sync import (
    MAX_COMPARED,
    Claim,
    Claimed,
    Compare,
    Compared,
    Witness,
    WitnessSeen,
)
from tests.service.client import Client, records
from tests.service.conftest import PASSWORD, SignedIn, make_token
from tests.service.lead import Lead

Desks = Callable[..., Awaitable[Client]]
READY = StateEntered(State.READY, "ready", "1001")
OFF = StateEntered(State.LOGGED_OFF, "sign_out", "1001")


async def compare(client: Client, *sessions: str, witness: Witness | None = None) -> Compared:
    reply = await client.request(Compare(client.next_id(), sessions, witness))
    assert isinstance(reply, Compared)
    return reply


async def claim(client: Client, *sessions: str) -> dict[str, str]:
    """What was refused."""
    reply = await client.request(Claim(client.next_id(), sessions))
    assert isinstance(reply, Claimed)
    return reply.refused


async def test_marks_are_told_of_this_desks_sessions_only(
    signed_in: SignedIn, desks: Desks, url: str
) -> None:
    one, other = await signed_in("1001"), await signed_in("1002")
    await one.record(READY, READY, READY)
    await other.record(READY)
    again = await desks(url, one.key)
    compared = await compare(again, one.session, other.session, "unheard-of")
    assert compared.marks == {one.session: 3}
    assert compared.witness is None
    assert (await compare(again)).marks == {}
    begun = await signed_in("1001")
    assert (await compare(begun, begun.session)).marks == {begun.session: 0}


async def test_the_witness_of_an_ack_is_looked_up_in_the_chain(signed_in: SignedIn) -> None:
    client = await signed_in("1001")
    ack = await client.record(READY)
    seen = [
        (await compare(client, witness=witness)).witness
        for witness in (
            Witness(ack.position, ack.head),
            Witness(ack.position, "00"),
            Witness(ack.position + 1, ack.head),
            Witness(0, ack.head),
        )
    ]
    assert seen == [
        WitnessSeen.SAME,
        WitnessSeen.DIFFERENT,
        WitnessSeen.MISSING,
        WitnessSeen.DIFFERENT,
    ]


async def test_a_claimed_session_is_recorded_and_moves_nobody(
    signed_in: SignedIn, data: Path
) -> None:
    agent, client = await signed_in("1001"), await signed_in("3001")
    lead = await Lead(client).subscribe()
    await agent.record(READY)
    await lead.until("1001", lambda row: row.state is State.READY)
    with pytest.raises(Refused, match="not_your_session"):
        await agent.append((), "offline")
        await agent.acked(0)
    await claim(agent, "offline", "empty", "offline")
    await agent.append(records(SessionProvisional("boot"), READY, OFF), "offline")
    await agent.acked(3)
    await agent.record(StateEntered(State.NOT_READY, "break", "1001"), first=2)
    row = await lead.until("1001", lambda row: row.state is not State.READY)
    assert row.state is State.NOT_READY
    marks = (await compare(agent, "offline", "empty")).marks
    assert marks == {"offline": 3, "empty": 0}
    verify(data)


async def test_a_session_of_somebody_else_is_not_claimed_and_holds_back_no_other(
    signed_in: SignedIn, data: Path
) -> None:
    one, other = await signed_in("1001"), await signed_in("1002")
    await other.record(READY)
    refused = await claim(one, "before", other.session, "after")
    assert refused == {other.session: "not_your_session"}
    for session in ("before", "after"):
        await one.append(records(SessionProvisional("boot"), OFF), session)
        assert (await one.acked(2)).session == session
    await one.append(records(OFF, first=2), other.session)
    assert (await one.error()).code == "not_your_session"
    await other.record(OFF, first=2)
    verify(data)


async def test_a_desk_that_was_enrolled_again_delivers_what_it_owes(
    signed_in: SignedIn, desks: Desks, url: str, data: Path
) -> None:
    before = await signed_in("1001")
    await before.record(READY)
    again = await desks(url)
    await again.resume(make_token(data, again.key.desk, "1001"), "after")
    await claim(again, before.session)
    await again.append(records(READY, OFF, first=1), before.session)
    assert (await again.acked(2)).session == before.session
    verify(data)


async def test_what_is_claimed_is_bounded(signed_in: SignedIn, desks: Desks, url: str) -> None:
    client = await signed_in("1001")
    sessions = [f"s-{number}" for number in range(MAX_COMPARED + 1)]
    for ask in (claim, compare):
        with pytest.raises(Refused, match="malformed_message"):
            await ask(client, *sessions)
        with pytest.raises(Refused, match="malformed_message"):
            await ask(client, "no session!")
    with pytest.raises(Refused, match="too_many_requests"):
        for number in range(1000):
            await claim(client, f"s-{number}")
    nobody = await desks(url)
    await compare(nobody)
    with pytest.raises(Refused, match="sign_in_expected"):
        await claim(nobody, "a")


async def test_a_session_that_began_without_the_service_is_signed_in_as_any_other(
    desks: Desks, url: str, signed_in: SignedIn, data: Path
) -> None:
    lead = await Lead(await signed_in("3001")).subscribe()
    client = await desks(url)
    await client.sign_in("1001", PASSWORD, "provisional")
    await client.record(SessionProvisional("boot"), READY)
    row = await lead.until("1001", lambda row: row.state is State.READY)
    assert row.provisional
    verify(data)
