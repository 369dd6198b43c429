"""How many handovers wait for whom, as they are written, taken over and settled."""

from msgspec.structs import replace

from agent_service.handover.row import StoredHandover
from agent_service.handover.waiting import WaitingHandovers
from protocol.wire.session import Person, Role

WRITTEN_MS = 1_000
TO_TEAM = StoredHandover("h1", "1001", "", "A", "[]", WRITTEN_MS)
TO_ONE = StoredHandover("h2", "1001", "1002", "A", "[]", WRITTEN_MS + 1)
PEOPLE = [Person(number, number, (Role.AGENT,), "A") for number in ("1001", "1002", "1003")]


def counted(waiting: WaitingHandovers) -> list[int]:
    """For the writer, the one who is named, and another of the team."""
    return [waiting.waiting(person) for person in PEOPLE]


def test_each_waits_for_its_people_once_however_often_it_is_told() -> None:
    waiting = WaitingHandovers()
    for _ in range(2):
        waiting.take([TO_TEAM, TO_ONE])
        assert counted(waiting) == [0, 2, 1]
    taken = replace(TO_TEAM, confirmed_by="1003")
    waiting.take([taken])
    assert counted(waiting) == [0, 1, 1]
    waiting.take([replace(taken, open=False)])
    assert counted(waiting) == [0, 1, 0]
    assert waiting.waiting(Person("9", "9", (Role.LEADER,), "")) == 0
