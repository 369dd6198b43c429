"""Relief on a shared desk: who signs in and out, in which order, and what a refusal changes."""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from agent_client.relief import relieve
from protocol.facts.agent import State
from protocol.wire import desk, desk_base
from protocol.wire.errors import Code, Refused
from tests.seat.control.desk import STATUS
from tests.seat.sitting import Sitting


class Happened(NamedTuple):
    agent: str
    what: type[desk.AnyRequest]


class Person:
    """A seat that keeps a state, in memory."""

    def __init__(self, agent: str, state: State, told: list[Happened]) -> None:
        self.agent, self.state, self.closed = agent, state, False
        self.refuses: dict[type[desk.AnyRequest], str] = {}
        self._told = told

    async def ask(self, make: Callable[[int], desk.AnyRequest]) -> desk.AnyAnswering:
        request = make(1)
        if isinstance(request, desk.GetStatus):
            return desk.Status(**{**_fields(), "re": 1, "agent": self.agent, "state": self.state})
        if type(request) in self.refuses:
            raise Refused(self.refuses[type(request)])
        self._told.append(Happened(self.agent, type(request)))
        self.state = State.NOT_READY if isinstance(request, desk.SignIn) else State.LOGGED_OFF
        return desk_base.Done(1)

    async def close(self) -> None:
        self.closed = True


def _fields() -> dict[str, object]:
    return {name: getattr(STATUS, name) for name in desk.Status.__struct_fields__}


class Desk:
    """Two people at one desk."""

    def __init__(self, state: State) -> None:
        self.told: list[Happened] = []
        self.outgoing = Person("1001", state, self.told)
        self.incoming = Person("1002", State.LOGGED_OFF, self.told)
        self.reached = 0

    async def reach(self) -> Person:
        self.reached += 1
        return self.incoming

    async def relieve(self, by: str = "1002") -> str:
        try:
            await relieve(self.outgoing, self.reach, by, "pa55word")
        except Refused as refused:
            return refused.code
        return "done"


@pytest.mark.parametrize("state", [State.READY, State.NOT_READY, State.ACW])
async def test_the_incoming_signs_in_before_the_outgoing_signs_out(state: State) -> None:
    made = Desk(state)
    assert await made.relieve() == "done"
    assert made.told == [Happened("1002", desk.SignIn), Happened("1001", desk.Relieve)]
    assert made.incoming.closed


@pytest.mark.parametrize("state", [State.TALK, State.HOLD, State.RINGING, State.DIALING])
async def test_in_a_call_nothing_happens(state: State) -> None:
    made = Desk(state)
    assert await made.relieve() == "wrong_state"
    assert (made.told, made.reached) == ([], 0)


async def test_nobody_relieves_themselves() -> None:
    made = Desk(State.READY)
    assert await made.relieve("1001") == Code.OWN_CASE
    assert made.told == []


@pytest.mark.parametrize("number", ["", "../1002", "10 02", "1" * 33])
async def test_what_is_no_staff_number_reaches_nobody(number: str) -> None:
    made = Desk(State.READY)
    assert await made.relieve(number) == Code.BAD_STAFF_NUMBER
    assert made.reached == 0


async def test_a_number_may_hold_more_than_letters_and_digits() -> None:
    made = Desk(State.READY)
    assert await made.relieve("A-10.02_b") == "done"


async def test_a_wrong_password_changes_nothing_and_leaves_no_seat_behind() -> None:
    made = Desk(State.READY)
    made.incoming.refuses[desk.SignIn] = Code.BAD_CREDENTIALS
    assert await made.relieve() == Code.BAD_CREDENTIALS
    assert made.told == [Happened("1002", desk.StopSeat)]
    assert made.outgoing.state is State.READY


async def test_once_more_after_the_outgoing_could_not_be_signed_out() -> None:
    made = Desk(State.READY)
    made.outgoing.refuses[desk.Relieve] = Code.DISK_FAILED
    assert await made.relieve() == Code.DISK_FAILED
    made.outgoing.refuses.clear()
    assert await made.relieve() == "done"
    assert made.told == [Happened("1002", desk.SignIn), Happened("1001", desk.Relieve)]


async def test_the_record_says_who_came(sits: Sitting) -> None:
    await sits.client.ask(lambda id_: desk.Relieve(id_, "1002"))
    last = [fact for fact in sits.facts() if getattr(fact, "state", None) is State.LOGGED_OFF][-1]
    assert (last.trigger, last.actor) == ("relieved", "1002")  # type: ignore[union-attr]
