"""Pages of exams, out of a ledger with many."""

from pathlib import Path

from msgspec.structs import replace

from agent_service.exams import store
from agent_service.exams.listing import MOST_BYTES, read_all, read_own
from agent_service.exams.papers import Papers
from protocol.facts.exam import ExamIssued, ExamWithdrawn, SittingKind
from protocol.wire import codec
from protocol.wire.exams import Exams, GetExams
from tests.service.ledgers import Ledger, new_ledger

ISSUED = ExamIssued("i", "p", 1, ("1001",), 0, 9_000, 60, SittingKind.FORMAL, "seed", "5001")


def give(ledger: Ledger, count: int, **more: object) -> None:
    """So many, named by their place."""
    with ledger.committed():
        for number in range(count):
            fact = replace(ISSUED, issue=f"i{number}", **more)
            ledger.appender.record(ledger.connection, fact)


def test_pages_hold_fifty_the_newest_first(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "data") as ledger:
        give(ledger, 120)
        ledger.record(ExamWithdrawn("i119", "5001", "有误"))
        read = [
            read_own(ledger.connection, Papers(), GetExams(1, page=page), "1001", 5)
            for page in (0, 2, 3, 9)
        ]
        assert [(each.page, each.pages, each.total) for each in read] == [
            (1, 3, 119),
            (2, 3, 119),
            (3, 3, 119),
            (3, 3, 119),
        ]
        assert [len(each.rows) for each in read] == [50, 50, 19, 19]
        assert read[0].rows[0].issue == "i118"
        assert read[3].rows[-1].issue == "i0"
        everything = GetExams(1, own=False)
        assert read_all(ledger.connection, Papers(), everything, "", 5).total == 120
        assert read_all(ledger.connection, Papers(), everything, "2001", 5).total == 0
        late = GetExams(1, own=False, open_only=True)
        assert read_all(ledger.connection, Papers(), late, "", 9_000).total == 0


def test_a_number_within_another_is_nobody_elses(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "data") as ledger:
        give(ledger, 1, agents=("11001", '1"1001"', "10012"))
        for agent, total in (("1001", 0), ("11001", 1), ('1"1001"', 1)):
            found = read_own(ledger.connection, Papers(), GetExams(1), agent, 5)
            assert found.total == total


def test_long_lists_of_people_are_left_out_where_they_do_not_fit(tmp_path: Path) -> None:
    agents = tuple(str(number) for number in range(10_000, 15_000))
    with new_ledger(tmp_path / "data") as ledger:
        give(ledger, 50, agents=agents)
        rows = read_all(ledger.connection, Papers(), GetExams(1, own=False), "", 5).rows
    assert [row.candidates for row in rows] == [5_000] * 50
    assert rows[0].agents == agents
    assert rows[-1].agents == ()
    frame = codec.encode(Exams(1, rows, 1, 1, 50, {}))
    assert len(frame) < MOST_BYTES + 50 * 400


def test_a_paper_is_issued_until_its_window_ends(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "data") as ledger:
        give(ledger, 1)
        found = [store.is_issued(ledger.connection, "p", now_ms) for now_ms in (0, 8_999, 9_000)]
        assert found == [True, True, False]
        assert not store.is_issued(ledger.connection, "other", 0)
        ledger.record(ExamWithdrawn("i0", "5001", "有误"))
        assert not store.is_issued(ledger.connection, "p", 0)
