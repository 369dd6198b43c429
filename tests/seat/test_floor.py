"""The floor as a seat passes it on: whole, in pieces that fit a line."""

from agent_client.seat.clock import Clock
from agent_client.seat.floor import FloorCache
from protocol.facts.agent import State
from protocol.wire import desk, desk_floor
from protocol.wire.sync import Cursor, FloorBatch, FloorRow


def row(number: int) -> FloorRow:
    """An agent with as long a name as people have."""
    return FloorRow(
        agent=str(number),
        name="名" * 200,
        team="A",
        state=State.READY,
        reason=None,
        since=None,
        last_known=State.READY,
        next_state=None,
        call=None,
        link=None,
        phone=True,
        calls_answered=0,
        position=number,
    )


def batch(numbers: range, *, reset: bool = False) -> FloorBatch:
    """What the service sends."""
    return FloorBatch(Cursor("ledger", 1), tuple(map(row, numbers)), 1, reset=reset)


def test_a_large_floor_comes_in_pieces_of_which_only_the_first_resets() -> None:
    cache = FloorCache(Clock(), lambda _: None)
    cache.take(batch(range(5_000)))
    pieces = list(cache.whole())
    assert [each.agent for piece in pieces for each in piece.rows] == list(map(str, range(5_000)))
    assert [piece.reset for piece in pieces] == [True] + [False] * (len(pieces) - 1)
    assert max(len(desk.encode(piece)) for piece in pieces) < desk.MAX_LINE_BYTES


def test_an_empty_floor_is_told_too() -> None:
    (piece,) = FloorCache(Clock(), lambda _: None).whole()
    assert (piece.rows, piece.reset, piece.stale) == ((), True, True)


def test_another_ledger_begins_the_floor_anew() -> None:
    told: list[desk_floor.Floor] = []
    cache = FloorCache(Clock(), told.append)
    cache.take(batch(range(3)))
    cache.take(batch(range(3, 5), reset=True))
    assert [(len(each.rows), each.reset) for each in told] == [(3, False), (2, True)]
    assert not told[-1].stale
