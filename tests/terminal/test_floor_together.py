"""The adherence of a floor and of its teams: sums of seconds, kept as rows come and go."""

from hypothesis import given
from hypothesis import strategies as st

from agent_client.terminal.floor_board import FloorBoard
from agent_client.terminal.floor_together import FloorTogether
from protocol.facts.agent import State
from protocol.rules.team_adherence import TeamRow, team_adherence
from protocol.wire.desk_floor import Floor
from protocol.wire.sync import FloorRow
from tests.terminal.fake_seat import NOW
from tests.terminal.scenes import row

_seconds = st.integers(0, 40_000)


def counted(agent: str, team: str, counted_s: int, in_s: int, unknown_s: int = 0) -> FloorRow:
    """Somebody's day so far."""
    told = {"counted_s": counted_s, "in_s": in_s, "in_high_s": in_s + unknown_s}
    return row(agent, State.READY, 1, team=team, **told)


def of(*rows: FloorRow) -> FloorTogether:
    """A floor that was told all at once, and then once more."""
    board = FloorBoard()
    board.take(Floor(rows, NOW, reset=True))
    board.take(Floor(rows, NOW))
    return board.together


def test_a_long_day_weighs_more_than_a_short_one() -> None:
    floor = of(counted("1", "A", 32_400, 32_400), counted("2", "B", 3_600, 0))
    assert floor.all.said() == "90.00 %"
    assert [(name, team.said()) for name, team in floor.teams()] == [
        ("B", "0.00 %"),
        ("A", "100.00 %"),
    ]


def test_unknown_time_makes_it_a_provisional_range() -> None:
    floor = of(counted("1", "A", 1_000, 900, 50), row("2", State.LOGGED_OFF, 1, team="B"))
    assert floor.all.said() == "~90.00–95.00 %"
    assert list(floor.teams()) == []


def test_nothing_planned_is_no_figure() -> None:
    assert of(row("1", State.READY, 1)).all.said() == "–"


def test_who_changes_the_team_takes_their_seconds_along() -> None:
    board = FloorBoard()
    board.take(Floor((counted("1", "A", 100, 50), counted("2", "B", 100, 90)), NOW, reset=True))
    board.take(Floor((counted("1", "B", 100, 60),), NOW))
    assert board.together.all.said() == "75.00 %"
    assert list(board.together.teams()) == []


@given(st.lists(st.tuples(_seconds, _seconds), min_size=1))
def test_it_is_what_the_rule_for_teams_says(days: list[tuple[int, int]]) -> None:
    rows = [counted(str(n), "A", max(day), min(day)) for n, day in enumerate(days)]
    told = team_adherence(TeamRow(each.agent, each.counted_s or 0, each.in_s or 0) for each in rows)
    floor = of(*rows)
    assert (floor.all.in_s, floor.all.counted_s) == (told.in_s, told.scheduled_s)
