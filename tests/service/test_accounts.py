"""Desks and people: who is let in, with what, and who is not."""

import asyncio
import json
import re
import uuid
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from agent_service import bootstrap, database
from agent_service.accounts import codes, tokens
from agent_service.accounts.passwords import Passwords, hash_password
from agent_service.commands.accounts import make_codes
from agent_service.commands.ledger import verify
from agent_service.service import Service
from agent_service.settings import SignIn, Sip
from protocol.facts.agent import State, StateEntered
from protocol.wire import session as wire
from protocol.wire.errors import Refused
from protocol.wire.session import Person, Role, SipAccount
from tests.service.client import Client, DeskKey, desk
from tests.service.conftest import PASSWORD, SETTINGS, Serve, SignedIn, make_token, with_site
from tests.service.operator import Operator
from tests.service.people import hire

Desks = Callable[..., Awaitable[Client]]
NOT_READY = StateEntered(State.NOT_READY, "sign_in", "1001")
SIGNED_OFF = StateEntered(State.LOGGED_OFF, "sign_out", "1001")


async def test_a_code_enrols_one_desk_once(url: str, data: Path) -> None:
    code = make_codes(data, 1, 1)[0]
    async with await Client.open(url) as client:
        await client.hello()
        await client.enrol(code.lower().replace("-", " "))
        await client.present()
    async with await Client.open(url) as client:
        await client.hello()
        with pytest.raises(Refused, match="bad_enrolment_code"):
            await client.enrol(code)


async def test_a_desk_that_is_known_keeps_its_key_and_leaves_the_code_for_another(
    signed_in: SignedIn, url: str, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    client, code = await signed_in("1001"), make_codes(data, 1, 1)[0]
    before = client.key.desk
    with pytest.raises(Refused, match="already_enrolled"):
        await client.enrol(code)
    await client.record(NOT_READY)
    async with await Client.open(url) as other:
        await other.hello()
        await other.enrol(code, "second\x1b[2J")
    told = [
        (record.message, record.__dict__["fields"].get("desk"), record.__dict__["fields"]["name"])
        for record in caplog.records
        if "enrol" in record.message
    ]
    assert told == [
        ("desk_enrolled", before, "desk"),
        ("enrolment_refused", before, "desk"),
        ("desk_enrolled", other.key.desk, "second\\u{1b}[2J"),
    ]


async def test_an_operator_sees_every_desk_and_who_is_signed_in_there(
    signed_in: SignedIn, desks: Desks, url: str, data: Path, operator: Operator
) -> None:
    one, two = await signed_in("1001", name="east"), await desks(url, name="east")
    three = await desks(url, name="a\tb")
    code, out, err = operator.run("desk", "list", "--data", str(data))
    assert (code, err) == (0, "")
    lines = [line.split("\t") for line in out.splitlines()]
    assert [line[0] for line in lines] == ["a\\u{9}b", "east", "east"]
    assert [line[2:] for line in lines] == [
        [three.key.desk, ""],
        [one.key.desk, "1001"],
        [two.key.desk, ""],
    ]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", line[1]) for line in lines)
    listed = json.loads(operator.run("desk", "list", "--json", "--data", str(data))[1])
    assert [each["people"] for each in listed] == [[], ["1001"], []]


async def test_a_desks_name_can_not_steer_anybodys_terminal(url: str, data: Path) -> None:
    async with await Client.open(url) as client:
        await client.hello()
        code, key = make_codes(data, 1, 1)[0], DeskKey().public_key
        await client.request(wire.Enrol(client.next_id(), code, key, "\x1b[2J" * 20))
    with closing(database.open_reader(data / database.FILE)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM desk")]
    assert len(names[0]) == 64
    assert names[0].isprintable()


async def test_a_desk_that_did_not_hear_the_answer_asks_again_with_its_key_and_is_the_same(
    url: str, data: Path
) -> None:
    code, key = make_codes(data, 1, 1)[0], DeskKey()
    named = []
    for _ in range(2):
        async with await Client.open(url, key) as client:
            await client.hello()
            await client.enrol(code)
            named.append(key.desk)
            await client.present()
    assert named[0] == named[1]
    with closing(database.open_reader(data / database.FILE)) as connection:
        assert connection.execute("SELECT count(*) FROM desk").fetchone() == (1,)


@pytest.mark.parametrize("code", ["", "AAAA-BBBB-CCCC", "'; DROP TABLE desk; --", "x" * 10_000])
async def test_a_code_that_was_never_made_enrols_nobody(url: str, code: str) -> None:
    async with await Client.open(url) as client:
        await client.hello()
        with pytest.raises(Refused, match="bad_enrolment_code"):
            await client.enrol(code)


async def test_an_expired_code_enrols_nobody(url: str, data: Path) -> None:
    code = make_codes(data, 1, 0)[0]
    async with await Client.open(url) as client:
        await client.hello()
        with pytest.raises(Refused, match="bad_enrolment_code"):
            await client.enrol(code)


async def test_two_desks_with_one_code_at_once_are_one_desk(url: str, data: Path) -> None:
    code = make_codes(data, 1, 1)[0]
    async with await Client.open(url) as one, await Client.open(url) as other:
        await asyncio.gather(one.hello(), other.hello())
        outcomes = await asyncio.gather(one.enrol(code), other.enrol(code), return_exceptions=True)
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 1


async def test_a_code_is_not_used_up_by_what_is_no_key(url: str, data: Path) -> None:
    code = make_codes(data, 1, 1)[0]
    async with await Client.open(url) as client:
        await client.hello()
        with pytest.raises(Refused, match="bad_desk_proof"):
            await client.request(wire.Enrol(client.next_id(), code, "ab", "desk"))
        await client.enrol(code)


@pytest.mark.parametrize("proof", ["", "zz", "00" * 64, "00" * 1000])
async def test_a_proof_that_is_none_is_refused(url: str, signed_in: SignedIn, proof: str) -> None:
    known = await signed_in("1001")
    async with await Client.open(url, known.key) as client:
        await client.hello()
        with pytest.raises(Refused, match="bad_desk_proof"):
            await client.present(proof)
        await client.present()


async def test_a_proof_is_good_for_its_own_connection_and_desk_only(
    url: str, signed_in: SignedIn
) -> None:
    one, other = await signed_in("1001"), await signed_in("1002")
    async with await Client.open(url, one.key) as client:
        await client.hello()
        for proof, name in (
            (one.key.proof(one.welcome.nonce), one.key.desk),
            (one.key.proof(client.welcome.nonce, other.key.desk), other.key.desk),
            (one.key.proof(client.welcome.nonce, one.key.desk), other.key.desk),
            (one.key.proof(client.welcome.nonce, "nobody"), "nobody"),
        ):
            with pytest.raises(Refused, match="bad_desk_proof"):
                await client.present(proof, name)


async def test_signing_in_tells_who_one_is_and_what_the_phone_needs(
    serve: Serve, desks: Desks
) -> None:
    settings = msgspec.structs.replace(SETTINGS, sip=Sip("pbx.example:5060", "tcp"))
    async with serve(with_site(settings, zone="Europe/Berlin")) as service:
        client = await desks(service.server.address)
        await client.sign_in("1001", PASSWORD)
    told = client.signed_in
    assert (told.person.number, told.person.name, told.person.team) == ("1001", "王芳", "A")
    assert told.person.roles == (Role.AGENT,)
    assert told.sip == SipAccount("1001", "pbx.example:5060", "sip secret", "tcp")
    assert told.limits == SETTINGS.state
    assert told.zone == "Europe/Berlin"


async def test_a_lead_has_no_phone(signed_in: SignedIn) -> None:
    client = await signed_in("2001")
    assert client.signed_in.sip is None


async def test_wrong_password_and_unknown_number_are_the_same_answer(
    url: str, desks: Desks
) -> None:
    client = await desks(url)
    for agent, password in (("1001", "wrong password"), ("9999", PASSWORD), ("", "")):
        with pytest.raises(Refused) as refused:
            await client.sign_in(agent, password)
        assert (refused.value.code, refused.value.params) == ("bad_credentials", {})


async def test_an_unknown_number_costs_as_much_as_a_wrong_password() -> None:
    passwords = Passwords()
    calls: list[str] = []
    verify = passwords._hasher.verify

    class Noting:
        def verify(self, password_hash: str, password: str) -> bool:
            calls.append(password_hash.rsplit("$", 2)[0])
            return verify(password_hash, password)

    hashed = passwords._hasher.hash("another password")
    passwords._hasher = Noting()  # type: ignore[assignment]  # only `verify` is used
    assert not await passwords.fits(PASSWORD, None)
    assert not await passwords.fits(PASSWORD, hashed)
    assert calls == [hashed.rsplit("$", 2)[0]] * 2
    passwords.stop()


async def test_after_some_wrong_passwords_even_the_right_one_waits(
    serve: Serve, desks: Desks
) -> None:
    settings = msgspec.structs.replace(SETTINGS, sign_in=SignIn(attempts=2, wait_s=60))
    async with serve(settings) as service:
        client = await desks(service.server.address)
        for _ in range(2):
            with pytest.raises(Refused, match="bad_credentials"):
                await client.sign_in("1001", "wrong password")
        with pytest.raises(Refused) as refused:
            await client.sign_in("1001", PASSWORD)
        assert refused.value.code == "too_many_attempts"
        assert 55 <= int(refused.value.params["wait_s"]) <= 60
        elsewhere = await desks(service.server.address)
        with pytest.raises(Refused, match="too_many_attempts"):
            await elsewhere.sign_in("1001", PASSWORD)
        with pytest.raises(Refused, match="too_many_attempts"):
            await client.sign_in("1002", PASSWORD)
        await elsewhere.sign_in("1002", PASSWORD)


async def test_a_session_is_named_sensibly(url: str, signed_in: SignedIn) -> None:
    client = await signed_in("1001")
    with pytest.raises(Refused, match="malformed_message"):
        await client.resume(client.signed_in.token, "not a session")


async def test_a_token_brings_back_the_same_session_and_a_new_one(
    signed_in: SignedIn, desks: Desks, url: str
) -> None:
    client = await signed_in("1001")
    token = client.signed_in.token
    await client.record(NOT_READY)
    await client.cut()
    again = await desks(url, client.key)
    await again.resume(token, client.session)
    await again.record(SIGNED_OFF, first=2)
    restarted = await desks(url, client.key)
    await restarted.resume(token, str(uuid.uuid4()))
    assert (await restarted.record(NOT_READY)).upto == 1


async def test_a_token_is_worth_nothing_made_up_expired_or_at_another_desk(
    signed_in: SignedIn, desks: Desks, url: str, data: Path
) -> None:
    client = await signed_in("1001")
    other = await desks(url)
    await refuse_token(other, "00" * 32)
    await refuse_token(other, "")
    await refuse_token(other, client.signed_in.token)
    with closing(database.open_writer(data / database.FILE)) as opened, opened.atomic():
        past_ms = bootstrap.now_ms() - 1
        expired = tokens.issue(opened.conn, other.key.desk, "1001", past_ms)
    await refuse_token(other, expired)


async def test_signing_out_ends_the_token(signed_in: SignedIn, desks: Desks, url: str) -> None:
    client = await signed_in("1001")
    await client.request(wire.SignOut(client.next_id()))
    with pytest.raises(Refused, match="sign_in_expected"):
        await client.request(wire.SignOut(client.next_id()))
    await refuse_token(await desks(url, client.key), client.signed_in.token)


async def refuse_token(client: Client, token: str) -> None:
    with pytest.raises(Refused, match="bad_token"):
        await client.resume(token, str(uuid.uuid4()))


async def test_tokens_and_codes_are_not_on_the_disk_as_they_are(
    signed_in: SignedIn, data: Path
) -> None:
    code = make_codes(data, 1, 1)[0]
    client = await signed_in("1001")
    on_disk = b"".join(path.read_bytes() for path in data.iterdir())
    for secret in (code, code.replace("-", ""), client.signed_in.token, PASSWORD):
        assert secret.encode() not in on_disk
    assert bytes.fromhex(client.signed_in.token) not in on_disk


async def test_another_persons_session_can_not_be_taken_up(
    signed_in: SignedIn, url: str, desks: Desks, data: Path
) -> None:
    client = await signed_in("1001")
    same_desk = await desks(url, client.key)
    token = make_token(data, client.key.desk, "1002")
    with pytest.raises(Refused, match="not_your_session"):
        await same_desk.resume(token, client.session)


async def test_a_session_that_was_followed_by_another_is_over(
    signed_in: SignedIn, url: str, desks: Desks
) -> None:
    client = await signed_in("1001")
    again = await desks(url, client.key)
    await again.resume(client.signed_in.token, str(uuid.uuid4()))
    with pytest.raises(Refused, match="not_your_session"):
        await again.resume(client.signed_in.token, client.session)


async def test_nobody_signs_in_at_two_desks(signed_in: SignedIn, url: str, desks: Desks) -> None:
    client = await signed_in("1001", name="window 7")
    await client.record(NOT_READY)
    other = await desks(url)
    with pytest.raises(Refused) as refused:
        await other.sign_in("1001", PASSWORD)
    assert refused.value.code == "signed_in_elsewhere"
    assert refused.value.params == {"desk": "window 7"}
    assert (await client.record(SIGNED_OFF, first=2)).upto == 2
    await other.sign_in("1001", PASSWORD)
    await refuse_token(await desks(url, client.key), client.signed_in.token)


async def test_a_desk_that_is_not_heard_is_taken_over_and_still_delivers(
    serve: Serve, desks: Desks, data: Path
) -> None:
    async with serve(with_site(SETTINGS, offline_after_s=0.3)) as service:
        url = service.server.address
        client = await desks(url)
        await client.resume(make_token(data, client.key.desk, "1001"), "old-session")
        await client.record(NOT_READY)
        await client.cut()
        other = await desks(url)
        await wait_until_taken_over(other)
        await refuse_token(await desks(url, client.key), client.signed_in.token)
        courier = await desks(url, client.key)
        courier.session = client.session
        assert (await courier.record(SIGNED_OFF, first=2)).upto == 2
    verify(data)


async def wait_until_taken_over(client: Client) -> None:
    """Sign in again and again until the other desk is taken for lost."""
    async with asyncio.timeout(5):
        while not await _signs_in(client):
            await asyncio.sleep(0.05)


async def _signs_in(client: Client) -> bool:
    try:
        await client.sign_in("1001", PASSWORD)
    except Refused as refused:
        assert refused.code == "signed_in_elsewhere"
        return False
    return True


async def test_signing_in_again_at_the_same_desk_ends_the_older_connection(
    signed_in: SignedIn, url: str, desks: Desks
) -> None:
    client = await signed_in("1001", name="window 7")
    await client.record(NOT_READY)
    again = await desks(url, client.key)
    await again.sign_in("1001", PASSWORD, client.session)
    assert await client.error() == wire.Error("signed_in_elsewhere", {"desk": "window 7"})
    assert (await client.closed())[0] == 1008
    await refuse_token(again, client.signed_in.token)


async def test_a_password_is_never_in_the_log(
    url: str, desks: Desks, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    client = await desks(url)
    with pytest.raises(Refused):
        await client.sign_in("1001", "a wrong secret")
    await client.sign_in("1001", PASSWORD)
    assert "a wrong secret" not in caplog.text
    assert PASSWORD not in caplog.text
    assert client.signed_in.token not in caplog.text


def test_codes_can_be_typed(data: Path) -> None:
    made = make_codes(data, 20, 1)
    assert len(set(made)) == 20
    for code in made:
        assert [len(group) for group in code.split("-")] == [4, 4, 4]
        assert set(code) - {"-"} <= set(codes.ALPHABET)


async def test_somebody_added_meanwhile_signs_in(
    service: Service, url: str, desks: Desks, data: Path
) -> None:
    client = await desks(url, DeskKey())
    hire(data, [Person("1009", "New", (Role.AGENT,))], hash_password(PASSWORD))
    await client.sign_in("1009", PASSWORD)
    assert client.signed_in.person.name == "New"
    async with desk(url, client.key) as other:
        assert other.welcome.ledger == client.welcome.ledger
