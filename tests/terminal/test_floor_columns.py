"""The columns of the floor at every width, and what they say."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_client.terminal.floor_columns import GAP, Moment, asked_of, columns, place
from agent_client.terminal.floor_need import Need, outlook
from agent_client.terminal.wording import Wording
from protocol.facts.agent import Reason, State
from protocol.facts.order import OrderKind, OrderOutcome
from protocol.facts.shift import Activity
from protocol.i18n import LANGUAGES, load
from protocol.wire.sync import FloorCall, Link
from tests.terminal.calls_data import LINE
from tests.terminal.fake_seat import NOW
from tests.terminal.scenes import FLOOR, row

WORDS = {language: Wording(load(language)) for language in LANGUAGES}
_words = st.sampled_from(list(WORDS.values()))


@given(st.integers(0, 400), _words)
def test_the_columns_never_exceed_the_width(width: int, words: Wording) -> None:
    placed = place(width, columns(words))
    assert sum(each.width + GAP for each in placed) <= width + GAP


@given(st.integers(0, 400), _words)
def test_a_wider_screen_never_shows_less(width: int, words: Wording) -> None:
    narrow = {each.column.name for each in place(width, columns(words))}
    wide = {each.column.name for each in place(width + 1, columns(words))}
    assert narrow <= wide


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_lead_needs_first_fits_into_80_cells(language: str) -> None:
    names = [each.column.name for each in place(77, columns(WORDS[language]))]
    assert names[:7] == ["mark", "number", "name", "state", "reason", "lasts", "call"]


@pytest.mark.parametrize(
    ("reason", "order", "outcome", "said"),
    [
        (Reason.MEAL, None, None, "Meal"),
        (None, OrderKind.FORCE_NOT_READY, None, "→ waiting"),
        (None, OrderKind.FORCE_NOT_READY, OrderOutcome.QUEUED, "→ queued"),
        (Reason.MEAL, OrderKind.FORCE_NOT_READY, OrderOutcome.REFUSED, "→ refused"),
        (Reason.FORCED, OrderKind.FORCE_NOT_READY, OrderOutcome.APPLIED, "Set by a lead"),
        (Reason.MEAL, OrderKind.MESSAGE, OrderOutcome.SEEN, "Meal"),
        (None, OrderKind.MESSAGE, OrderOutcome.SEEN, "→ read"),
    ],
)
def test_at_80_cells_the_reason_makes_way_for_what_became_of_an_order(
    reason: Reason | None, order: OrderKind | None, outcome: OrderOutcome | None, said: str
) -> None:
    asked = row("1", State.NOT_READY, 1, reason=reason, order=order, order_outcome=outcome)
    narrow = {each.column.name: each for each in place(77, columns(WORDS["en"]))}
    assert "asked" not in narrow
    cell = narrow["reason"].column.say(asked, Moment(WORDS["en"], NOW))
    assert cell.text.casefold() == said.casefold()


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_120_cells_the_row_says_what_was_asked_what_is_planned_and_how_it_goes(
    language: str,
) -> None:
    placed = {each.column.name: each for each in place(118, columns(WORDS[language]))}
    assert {"asked", "planned", "share"} <= placed.keys()
    free_of_orders = row("1", State.NOT_READY, 1, order=OrderKind.MESSAGE)
    assert placed["reason"].column.say(free_of_orders, Moment(WORDS[language], NOW)).text == ""


@given(st.integers(60, 400), _words)
def test_the_name_is_whole_before_anything_else_is_wider(width: int, words: Wording) -> None:
    placed = {each.column.name: each for each in place(width, columns(words))}
    wider = [each for each in placed.values() if each.width > each.column.least]
    names = [each for each in wider if each.column.name == "name"]
    assert not wider or names
    assert len(wider) < 2 or names[0].width == names[0].column.most


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_fits_into_200_cells(language: str) -> None:
    assert len(place(198, columns(WORDS[language]))) == len(columns(WORDS[language]))


@pytest.mark.parametrize(("width", "said"), [(118, "=Meal"), (208, "=Meal –22:30")])
def test_where_there_is_room_it_is_said_how_long_it_is_planned(width: int, said: str) -> None:
    until = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
    eats = row("1", State.READY, 1, planned=Activity.MEAL, planned_until=until, adhering=True)
    placed = {each.column.name: each for each in place(width, columns(WORDS["en"]))}
    moment = Moment(WORDS["en"], NOW, zone="Asia/Shanghai")
    assert placed["planned"].column.say(eats, moment).text == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_has_something_to_say_of_everybody(language: str) -> None:
    said = [
        column.say(each, Moment(WORDS[language], NOW)).text
        for column in columns(WORDS[language])
        for each in FLOOR
    ]
    assert all("\n" not in text for text in said)


def test_an_unknown_state_tells_the_last_known_one() -> None:
    offline = row("1", State.OFFLINE, 3, last_known=State.TALK, link=Link.OFFLINE)
    said = {
        column.name: column.say(offline, Moment(WORDS["en"], NOW)).text
        for column in columns(WORDS["en"])
    }
    assert (said["mark"], said["state"], said["reason"]) == ("! ", "? Offline", "was Talk")
    assert said["lasts"] == "3:00"


def test_nothing_is_said_of_a_phone_that_is_not_heard_any_more() -> None:
    offline = row("1", State.OFFLINE, 3, last_known=State.TALK, link=Link.OFFLINE, phone=True)
    phone = next(column for column in columns(WORDS["en"]) if column.name == "phone")
    assert phone.say(offline, Moment(WORDS["en"], NOW)).text == ""


def test_who_is_marked_shows_it_beside_the_need_for_help() -> None:
    offline = row("1", State.OFFLINE, 3)
    mark = next(column for column in columns(WORDS["en"]) if column.name == "mark")
    assert mark.say(offline, Moment(WORDS["en"], NOW, {"1"})).text == "!✓"


@pytest.mark.parametrize(
    ("order", "outcome", "text"),
    [
        (None, None, ""),
        (OrderKind.MESSAGE, None, "message: waiting"),
        (OrderKind.MESSAGE, OrderOutcome.SEEN, "message: read"),
        (OrderKind.FORCE_NOT_READY, OrderOutcome.QUEUED, "take out: queued"),
        (OrderKind.FORCE_SIGN_OUT, OrderOutcome.REFUSED, "end shift: refused"),
        (OrderKind.ASK_READY, OrderOutcome.EXPIRED, "ask ready: expired"),
    ],
)
def test_what_became_of_what_was_asked(
    order: OrderKind | None, outcome: OrderOutcome | None, text: str
) -> None:
    asked = row("1", State.TALK, 1, order=order, order_outcome=outcome)
    assert asked_of(asked, WORDS["en"]) == text


def test_the_counts_of_yesterday_are_none_of_today() -> None:
    yesterday = NOW.date() - timedelta(days=1)
    late = row("1", State.READY, 1, calls_answered=7, calls_missed=2, day=yesterday)
    by_name = {column.name: column for column in columns(WORDS["en"])}
    for today, counted in ((yesterday, ("7", "2")), (NOW.date(), ("0", ""))):
        moment = Moment(WORDS["en"], NOW, today=today)
        said = (
            by_name["answered"].say(late, moment).text,
            by_name["missed"].say(late, moment).text,
        )
        assert said == counted


@pytest.mark.parametrize(("language", "text"), [("en", "Complaints"), ("zh_CN", "投诉专线")])
def test_a_line_of_business_is_called_by_its_name(language: str, text: str) -> None:
    talking = row("1", State.TALK, 3, call=FloorCall("inbound", "138", NOW, LINE.name))
    column = next(each for each in columns(WORDS[language]) if each.name == "call")
    assert column.say(talking, Moment(WORDS[language], NOW, lines=(LINE,))).text.endswith(text)


def test_what_was_asked_is_written_as_each_language_writes() -> None:
    asked = row("1", State.TALK, 1, order=OrderKind.MESSAGE, order_outcome=OrderOutcome.SEEN)
    assert asked_of(asked, WORDS["zh_CN"]) == "消息：已读"


@pytest.mark.parametrize(
    ("adhering", "mark", "said"),
    [(True, "  ", "=Meal"), (False, "≠ ", "≠Meal"), (None, "  ", " Meal")],
)
def test_who_does_something_else_is_marked_and_never_where_nobody_knows(
    adhering: bool | None, mark: str, said: str
) -> None:
    planned = row("1", State.READY, 1, planned=Activity.MEAL, adhering=adhering)
    says = {each.name: each.say(planned, Moment(WORDS["en"], NOW)) for each in columns(WORDS["en"])}
    assert (says["mark"].text, says["planned"].text) == (mark, said)


@pytest.mark.parametrize(
    ("low", "high", "said"), [(None, None, ""), (900, 900, "90"), (815, 967, "82–97")]
)
def test_a_share_with_unknown_time_is_a_range(low: int | None, high: int | None, said: str) -> None:
    counted = None if low is None else 1000
    known = row("1", State.READY, 1, counted_s=counted, in_s=low, in_high_s=high)
    says = {each.name: each.say for each in columns(WORDS["en"])}
    assert says["share"](known, Moment(WORDS["en"], NOW)).text == said


@pytest.mark.parametrize("fatigue", ["warn", "offer", "limit"])
def test_whoever_was_given_no_rest_needs_help(fatigue: str) -> None:
    tired = row("1", State.READY, 1, fatigue=fatigue)
    says = {each.name: each.say(tired, Moment(WORDS["en"], NOW)) for each in columns(WORDS["en"])}
    assert (says["mark"].text, says["reason"].text) == ("! ", "no rest given yet")
    assert outlook(tired).present is Need.NO_REST
