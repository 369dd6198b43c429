"""Requests, hours and handovers: the tables are what a rebuild makes of the ledger, whatever was
recorded in whatever order."""

import tempfile
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent_service.requests import store
from protocol.facts.handover import (
    HandoverConfirmed,
    HandoverItem,
    HandoverWritten,
    ItemKind,
    ItemSettled,
)
from protocol.facts.record import AnyFact
from protocol.facts.request import (
    Account,
    HoursBooked,
    RequestConsented,
    RequestDecided,
    RequestKind,
    RequestMade,
    RequestSeen,
    RequestStanding,
    RequestWithdrawn,
    RosterRequest,
)
from tests.service.ledgers import new_ledger

DAY = date(2026, 3, 10)
NOW_MS = 4_000
APPROVED = RequestStanding.APPROVED
names = st.sampled_from(["r1", "r2"])
people = st.sampled_from(["1001", "1002", "2001"])
texts = st.text(max_size=3)
instants = st.integers(0, 9_000)
asked = st.builds(
    RosterRequest,
    st.sampled_from(RequestKind),
    people,
    st.just(DAY),
    instants,
    instants,
    partner=people,
)
items = st.builds(HandoverItem, st.sampled_from(ItemKind), texts)
facts: st.SearchStrategy[AnyFact] = st.one_of(
    st.builds(RequestMade, names, asked, people, texts, instants),
    st.builds(RequestConsented, names, people, st.booleans(), texts),
    st.builds(RequestDecided, names, people, st.booleans(), texts, st.integers(0, 9)),
    st.builds(RequestWithdrawn, names, people, texts),
    st.builds(RequestSeen, names, people, st.sampled_from(RequestStanding)),
    st.builds(
        HoursBooked,
        names,
        people,
        st.sampled_from(Account),
        st.integers(-9, 9),
        st.just(DAY),
        people,
        texts,
    ),
    st.builds(
        HandoverWritten, names, people, people, texts, st.lists(items, max_size=3).map(tuple)
    ),
    st.builds(HandoverConfirmed, names, people, texts),
    st.builds(ItemSettled, names, st.integers(-1, 3), people, texts),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(facts, min_size=10, max_size=40))
def test_the_tables_are_what_a_rebuild_makes_of_the_ledger(told: list[AnyFact]) -> None:
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder) / "data") as ledger:
        for fact in told:
            ledger.record(fact)
        assert ledger.verify() == len(told)


def test_the_first_word_of_each_stands(tmp_path: Path) -> None:
    made = RequestMade("r1", RosterRequest(RequestKind.LEAVE, "1001", DAY), "1001", "", 9_000)
    written = HandoverWritten("h", "1001", "", "A", (HandoverItem(ItemKind.OPEN, "one"),))
    with new_ledger(tmp_path / "data") as ledger:
        for fact in (made, written):
            ledger.record(fact)
        for actor in ("2001", "3001"):
            ledger.record(RequestDecided("r1", actor, approved=actor == "2001"))
            ledger.record(HandoverConfirmed("h", actor))
            ledger.record(ItemSettled("h", 0, actor))
        request = ledger.projections.requests.find(ledger.connection, "r1")
        handover = ledger.projections.handovers.find(ledger.connection, "h")
        assert request is not None
        assert handover is not None
        assert (request.standing(NOW_MS), request.decided_by) == (APPROVED, "2001")
        assert (handover.confirmed_by, handover.settlers()) == ("2001", {0: "2001"})
        assert not handover.open


def test_the_newest_are_read_with_how_many_there_are(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "data") as ledger:
        for name, agent, partner, actor in (
            ("r1", "1001", "", "1001"),
            ("r2", "1002", "1001", "1002"),
            ("r3", "1002", "", "1002"),
            ("r4", "1002", "", "1001"),
        ):
            swap = RosterRequest(RequestKind.SWAP, agent, DAY, partner=partner)
            ledger.record(RequestMade(name, swap, actor, "", 9_000))
        ledger.record(RequestWithdrawn("r4", "1001"))
        found, count = store.newest(ledger.connection, {"1001"}, None, 2)
        assert ([row.request for row in found], count) == (["r4", "r2"], 3)
        found, count = store.newest(ledger.connection, {"1001"}, NOW_MS, 2)
        assert ([row.request for row in found], count) == (["r2", "r1"], 2)
        assert store.newest(ledger.connection, {"1001"}, 9_000, 2) == ([], 0)
        found, count = store.newest(ledger.connection, {"1001"}, 9_000, 2, ["r3", "r4"])
        assert ([row.request for row in found], count) == (["r4"], 1)


def test_what_became_of_a_request_is_news_to_whoever_did_not_do_it(tmp_path: Path) -> None:
    swap = RosterRequest(RequestKind.SWAP, "1001", DAY, partner="1002")
    with new_ledger(tmp_path / "data") as ledger:

        def unread(now_ms: int = NOW_MS) -> tuple[set[str], list[str]]:
            row = ledger.projections.requests.find(ledger.connection, "r1")
            assert row is not None
            from_disk = [each.request for each in store.astir(ledger.connection)]
            return set(row.unread_by(now_ms)), from_disk

        ledger.record(RequestMade("r1", swap, "1001", "", 9_000))
        assert unread() == (set(), ["r1"])
        ledger.record(RequestConsented("r1", "1002", True))
        assert unread() == ({"1001"}, ["r1"])
        ledger.record(RequestSeen("r1", "1001", RequestStanding.CONSENTED))
        assert unread() == (set(), ["r1"])
        assert unread(9_000)[0] == {"1001", "1002"}
        ledger.record(RequestDecided("r1", "2001", True))
        assert unread() == ({"1001", "1002"}, ["r1"])
        ledger.record(RequestSeen("r1", "1002", APPROVED))
        ledger.record(RequestSeen("r1", "1001", RequestStanding.CONSENTED))
        assert unread() == ({"1001"}, ["r1"])
        ledger.record(RequestSeen("r1", "1001", APPROVED))
        assert unread() == (set(), [])


def test_news_of_long_ago_is_told_to_nobody(tmp_path: Path) -> None:
    leave = RosterRequest(RequestKind.LEAVE, "1001", DAY)
    with new_ledger(tmp_path / "data") as ledger:
        ledger.record(RequestMade("r1", leave, "1001", "", 9_000))
        row = ledger.projections.requests.find(ledger.connection, "r1")
        assert row is not None
        sixty_days_ms = 60 * 86_400_000
        assert row.unread_by(9_000 + sixty_days_ms - 1) == {"1001"}
        assert row.unread_by(9_000 + sixty_days_ms) == set()
