"""The seat's disk: what `append` returned for is there, whatever comes after."""

import asyncio
import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from agent_client.seat import outbox as outbox_module
from agent_client.seat.clock import Reading
from agent_client.seat.outbox import KEEP_MS, Forgotten, Outbox
from agent_client.seat.outbox_schema import migrations
from protocol.facts.call import CallHeld, CallMuted
from protocol.facts.record import AnyFact, encode_fact, read_fact
from protocol.facts.session import FactsLost
from protocol.wire.errors import Refused
from protocol.wire.sync import MAX_COMPARED, Ack
from tests.seat.folding import read_disk, read_seqs
from tests.seat.rig import full_disk

AT = Reading(5_000, 6_000, 7)
LIMIT_S = 20.0


def held(number: int) -> CallHeld:
    return CallHeld(str(number))


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    opened = Outbox(tmp_path / "outbox.db")
    yield opened
    opened.close()


def begin(outbox: Outbox, session: str, count: int = 1, at: Reading = AT) -> None:
    outbox.begin(session, at, [held(number) for number in range(count)])


def ack(outbox: Outbox, session: str, upto: int, position: int, head: str, at_ms: int = 0) -> None:
    outbox.acknowledge(Ack(session, upto, at_ms, position, head))


def outbox_file(outbox: Outbox) -> str:
    row, *_ = outbox._db.execute("PRAGMA database_list").fetchall()
    return str(row[2])


def unsent(outbox: Outbox) -> list[tuple[str, int, int]]:
    return [(each.id, each.acked, each.last_seq) for each in outbox.unsent_sessions()]


def test_facts_are_numbered_from_one_and_kept_as_the_bytes_they_were_written_in(
    outbox: Outbox,
) -> None:
    begin(outbox, "a", 2)
    outbox.append(Reading(None, 1, 2), [held(7), CallMuted("8", True)])
    (session,) = outbox.sessions()
    records = outbox.records(session, 0, 99)
    assert [record.seq for record in records] == [1, 2, 3, 4]
    assert bytes(records[3].body) == encode_fact(CallMuted("8", True))
    assert [(each.occurred_ms, each.wall_ms, each.mono_ms) for each in records[1:3]] == [
        (5_000, 6_000, 7),
        (None, 1, 2),
    ]
    assert outbox.records(session, 1, 2) == records[1:3]


def test_nothing_is_recorded_before_anybody_signed_in(outbox: Outbox) -> None:
    with pytest.raises(AssertionError):
        outbox.append(AT, [held(1)])


def test_a_batch_is_on_the_disk_whole_or_not_at_all(outbox: Outbox, tmp_path: Path) -> None:
    begin(outbox, "a")
    with full_disk(tmp_path / "outbox.db"):
        acts: tuple[Callable[[], None], ...] = (
            lambda: outbox.append(AT, [held(number) for number in range(400)]),
            lambda: begin(outbox, "b", 400),
            lambda: outbox.append(AT, [held(1)]),
        )
        for act in acts:
            with pytest.raises(Refused) as refused:
                act()
            assert refused.value.code == "disk_failed"
            assert refused.value.params["detail"]
        assert read_seqs(tmp_path / "outbox.db") == [[1]]
    outbox.append(AT, [held(1)])
    begin(outbox, "b", 400)
    assert read_seqs(tmp_path / "outbox.db") == [[1, 2], list(range(1, 401))]


def test_acknowledgements_are_cumulative_and_never_go_back(outbox: Outbox) -> None:
    begin(outbox, "a", 5)
    ack(outbox, "a", 3, 10, "ten")
    ack(outbox, "a", 2, 9, "nine")
    assert unsent(outbox) == [("a", 3, 5)]
    assert outbox.unsent() == 2
    assert outbox.witness() == (10, "ten")
    ack(outbox, "a", 5, 12, "twelve")
    assert (outbox.unsent(), unsent(outbox)) == (0, [])


def test_an_acknowledgement_of_facts_to_come_does_not_swallow_them(outbox: Outbox) -> None:
    begin(outbox, "a", 2)
    ack(outbox, "a", 99, 1, "x")
    outbox.append(AT, [held(3)])
    assert unsent(outbox) == [("a", 2, 3)]


def test_an_acknowledgement_of_an_unknown_session_changes_nothing(outbox: Outbox) -> None:
    begin(outbox, "a", 2)
    ack(outbox, "other", 2, 1, "x")
    assert outbox.unsent() == 2


def test_older_sessions_come_first(outbox: Outbox) -> None:
    for session in ("z", "m", "a"):
        begin(outbox, session, 2)
    ack(outbox, "m", 2, 1, "x")
    assert [session for session, _, _ in unsent(outbox)] == ["z", "a"]
    assert outbox.present is not None
    assert outbox.present.id == "a"


def test_a_service_that_lost_facts_gets_them_again(outbox: Outbox) -> None:
    begin(outbox, "a", 5)
    ack(outbox, "a", 5, 1, "x")
    outbox.rewind("a", 2)
    assert unsent(outbox) == [("a", 2, 5)]
    outbox.rewind("a", 4)
    assert unsent(outbox) == [("a", 2, 5)]
    outbox.append(AT, [held(9)])
    assert unsent(outbox) == [("a", 2, 6)]


def test_a_witness_that_was_not_borne_out_is_kept_and_not_asked_about(
    outbox: Outbox, tmp_path: Path
) -> None:
    begin(outbox, "a", 5)
    ack(outbox, "a", 3, 10, "ten")
    outbox.dispute_witnesses()
    assert outbox.witness() is None
    ack(outbox, "a", 4, 7, "seven")
    assert outbox.witness() == (7, "seven")
    with closing(sqlite3.connect(tmp_path / "outbox.db")) as other:
        assert other.execute("SELECT count(*) FROM witness").fetchone() == (2,)


def test_a_reopened_outbox_goes_on_where_it_was(tmp_path: Path) -> None:
    with closing(Outbox(tmp_path / "outbox.db")) as first:
        begin(first, "a", 2)
        first.seen_alive(77)
    with closing(Outbox(tmp_path / "outbox.db")) as second:
        second.append(AT, [held(3)])
        (session,) = second.sessions()
        assert (session.last_seq, session.alive_ms) == (3, 77)


def ids(outbox: Outbox) -> list[str]:
    return [session.id for session in outbox.sessions()]


def test_pruning_keeps_what_is_unsent_recent_or_present(outbox: Outbox) -> None:
    for session in ("sent", "unsent", "recent", "present"):
        begin(outbox, session, 2)
    ack(outbox, "sent", 2, 1, "x", at_ms=0)
    ack(outbox, "unsent", 1, 2, "x", at_ms=0)
    ack(outbox, "recent", 2, 3, "x", at_ms=1)
    ack(outbox, "present", 2, 4, "x", at_ms=KEEP_MS + 1)
    outbox.prune()
    assert ids(outbox) == ["unsent", "recent", "present"]
    assert [session.last_seq for session in outbox.sessions()] == [2, 2, 2]
    assert outbox.forgotten() == [Forgotten("sent", 2, AT.occurred_ms)]


def test_the_present_session_is_never_pruned(outbox: Outbox) -> None:
    begin(outbox, "older", 2)
    begin(outbox, "present", 2)
    ack(outbox, "present", 2, 1, "x", at_ms=0)
    ack(outbox, "older", 2, 2, "x", at_ms=2 * KEEP_MS)
    outbox.prune()
    assert ids(outbox) == ["older", "present"]


def test_a_desk_whose_clock_is_a_year_ahead_forgets_nothing_for_that(outbox: Outbox) -> None:
    year_ms = 365 * 24 * 3600 * 1000
    begin(outbox, "sent", 2, Reading(1, 1, 1))
    begin(outbox, "unsent", 2, Reading(1, year_ms, 1))
    begin(outbox, "present", 2, Reading(1, 2 * year_ms, 1))
    ack(outbox, "sent", 2, 1, "x", at_ms=1_000)
    ack(outbox, "present", 2, 2, "x", at_ms=2_000)
    outbox.prune()
    assert ids(outbox) == ["sent", "unsent", "present"]


def test_what_was_sent_again_is_kept_anew(outbox: Outbox) -> None:
    begin(outbox, "a", 2)
    begin(outbox, "present")
    ack(outbox, "a", 2, 1, "x", at_ms=0)
    outbox.rewind("a", 0)
    ack(outbox, "a", 2, 1, "y", at_ms=KEEP_MS)
    ack(outbox, "present", 1, 2, "z", at_ms=KEEP_MS + 1)
    outbox.prune()
    assert ids(outbox) == ["a", "present"]


def test_of_forgotten_sessions_as_many_are_known_as_can_be_asked_about(outbox: Outbox) -> None:
    for number in range(MAX_COMPARED + 2):
        begin(outbox, f"s{number}")
        ack(outbox, f"s{number}", 1, 1, "x", at_ms=0)
    begin(outbox, "present")
    ack(outbox, "present", 1, 1, "x", at_ms=KEEP_MS + 1)
    outbox.prune()
    known = [each.id for each in outbox.forgotten()]
    assert known == [f"s{number}" for number in range(MAX_COMPARED + 1, 1, -1)]


def test_after_a_restore_the_newer_witness_counts_at_the_same_position_too(outbox: Outbox) -> None:
    begin(outbox, "a", 5)
    ack(outbox, "a", 3, 10, "ten")
    outbox.dispute_witnesses()
    outbox.rewind("a", 1)
    ack(outbox, "a", 2, 10, "another ten")
    assert outbox.witness() == (10, "another ten")
    with closing(sqlite3.connect(outbox_file(outbox))) as disk:
        kept = disk.execute("SELECT head, disputed FROM witness ORDER BY told").fetchall()
    assert kept == [("ten", 1), ("another ten", 0)]


def test_after_a_restore_that_nobody_noticed_the_newer_witness_counts(outbox: Outbox) -> None:
    begin(outbox, "a", 5)
    ack(outbox, "a", 3, 10, "ten")
    outbox.rewind("a", 1)
    ack(outbox, "a", 2, 7, "seven")
    assert outbox.witness() == (7, "seven")


def test_a_chain_that_comes_back_is_borne_out_again(outbox: Outbox) -> None:
    begin(outbox, "a", 5)
    ack(outbox, "a", 3, 10, "ten")
    outbox.dispute_witnesses()
    ack(outbox, "a", 3, 10, "ten")
    assert outbox.witness() == (10, "ten")


def test_a_loss_is_declared_once_by_the_fact_that_tells_of_it(outbox: Outbox) -> None:
    lost = FactsLost("before", 3, 9, 77)
    assert outbox.lose(lost)
    assert not outbox.lose(lost)
    begin(outbox, "a")
    assert outbox.undeclared() == (lost,)
    outbox.append(AT, outbox.undeclared())
    assert outbox.undeclared() == ()
    assert not outbox.lose(lost)
    assert outbox.undeclared() == ()


def test_a_loss_that_the_disk_does_not_take_stays_to_be_declared(
    outbox: Outbox, tmp_path: Path
) -> None:
    begin(outbox, "a")
    outbox.lose(FactsLost("before", 3, 9, 77))
    with full_disk(tmp_path / "outbox.db"), pytest.raises(Refused):
        outbox.append(AT, [*outbox.undeclared(), *(held(number) for number in range(400))])
    assert outbox.undeclared() == (FactsLost("before", 3, 9, 77),)


def test_of_old_witnesses_the_newest_are_kept(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "WITNESSES", 3)
    begin(outbox, "a", 9)
    for upto in range(1, 10):
        ack(outbox, "a", upto, upto, "head")
    outbox.prune()
    with closing(sqlite3.connect(outbox_file(outbox))) as disk:
        kept = disk.execute("SELECT position FROM witness ORDER BY position").fetchall()
    assert kept == [(7,), (8,), (9,)]
    assert outbox.witness() == (9, "head")


def test_a_fact_that_this_version_can_not_read_is_sent_and_hides_no_other(outbox: Outbox) -> None:
    begin(outbox, "a", 2)
    with closing(sqlite3.connect(outbox_file(outbox))) as disk, disk:
        disk.execute("UPDATE fact SET body = ? WHERE seq = 1", (b'{"kind":"call.held"}',))
    (session,) = outbox.sessions()
    assert outbox.facts(session) == [(5_000, held(1))]
    assert [record.seq for record in outbox.records(session, 0, 9)] == [1, 2]


def test_an_outbox_of_an_earlier_version_goes_on_where_it_was(tmp_path: Path) -> None:
    file = tmp_path / "outbox.db"
    with closing(sqlite3.connect(file)) as disk:
        old = Database(disk)
        migrations.apply(old, stop_before="order_witnesses")
        with old.atomic():
            old.execute("INSERT INTO session VALUES (1, 'sent', 1, 50, 1), (2, 'new', 0, 60, 1)")
            old.execute(
                "INSERT INTO fact VALUES (1, 1, 40, 1, 1, ?), (2, 1, 55, 1, 1, ?)",
                [encode_fact(held(1)), encode_fact(held(2))],
            )
            old.execute("INSERT INTO witness VALUES (9, 'nine', 0), (12, 'twelve', 1)")
    with closing(Outbox(file)) as outbox:
        assert outbox.witness() == (9, "nine")
        assert unsent(outbox) == [("new", 0, 1)]
        ack(outbox, "new", 1, 13, "thirteen", at_ms=50 + KEEP_MS + 1)
        outbox.prune()
        assert ids(outbox) == ["new"]
        assert outbox.forgotten() == [Forgotten("sent", 1, 40)]


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with closing(Outbox(tmp_path / "outbox.db")) as outbox:
            begin(outbox, "a")
            files = sorted(tmp_path.iterdir())
            assert len(files) == 3
            assert [file.stat().st_mode & 0o777 for file in files] == [0o600] * 3
    finally:
        os.umask(before)


@pytest.mark.parametrize("make", [lambda file: file.write_bytes(b"no database" * 99), Path.mkdir])
def test_a_file_that_is_no_outbox_is_refused_with_a_code(tmp_path: Path, make: object) -> None:
    assert callable(make)
    make(tmp_path / "outbox.db")
    with pytest.raises(Refused) as refused:
        Outbox(tmp_path / "outbox.db")
    assert refused.value.code == "disk_failed"


def test_facts_of_a_later_version_are_kept_and_passed_over(tmp_path: Path, outbox: Outbox) -> None:
    begin(outbox, "a", 2)
    with closing(sqlite3.connect(tmp_path / "outbox.db")) as other, other:
        other.execute("UPDATE fact SET body = ? WHERE seq = 1", (b'{"kind":"call.sung","x":1}',))
    (session,) = outbox.sessions()
    assert outbox.facts(session) == [(5_000, held(1))]
    assert bytes(outbox.records(session, 0, 1)[0].body) == b'{"kind":"call.sung","x":1}'


@given(st.lists(st.text(max_size=20), min_size=1, max_size=5))
def test_text_from_the_network_is_only_text(texts: list[str]) -> None:
    facts: list[AnyFact] = [CallHeld(text) for text in texts]
    assert [read_fact(encode_fact(fact)) for fact in facts] == facts


WRITER = """
import sys
from pathlib import Path
from agent_client.seat.clock import Reading
from agent_client.seat.outbox import Outbox
from protocol.facts.call import CallHeld

outbox = Outbox(Path(sys.argv[1]))
outbox.begin("a", Reading(1, 1, 1), [CallHeld("0")])
print(1, flush=True)
seq = 1
while True:
    count = seq % 3 + 1
    outbox.append(Reading(1, 1, 1), [CallHeld(str(seq + i)) for i in range(count)])
    seq += count
    print(seq, flush=True)
"""


@pytest.mark.parametrize("lines", [1, 40])
async def test_a_kill_in_the_middle_of_writing_loses_nothing_that_was_written(
    tmp_path: Path, lines: int
) -> None:
    file = tmp_path / "outbox.db"
    writer = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WRITER, str(file), stdout=asyncio.subprocess.PIPE
    )
    assert writer.stdout is not None
    async with asyncio.timeout(LIMIT_S):
        for _ in range(lines):
            await writer.stdout.readline()
        os.kill(writer.pid, signal.SIGKILL)
        told = (await writer.stdout.read()).split()
        await writer.wait()
    with closing(Outbox(file)) as outbox:
        (session,) = outbox.sessions()
        complete = [line for line in told if line.isdigit()]
        assert session.last_seq >= max([lines, *(int(line) for line in complete[:-1])])
        assert read_seqs(file) == [list(range(1, session.last_seq + 1))]
        assert read_disk(file) == [[held(number) for number in range(session.last_seq)]]
        outbox.append(AT, [held(1)])
