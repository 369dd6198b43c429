"""Facts in, acks out: in order, once, and only when they are on the disk."""

import asyncio
import json
import sqlite3
import uuid
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from agent_service import database
from agent_service.commands.ledger import verify
from agent_service.ledger import replay
from agent_service.ledger.append import Appender, Batch, Clock
from agent_service.ledger.handlers import AppendJob
from agent_service.service import Service
from agent_service.session import Conversation
from protocol.facts.agent import AcwExtended, DeskLocked, State, StateEntered
from protocol.facts.call import CallMuted, DigitsSent
from protocol.facts.order import OrderOutcome, OrderSettled
from protocol.facts.record import AnyFact, Record
from protocol.facts.session import (
    ExchangeTold,
    FactsLost,
    LinkLost,
    PhoneDown,
    PhoneUp,
    SessionProvisional,
)
from protocol.facts.wrap_up import CallBackSettled
from protocol.wire import sync
from protocol.wire.errors import Refused
from protocol.wire.session import Error
from tests.service.client import Client, DeskKey, records
from tests.service.conftest import STARTED, Serve, SignedIn, make_token
from tests.service.operator import Operator
from tests.service.test_metrics import scrape

READY = StateEntered(State.READY, "ready", "1001")
MUTED = CallMuted("c1", True)


def stored(data: Path, session: str) -> list[tuple[int, str]]:
    """The numbers and kinds on the disk, in the ledger's order."""
    with closing(database.open_reader(data / database.FILE)) as connection:
        return [
            (entry.seq, entry.kind)
            for entry in replay.entries(connection)
            if entry.session == session
        ]


async def test_an_ack_covers_all_facts_of_a_batch_and_names_the_head(
    signed_in: SignedIn, data: Path
) -> None:
    client = await signed_in("1001")
    ack = await client.record(PhoneUp("sip:1001@127.0.0.1"), READY, MUTED)
    assert (ack.session, ack.upto) == (client.session, 3)
    assert [seq for seq, _ in stored(data, client.session)] == [1, 2, 3]
    head = verify(data)
    assert (ack.position, ack.head) == (head.position, head.hash.hex())


async def test_a_resend_is_acknowledged_and_not_stored_again(
    signed_in: SignedIn, data: Path
) -> None:
    client = await signed_in("1001")
    await client.record(READY, MUTED)
    again = await client.record(READY, MUTED)
    overlapping = await client.record(MUTED, MUTED, first=2)
    assert (again.upto, overlapping.upto) == (2, 3)
    assert [seq for seq, _ in stored(data, client.session)] == [1, 2, 3]


async def test_an_older_resend_is_told_how_far_the_session_is(signed_in: SignedIn) -> None:
    client = await signed_in("1001")
    await client.record(READY, MUTED, MUTED)
    await client.append(records(READY))
    assert (await client.expect(sync.Ack)).upto == 3


def test_even_an_empty_batch_waits_for_room(monkeypatch: pytest.MonkeyPatch) -> None:
    owed: list[int] = []
    monkeypatch.setattr(Conversation, "owe", lambda peer, size: owed.append(size))
    peer = object.__new__(Conversation)
    appender = Appender("ledger", "own", Clock(lambda: 0, lambda: 0), ())
    AppendJob(peer, Batch("s", "d", 0, ()), appender)
    assert owed[0] > 0


async def test_an_empty_batch_asks_for_the_mark(signed_in: SignedIn) -> None:
    client = await signed_in("1001")
    await client.record(READY, MUTED)
    await client.append(())
    assert (await client.expect(sync.Ack)).upto == 2


async def test_a_gap_is_refused_with_the_number_expected(signed_in: SignedIn, data: Path) -> None:
    client = await signed_in("1001")
    await client.record(READY)
    await client.append(records(MUTED, first=3))
    error = await client.error()
    assert error == Error("sequence_gap", {"session": client.session, "expected": 2})
    await client.record(MUTED, MUTED, first=2)
    assert [seq for seq, _ in stored(data, client.session)] == [1, 2, 3]


@pytest.mark.parametrize("numbers", [(1, 3), (1, 1), (2, 1), (0, 1), (-5, -4)])
async def test_numbers_in_a_batch_follow_one_another(
    signed_in: SignedIn, data: Path, numbers: tuple[int, int]
) -> None:
    client = await signed_in("1001")
    first, second = (
        msgspec.structs.replace(record, seq=seq)
        for record, seq in zip(records(READY, MUTED), numbers, strict=True)
    )
    await client.append((first, second))
    assert (await client.error()).code == "sequence_gap"
    assert stored(data, client.session) == []


async def test_the_acks_of_batches_sent_without_waiting_reach_the_last(
    signed_in: SignedIn, data: Path
) -> None:
    client = await signed_in("1001")
    for seq in range(1, 201):
        await client.append(records(MUTED, first=seq))
    await client.acked(200)
    assert [seq for seq, _ in stored(data, client.session)] == list(range(1, 201))


async def test_many_seats_share_commits_and_each_gets_its_own_ack(
    signed_in: SignedIn, url: str, desks: Callable[..., Awaitable[Client]], data: Path
) -> None:
    first = await signed_in("1001")
    token = first.signed_in.token
    clients = [first]
    for _ in range(20):
        session = str(uuid.uuid4())
        client = await desks(url, first.key)
        clients.append(await client.resume(token, session))
    # One desk delivers the facts of all its sessions; the later ones took the earlier ones over.
    courier = await desks(url, first.key)
    for seq in range(1, 11):
        for client in clients:
            await courier.append(records(MUTED, first=seq), client.session)
    sessions = {client.session for client in clients}
    while sessions:
        ack = await courier.expect(sync.Ack)
        sessions -= {ack.session} if ack.upto == 10 else set()
    assert all(len(stored(data, client.session)) == 10 for client in clients)
    verify(data)


async def test_no_ack_comes_before_the_commit(signed_in: SignedIn, data: Path) -> None:
    client = await signed_in("1001")
    with closing(sqlite3.connect(data / database.FILE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await client.append(records(READY))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.expect(sync.Ack), 0.3)
        other.execute("ROLLBACK")
    assert (await client.acked(1)).upto == 1


async def test_a_database_that_refuses_acks_nothing_and_recovers_by_itself(
    service: Service, signed_in: SignedIn, data: Path
) -> None:
    client = await signed_in("1001")
    await client.record(READY)

    def fill(connection: sqlite3.Connection) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    await service.writer.run(fill)
    long = PhoneDown("x" * 300_000)
    await client.append(records(long, long, first=2))
    error = await client.error()
    assert error == Error("ledger_unavailable", {"session": client.session})
    assert [seq for seq, _ in stored(data, client.session)] == [1]
    await client.record(long, long, first=2)
    assert [seq for seq, _ in stored(data, client.session)] == [1, 2, 3]
    verify(data)


async def test_what_follows_a_lost_batch_is_a_gap_and_not_a_hole(
    service: Service, signed_in: SignedIn, data: Path
) -> None:
    client = await signed_in("1001")

    def fill(connection: sqlite3.Connection) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    await service.writer.run(fill)
    await client.append(records(PhoneDown("x" * 500_000)))
    assert (await client.error()).code == "ledger_unavailable"
    await client.append(records(MUTED, first=2))
    assert (await client.error()).params["expected"] == 1


@pytest.mark.parametrize(
    "body",
    [
        b'{"kind":"agent.state_entered","state":"NOWHERE","trigger":"x","actor":"y"}',
        b'{"kind":"phone.up"}',
        b'{"kind":"phone.up","address":"\xff"}',
        b'{"kind":"agent.unknown","text":"\xff"}',
        b'{"kind":7}',
        b"{}",
        b"[]",
        b'"fact"',
    ],
)
async def test_a_fact_that_can_not_be_read_is_kept_and_holds_back_nothing(
    signed_in: SignedIn,
    service: Service,
    operator: Operator,
    data: Path,
    caplog: pytest.LogCaptureFixture,
    body: bytes,
) -> None:
    client = await signed_in("1001")
    first, last = records(READY, MUTED)
    strange = [
        msgspec.structs.replace(first, seq=seq, body=msgspec.Raw(body)) for seq in range(2, 5)
    ]
    await client.append((first, *strange, msgspec.structs.replace(last, seq=5)))
    await client.acked(5)
    assert [seq for seq, _ in stored(data, client.session)] == [1, 2, 3, 4, 5]
    found = await scrape(service.server.address)
    assert found["seatline_facts_unreadable_total", ""] == 3
    told = [record for record in caplog.records if record.message == "fact_unreadable"]
    assert [record.__dict__["fields"]["seq"] for record in told] == [2]
    code, out, err = operator.run("verify", "--data", str(data))
    assert (code, err) == (0, "")
    (counted,) = json.loads(out)["unreadable"].values()
    assert counted == 3


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"kind":"phone.up"}', "phone.up"),
        (b'{"kind":7}', "unreadable"),
        (b'{"kind":""}', "unreadable"),
        (b'{"kind":"agent.%s"}' % (b"x" * 10_000), "unreadable"),
    ],
    ids=["known", "a number", "nothing", "endless"],
)
async def test_what_names_no_kind_is_kept_under_none(
    signed_in: SignedIn, data: Path, body: bytes, kind: str
) -> None:
    client = await signed_in("1001")
    await client.append((msgspec.structs.replace(records(READY)[0], body=msgspec.Raw(body)),))
    await client.acked(1)
    with closing(database.open_reader(data / database.FILE)) as connection:
        (kept,) = [each for each in replay.entries(connection) if each.session == client.session]
    assert (kept.kind, kept.payload) == (kind, body)
    verify(data)


@pytest.mark.parametrize("field", ["occurred_ms", "wall_ms", "mono_ms"])
async def test_a_number_that_no_disk_holds_is_refused(signed_in: SignedIn, field: str) -> None:
    client = await signed_in("1001")
    bad = msgspec.structs.replace(records(READY)[0], **{field: 1 << 63})
    await client.append((bad,))
    assert (await client.error()).code == "malformed_message"


async def test_a_kind_of_a_later_version_is_kept_as_it_came(
    signed_in: SignedIn, data: Path
) -> None:
    client = await signed_in("1001")
    body = b'{"later": [1, {"x": "\xe5\xb0\x8f"}],  "kind":"agent.of_tomorrow"}'
    envelope = msgspec.structs.replace(records(READY)[0], body=msgspec.Raw(body))
    await client.append((envelope,))
    await client.acked(1)
    with closing(database.open_reader(data / database.FILE)) as connection:
        kept = [entry for entry in replay.entries(connection) if entry.session == client.session]
    assert [(entry.kind, entry.payload) for entry in kept] == [("agent.of_tomorrow", body)]


@pytest.mark.parametrize(
    "body",
    [
        msgspec.json.encode(LinkLost("1002", "s", 1)),
        b'{"kind":"link.session_began","agent":"1002","desk":"d","seat_session":"s"}',
        b'{"kind":"conduct.penalty","agent":"1002"}',
        b'{"kind":"agent"}',
    ],
)
async def test_a_seat_can_not_record_what_is_the_services_to_record(
    signed_in: SignedIn, body: bytes
) -> None:
    client = await signed_in("1001")
    record = Record(seq=1, occurred_ms=1, wall_ms=1, mono_ms=1, body=msgspec.Raw(body))
    await client.append((record,))
    assert (await client.error()).code == "fact_not_yours"


async def test_a_batch_has_a_limit(signed_in: SignedIn) -> None:
    client = await signed_in("1001")
    await client.record(*[MUTED] * sync.MAX_BATCH)
    await client.append(records(*[MUTED] * (sync.MAX_BATCH + 1), first=sync.MAX_BATCH + 1))
    error = await client.error()
    assert (error.code, error.params["limit"]) == ("batch_too_large", sync.MAX_BATCH)


async def test_another_desks_session_is_not_ones_own(signed_in: SignedIn, data: Path) -> None:
    one, other = await signed_in("1001"), await signed_in("1002")
    await other.append(records(READY), one.session)
    with pytest.raises(Refused, match="not_your_session"):
        await other.acked(1)
    await one.record(READY)
    assert len(stored(data, one.session)) == 1


async def test_a_session_that_nobody_began_is_not_ones_own(signed_in: SignedIn) -> None:
    client = await signed_in("1001")
    await client.append(records(READY), str(uuid.uuid4()))
    assert (await client.error()).code == "not_your_session"


async def test_a_desk_delivers_an_earlier_session_by_its_key_alone(
    signed_in: SignedIn, url: str, desks: Callable[..., Awaitable[Client]], data: Path
) -> None:
    client = await signed_in("1001")
    await client.record(READY)
    await client.close()
    returned = await desks(url, client.key)
    await returned.append(records(MUTED, first=2), client.session)
    await returned.acked(2)
    assert [seq for seq, _ in stored(data, client.session)] == [1, 2]


async def test_acknowledged_facts_outlive_a_restart(
    serve: Serve, desks: Callable[..., Awaitable[Client]], data: Path
) -> None:
    key = DeskKey()
    async with serve() as service:
        client = await desks(service.server.address, key)
        await client.resume(make_token(data, key.desk, "1001"), "session-1")
        await client.record(READY, MUTED)
    async with serve() as service:
        again = await desks(service.server.address, key)
        await again.resume(client.signed_in.token, client.session)
        assert (await again.record(MUTED, first=3)).upto == 3
    assert verify(data).position == STARTED + 4


@pytest.mark.parametrize(
    "fact",
    [
        FactsLost("before", 3, 9),
        SessionProvisional("boot"),
        ExchangeTold(True, 200),
        DeskLocked(True),
        AcwExtended("c1", 60, "1001"),
        OrderSettled("o1", OrderOutcome.SEEN),
        DigitsSent("c1", 4),
        CallBackSettled("c1", reason="the customer called again"),
    ],
    ids=lambda fact: type(fact).__name__,
)
async def test_what_a_seat_can_know_is_taken(
    signed_in: SignedIn, data: Path, fact: AnyFact
) -> None:
    client = await signed_in("1001")
    await client.record(fact)
    assert len(stored(data, client.session)) == 1
    verify(data)
