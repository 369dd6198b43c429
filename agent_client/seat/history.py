"""What this desk's disk tells of its sessions, each fact with the instant that can be known."""

from collections.abc import Sequence
from itertools import islice

from agent_client.seat.outbox import Outbox, Session
from protocol.rules.placing import Placed, place


def history(
    outbox: Outbox, sessions: Sequence[Session], families: Sequence[str] = ()
) -> list[list[Placed]]:
    """The facts of sessions that follow one another, session by session; of some families alone,
    where they are named. Instants need `session.`."""
    timed = [[fact for _, fact in outbox.timed(each, 0, families)] for each in sessions]
    placed = iter(place(fact for each in timed for fact in each))
    return [list(islice(placed, len(each))) for each in timed]
