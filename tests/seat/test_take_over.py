"""One person, two desks: who takes over, and what the other desk does."""

import pytest

from agent_client.seat.exchange import Exchange
from protocol.facts.agent import Reason, State
from protocol.wire import desk, desk_call, session
from protocol.wire.errors import Code
from protocol.wire.sync import Link
from tests.seat.service import FakeService, refuses
from tests.seat.sitting import PASSWORD, Child, Sitting

pytestmark = pytest.mark.usefixtures("quick")

ELSEWHERE = pytest.mark.parametrize(
    "code", [Code.SIGNED_IN_ELSEWHERE, Code.NOT_YOUR_SESSION, Code.BAD_TOKEN]
)


async def test_taking_over_is_asked_for_by_name(sits: Sitting, service: FakeService) -> None:
    await sits.client.ask(desk.SignOut)
    service.answers[session.SignIn] = refuses(Code.SIGNED_IN_ELSEWHERE, desk="other")
    code = await sits.refusal(lambda id_: desk.SignIn(id_, PASSWORD))
    assert (code, sits.status.state) == (Code.SIGNED_IN_ELSEWHERE, State.LOGGED_OFF)
    del service.answers[session.SignIn]
    await sits.client.ask(lambda id_: desk.SignIn(id_, PASSWORD, "", True))
    assert [each.take_over for each in service.of(session.SignIn)] == [False, False, True]


async def displaced(service: FakeService, code: Code) -> None:
    """The service says so and lets go; what the desk says next is refused."""
    service.answers[session.Resume] = refuses(code, desk="other")
    await service.tell(session.Error(Code.SIGNED_IN_ELSEWHERE, {"desk": "other"}))


@ELSEWHERE
async def test_who_is_idle_is_signed_out_at_once_and_told_why(
    sits: Sitting, service: FakeService, monkeypatch: pytest.MonkeyPatch, code: Code
) -> None:
    await sits.client.ask(desk.Ready)
    spoken: list[bool] = []
    monkeypatch.setattr(Exchange, "speak", lambda _, speaks: spoken.append(speaks))
    await displaced(service, code)
    await sits.until(lambda status: status.state is State.LOGGED_OFF)
    await sits.until(lambda status: status.link is Link.ONLINE and status.unsent == 0)
    assert sits.status.notices == (desk.Notice(Code.TAKEN_OVER),)
    assert sits.states()[-1] == (State.LOGGED_OFF, "taken_over", None)
    assert spoken[:1] == [False]
    assert not Child.made[-1].alive
    assert not sits.place.resume.exists()
    del service.answers[session.Resume]
    await sits.sign_in()
    await sits.until(lambda status: status.notices == ())


@ELSEWHERE
async def test_a_call_goes_on_to_its_end_and_its_facts_are_delivered(
    sits: Sitting, service: FakeService, code: Code
) -> None:
    await sits.talking()
    await displaced(service, code)
    await sits.until(lambda status: status.next_state == "LOGGED_OFF")
    await sits.until(lambda status: status.link_fault == code)
    assert sits.status.state is State.TALK
    await sits.client.ask(desk_call.Hold)
    await sits.until(lambda status: status.unsent == 0)
    await sits.client.ask(desk_call.Hangup)
    await sits.client.ask(desk.AcwDone)
    await sits.until(lambda status: status.state is State.LOGGED_OFF)
    await sits.until(lambda status: status.link is Link.ONLINE and status.unsent == 0)
    (began,) = service.of(session.SignIn)
    assert service.has(began.session) == list(range(1, len(sits.facts()) + 1))


async def test_a_seat_that_was_displaced_while_its_link_was_lost_learns_it_at_its_return(
    sits: Sitting, service: FakeService
) -> None:
    await service.close()
    await sits.until(lambda status: status.link is Link.OFFLINE)
    await sits.client.ask(lambda id_: desk.Break(id_, Reason.MEAL))
    service.answers[session.Resume] = refuses(Code.SIGNED_IN_ELSEWHERE, desk="other")
    await service.open()
    await sits.until(lambda status: status.state is State.LOGGED_OFF and status.unsent == 0)
    assert sits.status.notices == (desk.Notice(Code.TAKEN_OVER),)
