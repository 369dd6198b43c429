"""Tampering is seen: in every column of the ledger and of every projection."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_service.ledger import replay
from agent_service.ledger.sessions import Session, Sessions
from agent_service.ledger.slices import empty_copies, in_slices
from agent_service.ledger.verify import follow
from agent_service.presence.row import Presence
from agent_service.tables import empty_projections
from protocol.facts.agent import State, StateEntered
from protocol.facts.call import CallAnswered, CallOffered
from protocol.facts.session import PhoneUp
from protocol.wire.errors import Refused
from tests.service.ledgers import Ledger, new_ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """Two agents with a few facts each: eight entries."""
    with new_ledger(tmp_path / "data") as made:
        made.begin("1001", "s1")
        made.begin("1002", "s2")
        ready = StateEntered(State.READY, "ready", "1001")
        made.append("s1", [PhoneUp("sip:1001@127.0.0.1"), ready])
        made.append("s2", [StateEntered(State.READY, "ready", "1002")])
        made.append("s1", [CallOffered("c1", "13812345678"), CallAnswered("c1")])
        made.append("s2", [PhoneUp("sip:1002@127.0.0.1")], at_ms=None)
        yield made


def test_a_full_disk_is_no_broken_ledger(ledger: Ledger) -> None:
    ledger.begin("1001", "full")
    ledger.append("full", [CallOffered(f"call {number}", "138") for number in range(200)])
    projections = (Sessions(), *empty_projections())
    entries = replay.entries(ledger.connection)
    with empty_copies(ledger.connection, [each.table for each in projections]) as copy:
        copy.execute("PRAGMA max_page_count = 1")  # as many as there are
        with pytest.raises(OSError, match="full"):
            follow(in_slices(copy, entries, projections), "a ledger", projections)


def test_an_untouched_ledger_is_whole(ledger: Ledger) -> None:
    assert ledger.verify() == 8


@pytest.mark.parametrize(
    "change",
    [
        "session = 's2'",
        "seq = seq + 1",
        "agent = '1002'",
        "kind = 'phone.down'",
        "occurred_ms = occurred_ms + 1",
        "occurred_ms = NULL",
        "wall_ms = wall_ms + 1",
        "mono_ms = mono_ms + 1",
        "received_ms = received_ms + 1",
        "salt = randomblob(16)",
        "payload = CAST(replace(CAST(payload AS TEXT), '138', '139') AS BLOB)",
        "payload = x''",
        "hash = randomblob(32)",
        "kind = CAST(x'ff' AS TEXT)",
    ],
)
def test_a_changed_entry_is_named(ledger: Ledger, change: str) -> None:
    ledger.connection.execute(f"UPDATE entry SET {change} WHERE position = 6")
    with pytest.raises(Refused) as refused:
        ledger.verify()
    assert (refused.value.code, refused.value.params["position"]) == ("ledger_broken", 6)


@pytest.mark.parametrize(
    ("script", "position"),
    [
        (["DELETE FROM entry WHERE position = 1"], 1),
        (["DELETE FROM entry WHERE position = 6"], 6),
        (["UPDATE entry SET position = 100 WHERE position = 8"], 8),
        (
            [
                "UPDATE entry SET position = -1 WHERE position = 5",
                "UPDATE entry SET position = 5 WHERE position = 6",
                "UPDATE entry SET position = 6 WHERE position = -1",
            ],
            5,
        ),
        (["UPDATE ledger SET id = 'another'"], 1),
    ],
)
def test_what_is_taken_out_or_swapped_is_named(
    ledger: Ledger, script: list[str], position: int
) -> None:
    for statement in script:
        ledger.connection.execute(statement)
    with pytest.raises(Refused) as refused:
        ledger.verify()
    assert refused.value.params["position"] == position


def test_cutting_off_the_end_is_seen_by_the_projections(ledger: Ledger) -> None:
    ledger.connection.execute("DELETE FROM entry WHERE position = 8")
    with pytest.raises(Refused) as refused:
        ledger.verify()
    assert refused.value.code == "projection_differs"


COLUMNS = [
    *(("presence", column) for column in Presence.__struct_fields__[1:]),
    *(("session", column) for column in Session.__struct_fields__[1:]),
]


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_changed_projection_is_named(ledger: Ledger, table: str, column: str) -> None:
    key = {"presence": "agent = '1001'", "session": "session = 's1'"}[table]
    ledger.connection.execute(f"UPDATE {table} SET {column} = '4711' WHERE {key}")
    with pytest.raises(Refused) as refused:
        ledger.verify()
    assert refused.value.code == "projection_differs"
    assert (refused.value.params["table"], refused.value.params["detail"]) == (table, column)


@pytest.mark.parametrize(
    ("statement", "detail"),
    [
        ("DELETE FROM presence WHERE agent = '1001'", "missing"),
        ("DELETE FROM session WHERE session = 's1'", "missing"),
        (
            "INSERT INTO session (session, agent, desk, began, mark) VALUES ('s9', 'a', 'd', 1, 0)",
            "unexpected",
        ),
    ],
)
def test_a_row_too_few_or_too_many_is_seen(ledger: Ledger, statement: str, detail: str) -> None:
    ledger.connection.execute(statement)
    with pytest.raises(Refused, match="projection_differs") as refused:
        ledger.verify()
    assert refused.value.params["detail"] == detail
