"""What is read of damaged records goes on, what can't be is declared, and nothing else is."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from agent_client.seat.clock import Reading
from agent_client.seat.outbox import Outbox
from agent_client.seat.outbox_schema import migrations
from agent_client.seat.salvaged_copy import WHATEVER
from protocol.facts.call import CallHeld
from protocol.facts.record import encode_fact
from protocol.facts.session import FactsLost
from protocol.wire import codec
from protocol.wire.sync import Append
from tests.seat.damaging import (
    FACTS,
    PAGE,
    change,
    counts,
    fill,
    leaf_of,
    opened,
    place_in,
    spoil,
)


def test_of_damaged_records_what_can_be_read_goes_on_and_the_rest_is_lost(tmp_path: Path) -> None:
    file = fill(tmp_path, acked=10)
    spoil(file, leaf_of(file, 300))
    before = file.read_bytes()
    with opened(tmp_path) as (outbox, damaged):
        assert damaged is not None
        assert damaged.read_bytes() == before
        first, second = outbox.sessions()
        assert (first.last_seq, second.acked) == (FACTS, 10)
        assert 10 < second.last_seq < 300
        (lost,) = outbox.undeclared()
        assert (lost.lost_session, lost.from_seq) == ("second", second.last_seq + 1)
        assert lost.to_seq in {None, FACTS}
        assert lost.since_ms == 1_000 + second.last_seq - 1
        assert outbox.witness() == (12, "twelve")
        assert [each.seq for each in outbox.records(second, 10, 2)] == [11, 12]


def test_what_the_service_has_is_not_lost(tmp_path: Path) -> None:
    file = fill(tmp_path, acked=FACTS)
    spoil(file, leaf_of(file, 300))
    with opened(tmp_path) as (outbox, _):
        lost = [each for each in outbox.undeclared() if each.to_seq is not None]
        assert lost == []
        assert all(each.from_seq == FACTS + 1 for each in outbox.undeclared())
        assert outbox.unsent() == 0


@pytest.mark.parametrize("length", [0.0, 0.3, 0.9])
def test_a_file_that_was_cut_off_is_read_as_far_as_it_goes(tmp_path: Path, length: float) -> None:
    file = fill(tmp_path, acked=10)
    whole = file.read_bytes()
    file.write_bytes(whole[: PAGE + int(len(whole) * length)])
    with opened(tmp_path) as (outbox, damaged):
        assert damaged is not None
        assert outbox.undeclared() != ()
    with opened(tmp_path) as (again, damaged):
        assert damaged is None
        assert again.undeclared() != ()


def test_of_what_is_no_database_at_all_nobody_knows_what_it_held(tmp_path: Path) -> None:
    place_in(tmp_path).outbox.write_bytes(b"no database" * 999)
    with opened(tmp_path) as (outbox, damaged):
        assert damaged == tmp_path / "outbox.damaged-1.db"
        assert (outbox.sessions(), outbox.undeclared()) == ([], (WHATEVER,))


def test_a_fact_that_is_no_fact_any_more_ends_what_can_be_sent(tmp_path: Path) -> None:
    file = fill(tmp_path, acked=10)
    page = leaf_of(file, 300)
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("UPDATE fact SET body = ? WHERE session = 2 AND seq = 20", (b"\x00\xff",))
    spoil(file, page)
    with opened(tmp_path) as (outbox, _):
        assert counts(outbox)["second"] == 19
        (lost,) = outbox.undeclared()
        assert (lost.lost_session, lost.from_seq) == ("second", 20)


def test_a_loss_of_before_is_still_to_be_declared_after_another(tmp_path: Path) -> None:
    file = fill(tmp_path, acked=FACTS)
    with closing(Outbox(file)) as outbox:
        outbox.lose(FactsLost("before", 3, 9, 77))
    spoil(file, leaf_of(file, 300))
    with opened(tmp_path) as (outbox, _):
        assert FactsLost("before", 3, 9, 77) in outbox.undeclared()


BODY = b'{"kind":"call.held","call_id":"' + b"0" * 99 + b'"}'


@pytest.mark.parametrize("seq", [11, 400])
@pytest.mark.parametrize("body", [BODY.replace(b'"call', b"\xa2call"), BODY.replace(b"0", b"\xb0")])
def test_an_unsent_fact_that_the_service_could_not_read_ends_what_is_sent(
    tmp_path: Path, seq: int, body: bytes
) -> None:
    file = fill(tmp_path, acked=10)
    change(file, f"UPDATE fact SET body = x'{body.hex()}' WHERE session = 2 AND seq = {seq}")
    with opened(tmp_path) as (outbox, damaged):
        assert damaged is not None
        assert outbox.undeclared() == (FactsLost("second", seq, FACTS, 1_000 + seq - 2),)
        second = outbox.sessions()[1]
        codec.decode_from_seat(codec.encode(Append("second", outbox.records(second, 0, FACTS))))


@pytest.mark.parametrize(
    "change_made",
    [
        "UPDATE fact SET occurred_ms = -1 WHERE session = 2 AND seq = 20",
        "DELETE FROM fact WHERE session = 2 AND seq = 20",
        "UPDATE fact SET seq = 999 WHERE session = 2 AND seq = 20",
    ],
)
def test_an_unsent_fact_out_of_its_place_ends_what_is_sent(
    tmp_path: Path, change_made: str
) -> None:
    change(fill(tmp_path, acked=10), change_made)
    with opened(tmp_path) as (outbox, damaged):
        assert damaged is not None
        assert counts(outbox)["second"] == 19
        (lost,) = outbox.undeclared()
        assert (lost.lost_session, lost.from_seq) == ("second", 20)
        assert lost.to_seq in {FACTS, 999}


def test_an_acknowledged_fact_that_can_not_be_read_is_no_damage(tmp_path: Path) -> None:
    file = fill(tmp_path, acked=10)
    change(file, "UPDATE fact SET body = x'00ff' WHERE session = 2 AND seq = 10")
    with opened(tmp_path) as (outbox, damaged):
        assert (damaged, outbox.undeclared()) == (None, ())


def test_facts_of_no_session_are_lost(tmp_path: Path) -> None:
    change(fill(tmp_path, acked=10), "UPDATE fact SET session = 7 WHERE session = 2 AND seq > 300")
    with opened(tmp_path) as (outbox, damaged):
        assert damaged is not None
        assert counts(outbox) == {"first": FACTS, "second": 300}
        assert outbox.undeclared() == (WHATEVER,)


def test_facts_do_not_go_on_under_the_name_of_another_session(tmp_path: Path) -> None:
    file = fill(tmp_path, acked=10)
    file.write_bytes(file.read_bytes().replace(b"second", b"fecond", 1))
    with opened(tmp_path) as (outbox, damaged):
        assert damaged is not None
        assert counts(outbox) == {"first": FACTS}
        assert outbox.undeclared() == (WHATEVER,)


def test_a_session_that_does_not_fit_costs_no_other(tmp_path: Path) -> None:
    file = fill(tmp_path, acked=10)
    schema = "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, '{}', '{}')"
    change(file, schema.format("acked INTEGER NOT NULL", "acked INTEGER"))
    change(file, "UPDATE session SET acked = NULL WHERE number = 2")
    change(file, schema.format("acked INTEGER", "acked INTEGER NOT NULL"))
    with opened(tmp_path) as (outbox, damaged):
        assert damaged is not None
        assert counts(outbox) == {"first": FACTS}
        assert outbox.undeclared() == (WHATEVER,)


def test_of_tables_whose_description_is_spoilt_nothing_can_be_read(tmp_path: Path) -> None:
    file = fill(tmp_path, acked=10)
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b"tablefactfact", b"table\xff\xfe\xf0\x9ffact"))
    assert file.read_bytes() != whole
    with opened(tmp_path) as (outbox, damaged):
        assert damaged == tmp_path / "outbox.damaged-1.db"
        assert (outbox.sessions(), outbox.undeclared()) == ([], (WHATEVER,))


def of_version(file: Path, before: str) -> None:
    """Records of the version before a change, with a witness."""
    with closing(sqlite3.connect(file)) as conn:
        migrations.apply(Database(conn), stop_before=before)
        body = encode_fact(CallHeld("0" * 99))
        conn.execute("INSERT INTO session (id, begun_wall_ms) VALUES ('first', 1), ('second', 1)")
        for number in (1, 2):
            rows = [(number, seq, 1_000, 6, 7, body) for seq in range(1, FACTS + 1)]
            conn.executemany("INSERT INTO fact VALUES (?, ?, ?, ?, ?, ?)", rows)
        conn.execute("INSERT INTO witness (position, head) VALUES (12, 'twelve')")
        conn.commit()


@pytest.mark.parametrize("before", ["add_disputes", "order_witnesses", "add_losses"])
def test_damaged_records_of_an_older_version_are_salvaged_too(tmp_path: Path, before: str) -> None:
    file = place_in(tmp_path).outbox
    of_version(file, before)
    spoil(file, leaf_of(file, 300))
    with opened(tmp_path) as (outbox, damaged):
        assert damaged is not None
        assert counts(outbox)["first"] == FACTS
        assert [each.lost_session for each in outbox.undeclared()] == ["second"]
        assert outbox.witness() == (12, "twelve")


def test_what_is_lost_after_an_earlier_loss_was_declared_is_declared_again(tmp_path: Path) -> None:
    for name in ("first", "second"):
        file = place_in(tmp_path).outbox
        with closing(Outbox(file)) as outbox:
            outbox.lose(WHATEVER)
            outbox.begin(name, Reading(1, 1, 1), [WHATEVER])
            assert outbox.undeclared() == ()
        change(file, "UPDATE fact SET session = 7")
        with opened(tmp_path) as (again, _):
            assert again.undeclared() == (WHATEVER,)
