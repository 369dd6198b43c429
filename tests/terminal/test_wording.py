from datetime import UTC, datetime

import msgspec
import pytest

from agent_client.terminal.wording import Wording, clock_time, duration
from protocol.facts.agent import Reason, State
from protocol.i18n import LANGUAGES, load
from protocol.wire.desk import PhoneState
from protocol.wire.sync import Link
from tests.terminal.fake_seat import SIGNED_OUT


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (65, "1:05"), (3599, "59:59"), (3600, "1:00:00"), (None, "--:--")],
)
def test_durations(seconds: int | None, text: str) -> None:
    assert duration(seconds) == text


def test_the_time_of_day_is_the_sites() -> None:
    instant = datetime(2026, 11, 22, 20, 0, 1, tzinfo=UTC)
    assert clock_time(instant, "Asia/Shanghai") == "04:00:01"
    assert clock_time(None, "Asia/Shanghai") == "--:--"


@pytest.mark.parametrize("zone", ["Middle/Earth", "../etc/passwd", ""])
def test_an_unknown_zone_shows_utc_and_says_so(zone: str) -> None:
    assert clock_time(datetime(2026, 11, 22, 20, tzinfo=UTC), zone) == "20:00:00 UTC"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_reason_and_phone_has_words(language: str) -> None:
    words = Wording(load(language))
    assert all(words.state(state) for state in State)
    assert all(words.reason(reason) for reason in Reason)
    assert all(
        words.phone(msgspec.structs.replace(SIGNED_OUT, phone=phone)) for phone in PhoneState
    )


def test_what_follows_a_call() -> None:
    words = Wording(load("en"))
    assert words.next_state("READY") == "Ready"
    assert words.next_state("NOT_READY:MEAL") == "Meal"
    assert words.next_state("NOT_READY:NAP") == "NOT_READY:NAP"


def test_a_link_without_a_fault_is_being_made() -> None:
    words = Wording(load("en"))
    assert words.link(Link.OFFLINE, None) == "Connecting to the service …"
    assert words.link(Link.ONLINE, None) == "Service online"
