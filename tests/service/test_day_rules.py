"""The rules of the settings are adopted at the start of the service, and hold from a business date
on."""

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path
from sqlite3 import Connection

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent_service import database
from agent_service.commands.ledger import rebuild, verify
from agent_service.day_rules import store
from agent_service.day_rules.adopting import FIRST_DAY, RulesAdopter
from agent_service.settings import Settings
from protocol.facts.shift import RulesAdopted
from protocol.rules import day_rules
from protocol.rules.day_rules import AdherenceRules, AdherenceSettings, DayRules
from protocol.wire.errors import Refused
from tests.service.conftest import HIRED, SETTINGS, STARTED, Serve
from tests.service.exception_requests import days_ago
from tests.service.ledgers import Ledger, new_ledger

DEFAULT = DayRules()
STRICT = DayRules(AdherenceRules(grace_s=30))
LAX = DayRules(AdherenceRules(grace_s=90))
TODAY = date(2026, 11, 22)
TOMORROW = TODAY + timedelta(days=1)


@contextmanager
def reading(data: Path) -> Iterator[Connection]:
    with closing(database.open_reader(data / database.FILE)) as connection:
        yield connection


def with_rules(rules: DayRules) -> Settings:
    """The settings of the tests with another grace."""
    adherence = AdherenceSettings(grace_s=rules.adherence.grace_s)
    return msgspec.structs.replace(SETTINGS, adherence=adherence)


def adopt(ledger: Ledger, rules: DayRules, today: date = TODAY) -> None:
    """As a start of the service does."""
    with ledger.committed():
        RulesAdopter(ledger.appender, rules, lambda: today).adopt(ledger.connection)


def held(ledger: Ledger, *days: date) -> list[DayRules]:
    """The rules of each day."""
    return [store.in_force(ledger.connection, day).rules for day in days]


async def test_rules_are_adopted_at_the_first_start_for_all_days(serve: Serve, data: Path) -> None:
    assert verify(data).position == HIRED
    async with serve():
        pass
    async with serve():
        pass
    assert verify(data).position == STARTED
    with reading(data) as connection:
        for day in (FIRST_DAY, days_ago(0), days_ago(-400)):
            assert store.in_force(connection, day) == (day_rules.version(DEFAULT), DEFAULT)


async def test_other_rules_hold_from_the_next_day_on(serve: Serve, data: Path) -> None:
    for rules in (DEFAULT, STRICT, STRICT):
        async with serve(with_rules(rules)):
            pass
    rebuild(data, lambda done, entries: None)
    assert verify(data).position == STARTED + 1
    with reading(data) as connection:
        assert store.in_force(connection, days_ago(0)).rules == DEFAULT
        assert store.in_force(connection, days_ago(-2)).rules == STRICT


def test_of_two_changes_of_one_day_the_later_holds(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "data") as ledger:
        for rules in (DEFAULT, STRICT, LAX):
            adopt(ledger, rules)
        assert held(ledger, TODAY, TOMORROW) == [DEFAULT, LAX]
        adopt(ledger, DEFAULT)
        assert held(ledger, TODAY, TOMORROW) == [DEFAULT, DEFAULT]
        adopt(ledger, STRICT, TODAY - timedelta(days=3))
        before, since = TODAY - timedelta(days=3), TODAY - timedelta(days=2)
        assert held(ledger, before, since, TODAY, TOMORROW) == [DEFAULT, STRICT, STRICT, STRICT]
        assert ledger.verify() == 5


def test_before_any_the_programs_own_hold(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "data") as ledger:
        assert held(ledger, TODAY) == [DEFAULT]
        assert store.adopted(ledger.connection, TODAY, TODAY) == ()


def test_the_rules_of_a_span_begin_with_those_of_its_first_day(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "data") as ledger:
        adopt(ledger, DEFAULT)
        adopt(ledger, STRICT, date(2026, 11, 9))
        adopt(ledger, LAX, date(2026, 11, 19))

        def adopted(first: int, last: int) -> list[tuple[date, DayRules]]:
            span = (date(2026, 11, first), date(2026, 11, last))
            return [(each.since, each.values) for each in store.adopted(ledger.connection, *span)]

        first, second, third = (
            (FIRST_DAY, DEFAULT),
            (date(2026, 11, 10), STRICT),
            (date(2026, 11, 20), LAX),
        )
        assert adopted(1, 9) == [first]
        assert adopted(1, 10) == [first, second]
        assert adopted(10, 30) == [second, third]
        assert adopted(19, 19) == [second]
        assert adopted(20, 20) == [third]


changes = st.lists(
    st.tuples(st.sampled_from([DEFAULT, STRICT, LAX]), st.integers(-3, 3)), max_size=6
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(changes)
def test_a_span_tells_of_each_day_what_holds_on_it(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[DayRules, int]]
) -> None:
    with new_ledger(tmp_path_factory.mktemp("rules") / "data") as ledger:
        adopt(ledger, DEFAULT)
        for rules, later in changes:
            adopt(ledger, rules, TODAY + timedelta(days=later))
        days = [TODAY + timedelta(days=number) for number in range(-4, 6)]
        told = store.adopted(ledger.connection, days[0], days[-1])
        assert [each.since for each in told] == sorted({each.since for each in told})
        by_span = [[each.values for each in told if each.since <= day][-1] for day in days]
        assert by_span == held(ledger, *days)
        ledger.verify()


def test_values_of_another_version_are_kept_and_said_to_be_unreadable(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with new_ledger(tmp_path / "data") as ledger:
        adopt(ledger, DEFAULT)
        values = msgspec.Raw(b'{"adherence": {"a_later_key": 1}}')
        ledger.record(RulesAdopted("later", TODAY, values))
        with pytest.raises(Refused, match="rules_unreadable") as refused:
            store.in_force(ledger.connection, TODAY)
        assert refused.value.params == {"version": "later", "since": "2026-11-22"}
        yesterday = TODAY - timedelta(days=1)
        assert held(ledger, yesterday) == [DEFAULT]
        (told,) = store.adopted(ledger.connection, yesterday, TOMORROW)
        assert told.values == DEFAULT
        with caplog.at_level(logging.WARNING):
            adopt(ledger, DEFAULT)
        assert [record.message for record in caplog.records] == ["rules_unreadable"]
        assert held(ledger, TOMORROW) == [DEFAULT]
        kept = ledger.connection.execute(
            "SELECT values_json FROM adopted_rules WHERE version = 'later'"
        ).fetchall()
        assert kept == [(bytes(values).decode(),)]
        ledger.verify()
