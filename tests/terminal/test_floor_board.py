"""What is known of a floor: counts and needs are kept up to date with every row."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from agent_client.terminal.floor_board import FloorBoard
from agent_client.terminal.floor_need import Need, outlook, second_of
from agent_client.terminal.wording import Wording
from protocol.facts.agent import State
from protocol.i18n import load
from protocol.wire.desk_floor import Floor
from protocol.wire.sync import FloorRow
from tests.terminal.fake_seat import NOW
from tests.terminal.scenes import row

WORDS = Wording(load("en"))
_rows = st.builds(
    row, st.integers(1, 12).map(str), st.sampled_from(State), st.floats(0, 20).map(float)
)
_batches = st.lists(st.tuples(st.lists(_rows, max_size=8), st.booleans()), max_size=8)


def filled(batches: list[tuple[list[FloorRow], bool]]) -> tuple[FloorBoard, dict[str, FloorRow]]:
    """A board after some pieces, and the rows that it has to know by then."""
    board, rows = FloorBoard(), {}
    for piece, reset in batches:
        board.take(Floor(tuple(piece), NOW, reset=reset))
        rows = {} if reset else rows
        rows |= {each.agent: each for each in piece}
    return board, rows


@given(_batches)
def test_the_counts_are_those_of_the_rows(batches: list[tuple[list[FloorRow], bool]]) -> None:
    board, rows = filled(batches)
    counted = dict(board.counts())
    assert counted == {
        state: sum(each.state is state for each in rows.values()) for state in counted
    }
    assert sum(counted.values()) == len(rows) == len(board.order.agents)


@given(_batches, st.integers(0, 1200))
def test_who_needs_help_is_counted_at_any_second(
    batches: list[tuple[list[FloorRow], bool]], later: int
) -> None:
    board, rows = filled(batches)
    now = NOW + timedelta(seconds=later)
    needy = [each for each in rows.values() if outlook(each).at(second_of(now)) is not Need.NONE]
    assert board.helpless(now) == len(needy)


@given(_batches, st.sampled_from(["", "talk", "1", "state:acw"]))
def test_a_search_shows_the_same_whether_it_came_before_the_rows_or_after(
    batches: list[tuple[list[FloorRow], bool]], needle: str
) -> None:
    before, after = FloorBoard(), FloorBoard()
    before.search(needle, WORDS)
    for piece, reset in batches:
        before.take(Floor(tuple(piece), NOW, reset=reset))
        after.take(Floor(tuple(piece), NOW, reset=reset))
    after.search(needle, WORDS)
    assert before.visible == after.visible
    assert set(before.order.agents) == set(before.visible)


def test_a_mark_goes_with_its_row() -> None:
    board, _ = filled([([row("1", State.READY, 1), row("2", State.READY, 1)], True)])
    board.tick("1")
    board.tick("2")
    board.tick("2")
    assert list(board.ticked) == ["1"]
    board.take(Floor((row("2", State.READY, 1),), NOW, reset=True))
    assert not board.ticked
