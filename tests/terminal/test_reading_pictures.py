"""Pictures of the own tasks, the reader and the offer, in both languages. Look at each that
changes."""

from dataclasses import dataclass

import pytest
from syrupy.assertion import SnapshotAssertion

from protocol.facts.agent import State
from protocol.wire.desk_training import DeskTraining
from tests.terminal.fake_seat import FakeSeat
from tests.terminal.pictures import SIZES, in_both_languages
from tests.terminal.plan_scenes import own_day
from tests.terminal.reading_scenes import offered, prepare, reading, recalled
from tests.terminal.scenes import status
from tests.terminal.sheets import signed_in
from tests.terminal.waiting import until

pytestmark = pytest.mark.prove


@dataclass(frozen=True)
class Moment:
    """A picture: the keys before it, each group once the last was answered, and what the seat
    tells then."""

    keys: tuple[tuple[str, ...], ...] = ()
    told: tuple[DeskTraining, ...] = ()


MOMENTS = {
    "offer": Moment(told=(offered(),)),
    "tasks": Moment((("s",), ("down",))),
    "tasks-every": Moment((("s",), ("o",), ("end",))),
    "reader": Moment((("s",), ("enter",))),
    "reader-table": Moment((("s",), ("enter",), ("space",)), (recalled("k2", "2001"),)),
    "reader-end": Moment(
        (("s",), ("enter",), ("space",) * 6), (reading("k2", running=False, since_ms=None),)
    ),
    "reader-done": Moment((("s",), ("enter",), ("space",) * 6, ("enter",))),
}


@pytest.mark.parametrize("name", MOMENTS)
async def test_in_both_languages(
    terminal, seat: FakeSeat, snapshot: SnapshotAssertion, name: str
) -> None:
    moment = MOMENTS[name]
    prepare(seat)
    seat.own_day = own_day()
    async with signed_in(terminal, seat, status(State.READY)) as (app, pilot):
        await until(lambda: app._known.training is not None)
        for keys in moment.keys:
            await pilot.press(*keys)
        for told in moment.told:
            seat.send(told)
            await until(lambda told=told: app._known.training == told)
        await in_both_languages(pilot, snapshot, chinese=SIZES)
