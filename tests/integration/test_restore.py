"""An older backup takes the place of a service's database while people work: what came after it
comes again from the desks, every fact once, and the seats notice that the chain is another."""

import pytest

from agent_client.seat.place import place_of
from protocol.facts.agent import Reason, State
from protocol.wire import desk
from protocol.wire.sync import Link
from tests.integration import evidence
from tests.integration.lead import PersistentLead
from tests.integration.rig import PASSWORD, Rig
from tests.integration.shift import Shift, nothing

NOTICED = ("the ledger differs at entry", "the ledger ends before entry")


async def an_hour_after_the_backup(one: Shift, other: Shift) -> None:
    """Calls, wrap-ups, a break, a new session of one, and the other goes home."""
    await one.takes_call(nothing, nothing, nothing)
    await one.signs_out_and_in()
    await one.takes_call(nothing, nothing, nothing)
    await one.break_(Reason.MEAL)
    await other.queues_break(Reason.TRAINING)
    await other.rejects()
    await other.player.ask(desk.SignOut)
    other.truth.acts.append("sign_out")
    for shift in (one, other):
        await shift.floor.all_sent(shift.player)


async def restored(floor: Rig) -> None:
    """Kill the service, and start it on the backup."""
    assert floor.service is not None
    await floor.service.kill()
    await floor.command("restore", str(floor.folder / "backup.db"), "--data", str(floor.data))
    await floor.start_service()


def log_of(floor: Rig, seat: str) -> str:
    """What a seat has logged."""
    records = place_of(floor.settings(seat)).records
    return "".join(log.read_text() for log in records.glob("*.log"))


@pytest.mark.prove
async def test_what_came_after_the_backup_comes_again(
    shift_floor: Rig, lead: PersistentLead, codes: list[str]
) -> None:
    floor = shift_floor
    one, other = shifts = [Shift(floor, number, lead, codes) for number in ("1001", "1002")]
    try:
        for shift in shifts:
            await shift.begin()
            await shift.takes_call(nothing, nothing, nothing)
        await floor.command("backup", str(floor.folder / "backup.db"), "--data", str(floor.data))
        await an_hour_after_the_backup(one, other)
        had = floor.ledger()
        await restored(floor)
        assert len(floor.ledger()) < len(had)

        status = await one.player.until(lambda now: now.link_fault == "bad_token")
        assert (status.state, status.reason) == (State.NOT_READY, Reason.MEAL)
        await one.player.ask(lambda id_: desk.SignIn(id_, PASSWORD))
        await one.is_confirmed()
        await other.player.until(lambda status: status.link is Link.ONLINE)
        await one.player.ask(desk.SignOut)
        one.truth.acts.append("sign_out")
        for shift in shifts:
            await floor.all_sent(shift.player)
            assert any(words in log_of(floor, shift.seat) for words in NOTICED)
        await evidence.compare(floor, lead, shifts)
    finally:
        for shift in shifts:
            await shift.close()
