"""A desk whose disk spoils its records goes on, and says what is lost: real processes."""

import pytest

from agent_client.seat.place import place_of
from protocol.facts.agent import Reason, State
from protocol.facts.session import FactsLost
from protocol.wire import desk
from protocol.wire.sync import Link
from tests.integration.rig import Rig

pytestmark = pytest.mark.timeout(180)


@pytest.mark.prove
async def test_a_seat_with_damaged_records_goes_on_and_declares_what_it_lost(floor: Rig) -> None:
    agent = await floor.agent_at_work()
    await agent.ask(lambda id_: desk.Break(id_, Reason.MEAL))
    await floor.all_sent(agent)
    await floor.seats["1001"].kill()
    records = place_of(floor.settings("1001")).outbox
    for file in (records, records.with_name("outbox.db-wal")):
        with file.open("r+b") as stream:
            stream.write(b"\x00" * 4096)
    agent = await floor.start_seat("1001")
    status = await agent.until(lambda now: now.link is Link.ONLINE)
    assert status.state is State.NOT_READY
    assert [notice.code for notice in status.notices] == ["records_damaged"]
    await floor.all_sent(agent)
    assert [fact for _, _, fact in floor.ledger() if isinstance(fact, FactsLost)] == [
        FactsLost("", 1, None)
    ]
    assert records.with_name("outbox.damaged-1.db").exists()
    await floor.command("verify", "--data", str(floor.data))
