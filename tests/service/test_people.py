"""People are facts: added and changed by other processes while the service runs, seen at once,
and the tables are what a rebuild makes of them."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agent_service import database
from agent_service.accounts import schema as accounts_schema
from agent_service.accounts import staff, tokens
from agent_service.accounts.credentials import Credential
from agent_service.accounts.directory import Directory, News
from agent_service.accounts.memberships import Membership
from agent_service.accounts.projector import (
    StaffRow,
    memberships_of,
    memberships_of_all,
    staff_rows,
)
from agent_service.appending import appending
from agent_service.commands.database import migrate
from agent_service.commands.ledger import rebuild, verify
from agent_service.database import Schema
from agent_service.ledger import replay
from agent_service.ledger import schema as ledger_schema
from agent_service.service import Service
from protocol.facts.call import CallMuted
from protocol.facts.staff import Group
from protocol.rules.local_day import local_date
from protocol.wire.errors import Refused
from protocol.wire.session import Person, Role
from protocol.wire.sync import FloorRow
from tests.service.client import Client, records
from tests.service.conftest import HIRED, STARTED, SignedIn
from tests.service.lead import Lead
from tests.service.people import CLOCK, disable, hire, move

Desks = Callable[..., Awaitable[Client]]
CHANGES = 50
NEIGHBOUR = """
import sys
from pathlib import Path
from protocol.wire.session import Person, Role
from tests.service.people import disable, hire, move
folder = Path(sys.argv[1])
for number in range(int(sys.argv[2])):
    hire(folder, [Person(f"n{number}", "N", (Role.AGENT,), "A")], "no hash")
    move(folder, f"n{number}", "B")
    disable(folder, f"n{number}")
"""


def is_in(agent: str, team: str) -> Callable[[dict[str, FloorRow]], bool]:
    return lambda rows: agent in rows and rows[agent].team == team


async def test_somebody_added_by_another_process_is_on_the_floor_within_two_seconds(
    signed_in: SignedIn, data: Path
) -> None:
    lead = await Lead(await signed_in("3001")).subscribe()
    hire(data, [Person("1009", "New", (Role.AGENT,), "B")], "no hash")
    async with asyncio.timeout(2):
        row = await lead.until("1009", lambda row: True)
    assert (row.name, row.team) == ("New", "B")


async def test_who_moves_is_seen_by_the_new_leader_and_by_the_old_no_more(
    signed_in: SignedIn, data: Path
) -> None:
    leader = await Lead(await signed_in("2001")).subscribe()
    supervisor = await Lead(await signed_in("3001")).subscribe()
    assert set(leader.rows) == {"1001", "1003"}
    move(data, "1002", "A")
    await leader.until_seen(is_in("1002", "A"))
    move(data, "1001", "B")
    await leader.until_seen(lambda rows: "1001" not in rows)
    await supervisor.until_seen(is_in("1001", "B"))


async def test_a_cursor_from_before_a_move_is_sent_the_whole_floor(
    signed_in: SignedIn, url: str, desks: Desks, data: Path
) -> None:
    client = await signed_in("2001")
    leader = await Lead(client).subscribe()
    await client.cut()
    supervisor = await Lead(await signed_in("3001")).subscribe()
    move(data, "1001", "B")
    await supervisor.until_seen(is_in("1001", "B"))
    back = await desks(url, client.key)
    await back.resume(client.signed_in.token, client.session)
    leader.client = back
    await leader.subscribe(leader.cursor)
    assert leader.batches[-1].reset
    assert set(leader.rows) == {"1003"}


async def test_a_leader_who_changes_teams_sees_the_other_one(
    signed_in: SignedIn, data: Path
) -> None:
    leader = await Lead(await signed_in("2001")).subscribe()
    move(data, "2001", "B")
    await leader.until_seen(lambda rows: set(rows) == {"1002", "1003"})


async def test_who_is_closed_is_shown_out_at_once_and_leaves_the_floor(
    signed_in: SignedIn, url: str, desks: Desks, data: Path
) -> None:
    lead = await Lead(await signed_in("3001")).subscribe()
    client = await signed_in("1001")
    await client.record(CallMuted("c1", True))
    disable(data, "1001")
    assert (await client.error()).code == "disabled"
    assert (await client.closed())[0] == 1008
    await lead.until_seen(lambda rows: "1001" not in rows)
    courier = await desks(url, client.key)
    courier.session = client.session
    assert (await courier.record(CallMuted("c1", False), first=2)).upto == 2
    with pytest.raises(Refused, match="bad_token"):
        await courier.resume(client.signed_in.token, client.session)


@pytest.mark.prove
async def test_facts_and_people_come_at_once_and_the_chain_holds(
    signed_in: SignedIn, data: Path
) -> None:
    """The service appends without a pause while another process decides about people."""
    client = await signed_in("1001")
    neighbour = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", NEIGHBOUR, str(data), str(CHANGES)),
        stderr=asyncio.subprocess.PIPE,
    )
    ending = asyncio.create_task(neighbour.communicate())
    sent = 0
    while not ending.done():
        await client.append(records(*[CallMuted("c1", True)] * 32, first=sent + 1))
        sent += 32
        await client.acked(sent)
    _, errors = await ending
    assert neighbour.returncode == 0, errors.decode()
    assert sent > CHANGES
    assert verify(data).position == STARTED + 1 + sent + 5 * CHANGES
    with closing(database.open_reader(data / database.FILE)) as connection:
        added = [row for row in staff_rows(connection) if row.number.startswith("n")]
        seqs = [
            entry.seq for entry in replay.entries(connection) if entry.session == client.session
        ]
    assert len(added) == CHANGES
    assert all(row.disabled for row in added)
    assert seqs == list(range(1, sent + 1))


def test_tables_of_people_are_what_a_rebuild_makes_of_the_facts(data: Path) -> None:
    move(data, "1001", "B", date(2030, 1, 1))
    disable(data, "1002")
    with closing(database.open_reader(data / database.FILE)) as connection:
        before = staff_rows(connection), memberships_of_all(connection)
    rebuild(data, lambda done, of: None)
    with closing(database.open_reader(data / database.FILE)) as connection:
        assert (staff_rows(connection), memberships_of_all(connection)) == before
    verify(data)


@pytest.mark.parametrize(
    ("change", "table"),
    [
        ("UPDATE staff SET disabled = 1 WHERE number = '1001'", "staff"),
        ("UPDATE staff SET roles = '[\"admin\"]' WHERE number = '1001'", "staff"),
        ("UPDATE membership SET name = 'B' WHERE agent = '1001'", "membership"),
        ("DELETE FROM membership WHERE agent = '1001'", "membership"),
    ],
)
def test_who_is_changed_behind_the_ledgers_back_is_named(
    data: Path, change: str, table: str
) -> None:
    with closing(database.open_writer(data / database.FILE)) as opened, opened.atomic():
        opened.conn.execute(change)
    with pytest.raises(Refused) as refused:
        verify(data)
    assert (refused.value.code, refused.value.params["table"]) == ("projection_differs", table)


def test_nobody_else_writes_what_a_command_could_not_finish(data: Path) -> None:
    with pytest.raises(RuntimeError), appending(data, CLOCK) as books:
        books.register.disable(books.connection, "1001", "operator")
        raise RuntimeError
    assert verify(data).position == HIRED


class Calendar:
    """A site's clock that a test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 30, 15, 59, tzinfo=UTC)

    def today(self) -> date:
        return local_date(round(self.now.timestamp() * 1000), ZoneInfo("Asia/Shanghai"))


def test_a_team_that_was_decided_for_a_day_begins_with_it() -> None:
    calendar, told = Calendar(), []
    directory = Directory(calendar.today)
    old = Membership(Group.TEAM, "A", date(2020, 1, 1), date(2026, 12, 1))
    new = Membership(Group.TEAM, "B", date(2026, 12, 1))
    directory.take_memberships({"1001": (old, new)})
    directory.take_staff([StaffRow("1001", "N", ("agent",))])
    directory.changed = told.append
    directory.turn()
    assert directory.people["1001"].team == "A"
    calendar.now += timedelta(minutes=1)
    directory.turn()
    person = Person("1001", "N", (Role.AGENT,), "B")
    assert told == [News((person,), frozenset(), frozenset(), True)]
    assert directory.members("B") == [person]
    assert directory.members("A") == []


async def test_midnight_needs_no_restart(
    service: Service, signed_in: SignedIn, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    move(data, "1001", "B", date(2099, 1, 2))
    leader = await Lead(await signed_in("2001")).subscribe()
    assert leader.rows["1001"].team == "A"
    midnight = datetime(2099, 1, 1, 16, tzinfo=UTC)  # in Shanghai
    monkeypatch.setattr("time.time_ns", lambda: round(midnight.timestamp()) * 10**9)
    await leader.until_seen(lambda rows: "1001" not in rows)


def test_people_of_an_older_database_become_facts_once(tmp_path: Path) -> None:
    path = database.create(tmp_path)
    older = [ledger_schema.SCHEMA, Schema("accounts", accounts_schema.SCHEMA.steps[:1])]
    with closing(database.open_writer(path)) as opened:
        database.migrate(opened, older, tmp_path)
        for statement in OLDER:
            opened.conn.execute(statement)
    assert "accounts/0002_people_are_facts" in migrate(tmp_path, lambda done, of: None)
    assert migrate(tmp_path, lambda done, of: None) == []
    with closing(database.open_reader(path)) as connection:
        member = staff.find(connection, "1001")
        assert member is not None
        assert member.row == StaffRow("1001", "王芳", ("agent", "leader"))
        assert member.credential == Credential("1001", "a hash", False, "77", "sip secret")
        assert memberships_of(connection, "1001") == (
            Membership(Group.TEAM, "A", date(2026, 11, 21)),
        )
        assert memberships_of(connection, "2") == ()
        assert tokens.holder(connection, "a token", "desk-1", 5) == "1001"
    assert verify(tmp_path).position == 3


OLDER = (
    "INSERT INTO ledger (id, created_ms) VALUES ('a ledger', 1795348800000)",  # 2026-11-22
    "INSERT INTO staff VALUES (1, '1001', '王芳', 'A', 'a hash', '77', 'sip secret')",
    "INSERT INTO staff VALUES (2, '2', 'No roles', '', 'another', '', '')",
    "INSERT INTO staff_role VALUES ('1001', 'leader'), ('1001', 'agent')",
    "INSERT INTO desk VALUES ('desk-1', x'00', 'desk', 1)",
    f"INSERT INTO token VALUES (x'{tokens.hash_token('a token').hex()}', 'desk-1', '1001', 10)",
)
"""What a database of the first version held."""
