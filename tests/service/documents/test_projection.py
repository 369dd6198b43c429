"""Documents: the tables are what a rebuild makes of the ledger, whatever was recorded in whatever
order, and acts of one commit see one another."""

import contextlib
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from agent_service import tables
from agent_service.commands.ledger import rebuild
from agent_service.documents import store
from agent_service.documents.register import DocumentRegister
from agent_service.documents.row import digest
from agent_service.ledger import replay
from protocol.facts.document import (
    AnyBody,
    DocumentEnabled,
    DocumentKind,
    DocumentPublished,
    DocumentRemoved,
    TrainingTask,
    TrainingType,
)
from protocol.facts.record import AnyFact
from protocol.wire.errors import Refused
from tests.service.documents.written import SINGLE, TYPE, content, drawing, paper
from tests.service.ledgers import Ledger, new_ledger
from tests.wire.shapes import messages

DOCUMENTS = ("d1", "d2", "d3")
documents = st.sampled_from(DOCUMENTS)
facts: st.SearchStrategy[AnyFact] = st.one_of(
    st.builds(
        DocumentPublished,
        documents,
        st.integers(1, 3),
        st.integers(1, 3),
        messages(AnyBody),
        st.just("5001"),
    ),
    st.builds(DocumentEnabled, documents, st.booleans(), st.just("5001")),
    st.builds(DocumentRemoved, documents, st.just("5001")),
)
BODIES: tuple[AnyBody, ...] = (
    TYPE,
    TrainingType("财务培训"),
    content("d1"),
    content("d2", "开票"),
    drawing("d1"),
    TrainingTask("勾选", contents=("d2",)),
    SINGLE,
    replace(SINGLE, key=("B",)),
    paper("d3"),
)
Act = Callable[[Ledger, DocumentRegister], object]


def published(name: str, body: AnyBody) -> Act:
    return lambda ledger, register: register.publish(ledger.connection, name, body, "5001")


def revised(name: str, base: int, body: AnyBody) -> Act:
    return lambda ledger, register: register.revise(ledger.connection, name, base, body, "5002")


def enabled(names: list[str], enabled: bool) -> Act:
    return lambda ledger, register: register.enable(ledger.connection, names, enabled, "5001")


def removed(names: list[str]) -> Act:
    return lambda ledger, register: register.remove(ledger.connection, names, "5001")


acts = st.one_of(
    st.builds(published, documents, st.sampled_from(BODIES)),
    st.builds(revised, documents, st.integers(1, 3), st.sampled_from(BODIES)),
    st.builds(enabled, st.lists(documents, max_size=3), st.booleans()),
    st.builds(removed, st.lists(documents, max_size=3)),
)
GENTLE = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@GENTLE
@given(st.lists(facts, min_size=5, max_size=25))
def test_the_tables_are_what_a_rebuild_makes_of_the_ledger(told: list[AnyFact]) -> None:
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder) / "data") as ledger:
        for fact in told:
            ledger.record(fact)
        assert ledger.verify() == len(told)


@GENTLE
@given(st.lists(st.lists(acts, max_size=4), min_size=1, max_size=8))
def test_acts_in_any_order_and_any_groups_leave_the_same_tables(groups: list[list[Act]]) -> None:
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder) / "data") as ledger:
        register = DocumentRegister(ledger.appender, ledger.projections.documents)
        for group in groups:
            with ledger.committed():
                for act in group:
                    with contextlib.suppress(Refused):
                        act(ledger, register)
        ledger.verify()
        check_tables(ledger)


def check_tables(ledger: Ledger) -> None:
    """Names and numbers are unique, every version is there, and what is mentioned exists."""
    heads = [store.head(ledger.connection, document) for document in DOCUMENTS]
    rows = [row for row in heads if row is not None]
    there = {row.document for row in rows if not row.removed}
    for row in rows:
        bodies = [
            store.version(ledger.connection, row.document, each + 1) for each in range(row.version)
        ]
        assert bodies[-1] == row.read()
        assert None not in bodies
        assert store.version(ledger.connection, row.document, row.version + 1) is None
    numbers = Counter((row.what, row.number) for row in rows)
    named = Counter(
        (row.what, row.parent * (row.what is DocumentKind.TRAINING_CONTENT), row.name_key)
        for row in rows
        if not row.removed and row.what is not DocumentKind.QUESTION
    )
    assert {*numbers.values(), *named.values()} <= {1}
    mentioned = {
        row.parent
        for row in rows
        if not row.removed
        and row.what in (DocumentKind.TRAINING_CONTENT, DocumentKind.TRAINING_TASK)
    }
    assert mentioned - {""} <= there


def test_acts_of_one_commit_see_one_another(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "data") as ledger:
        register = DocumentRegister(ledger.appender, ledger.projections.documents)
        connection = ledger.connection

        def refused(act: Act) -> str:
            try:
                act(ledger, register)
            except Refused as refusal:
                return str(refusal.params.get("fault", refusal.code))
            return ""

        with ledger.committed():
            assert register.publish(connection, "t", TYPE, "5001").number == 1
            assert refused(published("t2", TYPE)) == "name_taken"
            assert refused(published("task", drawing("t"))) == "n_exceeds_content"
            assert register.publish(connection, "c", content("t"), "5001").enabled
            register.enable(connection, ["c"], False, "5001")
            assert refused(published("task", drawing("t"))) == "n_exceeds_content"
            register.enable(connection, ["c"], True, "5001")
            assert refused(published("task", drawing("t"))) == ""
            assert register.remove(connection, ["t"], "5001") == ((), {"t": "document_used"})
            assert refused(revised("t", 1, TrainingType("新"))) == ""
            assert refused(published("t2", TYPE)) == ""
            assert store.head(connection, "t") is None
        found = [store.head(connection, each) for each in ("t", "t2", "c", "task")]
        assert [(row.number, row.version) for row in found if row is not None] == [
            (1, 2),
            (2, 1),
            (1, 1),
            (1, 1),
        ]
        ledger.verify()


def test_a_paper_that_people_sit_is_kept(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "data") as ledger:
        register = DocumentRegister(
            ledger.appender, ledger.projections.documents, lambda base, paper: paper == "p"
        )
        with ledger.committed():
            register.publish(ledger.connection, "q", SINGLE, "5001")
            register.publish(ledger.connection, "p", paper("q"), "5001")
            outcome = register.remove(ledger.connection, ["p", "q"], "5001")
        assert outcome == ((), {"p": "document_used", "q": "document_used"})


def test_nobody_but_the_service_speaks_of_documents(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "data") as ledger:
        told: tuple[AnyFact, ...] = (
            DocumentPublished("t", 1, 1, TYPE, "5001"),
            DocumentEnabled("t", False, "5001"),
        )
        for fact in told:
            ledger.record(fact)
        others = tables.empty_projections()
        for entry, fact in zip(replay.entries(ledger.connection), told, strict=True):
            others.documents.fold(replace(entry, agent="1001"), fact)
            others.document_versions.fold(replace(entry, agent="1001"), fact)
        ledger.connection.execute("DELETE FROM document")
        ledger.connection.execute("DELETE FROM document_version")
        assert others.documents.find(ledger.connection, "t") is None
        assert others.document_versions.find(ledger.connection, "t", "1") is None


def test_contents_are_found_in_their_order(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "data") as ledger:
        register = DocumentRegister(ledger.appender, ledger.projections.documents)
        connection = ledger.connection
        with ledger.committed():
            register.publish(connection, "t", TYPE, "5001")
            for name, place in (("a", 2), ("b", 1), ("c", 2), ("d", 1), ("e", 1)):
                register.publish(connection, name, content("t", name, place=place), "5001")
            register.revise(connection, "b", 1, content("t", "b", place=1, remark="x"), "5001")
            register.enable(connection, ["d"], False, "5001")
            register.remove(connection, ["e"], "5001")
        assert store.enabled_contents(connection, "t") == [("b", 2), ("a", 1), ("c", 1)]
        by_kind = store.by_kind(connection, DocumentKind.TRAINING_CONTENT)
        assert [row.document for row in by_kind] == ["b", "d", "a", "c"]
        first = store.stored_version(connection, "b", 1)
        assert first is not None
        assert (first.digest, first.actor) == (digest(first.read()), "5001")


def test_tables_that_were_lost_are_folded_anew(tmp_path: Path) -> None:
    def rows(ledger: Ledger, table: str) -> list[tuple[object, ...]]:
        return ledger.connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()

    with new_ledger(tmp_path / "data") as ledger:
        register = DocumentRegister(ledger.appender, ledger.projections.documents)
        with ledger.committed():
            for number, body in enumerate(BODIES[:2]):
                register.publish(ledger.connection, f"d{number}", body, "5001")
        with ledger.committed():
            register.revise(ledger.connection, "d0", 1, TrainingType("新"), "5002")
            register.remove(ledger.connection, ["d1"], "5001")
        before = [rows(ledger, table) for table in ("document", "document_version")]
        assert [len(each) for each in before] == [2, 3]
        ledger.connection.execute("DELETE FROM document")
        ledger.connection.execute("UPDATE document_version SET body = '{}'")
        rebuild(ledger.folder, lambda done, of: None)
        assert [rows(ledger, table) for table in ("document", "document_version")] == before
        ledger.verify()
