"""Whom somebody may give tasks and exams."""

from collections.abc import Iterable

from agent_service.accounts.directory import Directory
from agent_service.allowance import Allowance
from agent_service.asking import asker
from agent_service.dispatch import Standing, handles
from agent_service.session import Conversation
from protocol.rules.permissions import may_assign
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Person
from protocol.wire.training import GetTrainees, Trainees


class TraineeHandlers:
    """People and teams to choose from."""

    def __init__(self, directory: Directory, allowance: Allowance) -> None:
        self._directory = directory
        self._allowance = allowance

    @handles(GetTrainees, Standing.PERSON)
    async def get(self, peer: Conversation, message: GetTrainees) -> Trainees:
        """Those of today."""
        actor = asker(peer, self._allowance)
        people = trainees(actor, self._directory.people.values())
        return Trainees(message.id, people, _teams(people))


def trainees(actor: Person, people: Iterable[Person]) -> tuple[Person, ...]:
    """Those whom the actor may give something to, by staff number. Raises `Refused` with
    `not_permitted` where that is nobody."""
    found = sorted(
        (each for each in people if may_assign(actor, each)), key=lambda each: each.number
    )
    if not found:
        raise Refused(Code.NOT_PERMITTED)
    return tuple(found)


def _teams(people: Iterable[Person]) -> tuple[str, ...]:
    return tuple(sorted({each.team for each in people} - {""}))
