"""Signing in at another desk: asked for by name, and the old desk loses nothing."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from agent_service.commands.ledger import verify
from agent_service.service import Service
from protocol.facts.agent import Reason, State, StateEntered
from protocol.wire.errors import Refused
from tests.service.client import Client
from tests.service.conftest import PASSWORD, SignedIn
from tests.service.lead import Lead

Desks = Callable[..., Awaitable[Client]]
READY = StateEntered(State.READY, "ready", "1001")
MEAL = StateEntered(State.NOT_READY, "break", "1001", Reason.MEAL)


async def test_a_take_over_shows_the_other_desk_out(
    signed_in: SignedIn, url: str, desks: Desks
) -> None:
    old = await signed_in("1001", name="window 7")
    await old.record(READY)
    new = await desks(url, name="window 8")
    with pytest.raises(Refused) as refused:
        await new.sign_in("1001", PASSWORD)
    assert (refused.value.code, refused.value.params) == (
        "signed_in_elsewhere",
        {"desk": "window 7"},
    )
    await new.sign_in("1001", PASSWORD, take_over=True)
    said = await old.error()
    assert (said.code, said.params) == ("signed_in_elsewhere", {"desk": "window 8"})
    assert (await old.closed())[0] == 1008


async def test_a_desk_that_was_away_is_told_that_it_was_taken_over(
    signed_in: SignedIn, url: str, desks: Desks
) -> None:
    old = await signed_in("1001", name="window 7")
    await old.record(READY)
    await old.cut()
    new = await desks(url, name="window 8")
    await new.sign_in("1001", PASSWORD, take_over=True)
    back = await desks(url, old.key)
    with pytest.raises(Refused) as refused:
        await back.resume(old.signed_in.token, old.session)
    assert (refused.value.code, refused.value.params) == (
        "signed_in_elsewhere",
        {"desk": "window 8"},
    )
    with pytest.raises(Refused, match="bad_token"):
        await new.resume(old.signed_in.token, new.session)


async def test_facts_of_the_old_desk_are_kept_and_not_folded(
    signed_in: SignedIn, url: str, desks: Desks, data: Path
) -> None:
    lead = await Lead(await signed_in("3001")).subscribe()
    old = await signed_in("1001")
    await old.record(READY)
    new = await desks(url)
    await new.sign_in("1001", PASSWORD, take_over=True)
    await new.record(READY)
    courier = await desks(url, old.key)
    courier.session = old.session
    assert (await courier.record(MEAL, first=2)).upto == 2
    await new.record(StateEntered(State.TALK, "call_answered", "1001", None, "c1"), first=2)
    row = await lead.until("1001", lambda row: row.state is State.TALK)
    assert row.reason is None
    states = [batch_row.reason for batch in lead.batches for batch_row in batch.rows]
    assert Reason.MEAL not in states
    verify(data)


async def test_a_take_over_with_a_wrong_password_disturbs_nobody(
    service: Service, signed_in: SignedIn, url: str, desks: Desks
) -> None:
    old = await signed_in("1001")
    await old.record(READY)
    new = await desks(url)
    with pytest.raises(Refused, match="bad_credentials"):
        await new.sign_in("1001", "a wrong password", take_over=True)
    assert (await old.record(MEAL, first=2)).upto == 2
