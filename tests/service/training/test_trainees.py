"""Whom somebody may give tasks and exams."""

import pytest

from agent_service.training.trainees import trainees
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Person, Role

STAFF = (
    Person("1002", "Ann", (Role.AGENT,), "B"),
    Person("1001", "王丽", (Role.AGENT,), "A"),
    Person("2001", "赵敏", (Role.LEADER,), "A"),
    Person("3001", "Kim", (Role.TRAINER,)),
    Person("3002", "Lee", (Role.LEADER,)),
)


def numbers(actor: Person) -> list[str]:
    return [each.number for each in trainees(actor, STAFF)]


def test_who_teaches_gives_to_everybody() -> None:
    assert numbers(STAFF[3]) == ["1001", "1002", "2001", "3001", "3002"]


def test_a_leader_gives_to_the_own_team() -> None:
    assert numbers(STAFF[2]) == ["1001", "2001"]


@pytest.mark.parametrize("actor", [STAFF[0], STAFF[4]])
def test_whoever_may_give_nobody_any_is_refused(actor: Person) -> None:
    with pytest.raises(Refused) as refused:
        trainees(actor, STAFF)
    assert refused.value.code == Code.NOT_PERMITTED
