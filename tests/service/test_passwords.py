"""First passwords, changed ones, forgotten ones: who is asked for another, who gets a code, and
what every wrong try costs."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from websockets.frames import CloseCode

from agent_service import database
from agent_service.accounts.passwords import hash_password
from agent_service.commands.ledger import verify
from agent_service.ledger import replay
from agent_service.service import Service
from agent_service.settings import SignIn
from protocol.facts.agent import State, StateEntered
from protocol.facts.staff import PasswordSet, ResetCodeIssued
from protocol.wire import session as wire
from protocol.wire.errors import Refused
from protocol.wire.session import Person, Role
from tests.service.client import LIMIT_S, Client
from tests.service.conftest import PASSWORD, SETTINGS, Serve, SignedIn, make_token
from tests.service.operator import Operator
from tests.service.people import disable, hire

Desks = Callable[..., Awaitable[Client]]
FIRST = "chosen by the operator"
NEW = "chosen by oneself"
READY = StateEntered(State.READY, "ready", "1001")


async def until(wanted: Callable[[], bool]) -> None:
    async with asyncio.timeout(LIMIT_S):
        while not wanted():
            await asyncio.sleep(0)


@pytest.fixture(scope="session")
def first_hash() -> str:
    return hash_password(FIRST)


@pytest.fixture
def newcomer(data: Path, first_hash: str) -> str:
    """Somebody who has not signed in yet."""
    hire(data, [Person("1009", "New", (Role.AGENT,), "A")], first_hash, to_be_changed=True)
    return "1009"


def facts_of(data: Path, agent: str) -> list[object]:
    with closing(database.open_reader(data / database.FILE)) as connection:
        facts = [replay.fact_of(entry) for entry in replay.entries(connection)]
    return [fact for fact in facts if getattr(fact, "agent", "") == agent]


async def refused(client: Client, *arguments: str, **options: str) -> str:
    """The code with which a sign-in is refused."""
    with pytest.raises(Refused) as refusal:
        await client.sign_in(*arguments, **options)
    return refusal.value.code


async def reset(lead: Client, agent: str) -> wire.ResetCode:
    reply = await lead.request(wire.ResetPassword(lead.next_id(), agent))
    assert isinstance(reply, wire.ResetCode)
    return reply


async def change(client: Client, old: str, new: str) -> None:
    await client.request(wire.ChangePassword(client.next_id(), old, new))


async def test_a_first_password_has_to_be_changed_and_only_its_owner_is_told(
    newcomer: str, url: str, desks: Desks, data: Path
) -> None:
    client = await desks(url)
    assert await refused(client, newcomer, "a wrong password") == "bad_credentials"
    assert await refused(client, newcomer, "a wrong password", new_password=NEW) == (
        "bad_credentials"
    )
    assert await refused(client, newcomer, FIRST) == "password_change_needed"
    assert await refused(client, newcomer, FIRST, new_password="short") == "password_too_short"
    assert await refused(client, newcomer, FIRST, new_password=FIRST) == "password_not_new"
    long = "x" * 1025
    assert await refused(client, newcomer, FIRST, new_password=long) == "password_too_long"
    await client.sign_in(newcomer, FIRST, new_password=NEW)
    assert facts_of(data, newcomer)[-1] == PasswordSet(newcomer, newcomer)
    again = await desks(url, client.key)
    assert await refused(again, newcomer, FIRST) == "bad_credentials"
    await again.sign_in(newcomer, NEW)
    verify(data)


async def test_a_final_password_need_not_be_changed(url: str, desks: Desks) -> None:
    client = await desks(url)
    await client.sign_in("1001", PASSWORD)


async def test_one_changes_ones_own_password_and_stays_signed_in(
    signed_in: SignedIn, url: str, desks: Desks, data: Path
) -> None:
    client = await signed_in("1001")
    with pytest.raises(Refused, match="bad_credentials"):
        await change(client, "a wrong password", NEW)
    with pytest.raises(Refused, match="password_not_new"):
        await change(client, PASSWORD, PASSWORD)
    await change(client, PASSWORD, NEW)
    await client.record(READY)
    again = await desks(url, client.key)
    await again.resume(client.signed_in.token, client.session)
    assert await refused(again, "1001", PASSWORD) == "bad_credentials"
    await again.sign_in("1001", NEW)
    assert facts_of(data, "1001").count(PasswordSet("1001", "1001")) == 1


async def test_changing_a_password_is_tried_a_few_times_only(serve: Serve, desks: Desks) -> None:
    settings = msgspec.structs.replace(SETTINGS, sign_in=SignIn(attempts=2, wait_s=60))
    async with serve(settings) as service:
        client = await desks(service.server.address)
        await client.sign_in("1001", PASSWORD)
        for _ in range(2):
            with pytest.raises(Refused, match="bad_credentials"):
                await change(client, "a wrong password", NEW)
        with pytest.raises(Refused, match="too_many_attempts"):
            await change(client, PASSWORD, NEW)


async def test_a_code_stands_for_a_forgotten_password_once(
    signed_in: SignedIn, url: str, desks: Desks, data: Path
) -> None:
    lead, client = await signed_in("2001"), await desks(url)
    given = await reset(lead, "1001")
    assert await refused(client, "1001", given.code) == "password_change_needed"
    assert await refused(client, "1001", given.code, new_password=PASSWORD) == "password_not_new"
    typed = given.code.lower().replace("-", " ")
    await client.sign_in("1001", typed, new_password=NEW)
    again = await desks(url, client.key)
    assert await refused(again, "1001", given.code, new_password=NEW) == "bad_credentials"
    await again.sign_in("1001", NEW)
    issued = facts_of(data, "1001")
    assert ResetCodeIssued("1001", "2001", given.expires_ms) in issued
    assert issued.count(PasswordSet("1001", "1001")) == 1
    on_disk = b"".join(path.read_bytes() for path in data.iterdir())
    assert given.code.encode() not in on_disk
    assert given.code.replace("-", "").encode() not in on_disk


async def test_a_reset_ends_what_was_signed_in_but_not_the_old_password(
    signed_in: SignedIn, url: str, desks: Desks
) -> None:
    lead, client = await signed_in("2001"), await signed_in("1001")
    given = await reset(lead, "1001")
    assert (await client.error()).code == "bad_token"
    assert (await client.closed())[0] == CloseCode.POLICY_VIOLATION
    again = await desks(url, client.key)
    with pytest.raises(Refused, match="bad_token"):
        await again.resume(client.signed_in.token, client.session)
    newer = await reset(lead, "1001")
    assert await refused(again, "1001", given.code, new_password=NEW) == "bad_credentials"
    await again.sign_in("1001", PASSWORD, client.session)
    await again.record(READY)
    assert newer.code != given.code


async def test_a_command_that_sets_a_password_ends_the_connection_of_whoever_has_it(
    signed_in: SignedIn, operator: Operator, data: Path
) -> None:
    client, other = await signed_in("1001"), await signed_in("1002")
    command = ("user", "password", "1001", "--password-stdin", "--data", str(data))
    assert operator.run(*command, given=f"{NEW}\n")[0] == 0
    assert (await client.error()).code == "bad_token"
    await client.closed()
    await other.record(READY)
    verify(data)


async def test_whoever_is_just_signing_in_when_sign_ins_end_is_not_let_in(
    signed_in: SignedIn, service: Service, desks: Desks, data: Path
) -> None:
    lead, client = await signed_in("2001"), await desks(service.server.address)
    token = make_token(data, client.key.desk, "1001")
    gate = threading.Event()
    held = asyncio.create_task(service.writer.run(lambda _: gate.wait(LIMIT_S)))
    await client.send(wire.Resume(client.next_id(), token, "session"))
    await until(lambda: service.writer.waiting >= 1)
    await lead.send(wire.ResetPassword(lead.next_id(), "1001"))
    await until(lambda: service.writer.waiting >= 2)
    gate.set()
    await held
    assert (await client.error()).code == "bad_token"
    assert service.connections.signed_in == 1


async def test_a_password_that_is_being_changed_when_sign_ins_end_stays_and_so_does_the_code(
    signed_in: SignedIn, service: Service, desks: Desks
) -> None:
    lead, client = await signed_in("2001"), await signed_in("1001")
    gate = threading.Event()
    held = asyncio.create_task(service.writer.run(lambda _: gate.wait(LIMIT_S)))
    await lead.send(wire.ResetPassword(lead.next_id(), "1001"))
    await until(lambda: service.writer.waiting >= 1)
    await client.send(wire.ChangePassword(client.next_id(), PASSWORD, "a thief's choice"))
    await until(lambda: service.writer.waiting >= 2)
    gate.set()
    await held
    given = await lead.take(lambda reply: isinstance(reply, wire.ResetCode))
    assert isinstance(given, wire.ResetCode)
    assert (await client.error()).code == "bad_token"
    again = await desks(service.server.address, client.key)
    assert await refused(again, "1001", "a thief's choice") == "bad_credentials"
    await again.sign_in("1001", given.code, new_password=NEW)


async def test_codes_are_given_out_so_often_and_no_more(signed_in: SignedIn) -> None:
    lead = await signed_in("2001")
    with pytest.raises(Refused, match="too_many_requests"):
        for _ in range(1000):
            await reset(lead, "1001")


async def test_a_changed_password_ends_a_code_that_was_given_out(
    signed_in: SignedIn, url: str, desks: Desks
) -> None:
    lead, client = await signed_in("3001"), await desks(url)
    given = await reset(lead, "1001")
    await client.sign_in("1001", PASSWORD)
    await change(client, PASSWORD, NEW)
    other = await desks(url, client.key)
    assert await refused(other, "1001", given.code, new_password=PASSWORD) == "bad_credentials"


@pytest.mark.parametrize(
    ("lead", "agent", "code"),
    [
        ("2001", "2001", "own_order"),
        ("2001", "1002", "not_permitted"),
        ("2001", "1003", "not_permitted"),
        ("2001", "3001", "not_permitted"),
        ("2002", "1003", "not_permitted"),
        ("3001", "admin", "not_permitted"),
        ("1001", "1002", "not_permitted"),
        ("3001", "9999", "unknown_agent"),
        ("3001", "x" * 10_000, "unknown_agent"),
    ],
)
async def test_who_may_not_help_gets_no_code(
    signed_in: SignedIn, lead: str, agent: str, code: str
) -> None:
    client = await signed_in(lead)
    with pytest.raises(Refused) as refusal:
        await reset(client, agent)
    assert refusal.value.code == code


async def test_codes_are_guessed_a_few_times_only(serve: Serve, desks: Desks) -> None:
    settings = msgspec.structs.replace(SETTINGS, sign_in=SignIn(attempts=2, wait_s=60))
    async with serve(settings) as service:
        lead = await desks(service.server.address)
        await lead.sign_in("2001", PASSWORD)
        given = await reset(lead, "1001")
        client = await desks(service.server.address)
        for _ in range(2):
            wrong = await refused(client, "1001", "AAAA-BBBB-CCCC", new_password=NEW)
            assert wrong == "bad_credentials"
        tried = await refused(client, "1001", given.code, new_password=NEW)
        assert tried == "too_many_attempts"


async def test_who_is_closed_is_told_so_only_with_the_right_password(
    url: str, desks: Desks, data: Path
) -> None:
    client = await desks(url)
    disable(data, "1001")
    assert await refused(client, "1001", "a wrong password") == "bad_credentials"
    assert await refused(client, "1001", PASSWORD) == "disabled"


async def test_a_password_in_the_wrong_field_is_not_logged(
    url: str, desks: Desks, caplog: pytest.LogCaptureFixture
) -> None:
    client = await desks(url)
    assert await refused(client, PASSWORD, "1001") == "bad_credentials"
    assert await refused(client, "1001", NEW) == "bad_credentials"
    told = [record.__dict__["fields"]["agent"] for record in caplog.records]
    assert told == [None, "1001"]


async def test_secrets_are_never_in_the_log(
    signed_in: SignedIn, url: str, desks: Desks, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    lead, client = await signed_in("2001"), await desks(url)
    given = await reset(lead, "1001")
    await client.sign_in("1001", given.code, new_password=NEW)
    await change(client, NEW, PASSWORD)
    said = caplog.text + "".join(str(record.__dict__) for record in caplog.records)
    for secret in (given.code, NEW, PASSWORD, client.signed_in.token):
        assert secret not in said
