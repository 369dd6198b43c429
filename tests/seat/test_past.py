"""Earlier calls with a number: asked of the service while it rings, and of this desk without it."""

import pytest

from agent_client.seat import past as past_module
from protocol.facts.agent import State
from protocol.wire import calls, codec, desk, desk_call
from protocol.wire.errors import Code
from protocol.wire.sync import Link
from tests.seat.service import FakeService, refuses
from tests.seat.sitting import Child, Sitting

pytestmark = pytest.mark.usefixtures("quick")

CUSTOMER = "13800138000"
EARLIER = calls.PastCall(None, "inbound", "1002", "陈静", True, 90, "loans", note="贷款")


def remembers(message: codec.SeatMessage) -> codec.ServiceMessage:
    assert isinstance(message, calls.Recall)
    return calls.Recalled(message.id, (EARLIER,))


async def past(sits: Sitting, peer: str = CUSTOMER) -> desk_call.Past:
    answer = await sits.client.ask(lambda id_: desk_call.GetPast(id_, peer))
    assert isinstance(answer, desk_call.Past)
    return answer


async def rings(sits: Sitting) -> None:
    await sits.client.ask(desk.Ready)
    Child.made[-1].engine.far.peer_calls(CUSTOMER)
    await sits.until(lambda status: status.state is State.RINGING)


async def over(sits: Sitting) -> None:
    await sits.client.ask(desk_call.Hangup)
    await sits.client.ask(desk.AcwDone)


async def test_while_it_rings_the_past_comes_with_the_call(
    sits: Sitting, service: FakeService
) -> None:
    service.answers[calls.Recall] = remembers
    await rings(sits)
    status = await sits.until(lambda now: now.call is not None and now.call.past is not None)
    assert status.call is not None
    assert status.call.past == (EARLIER,)
    await sits.client.ask(desk_call.Answer)
    assert [each.peer for each in service.of(calls.Recall)] == [CUSTOMER]


async def test_a_service_that_says_nothing_holds_nothing_up(
    sits: Sitting, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past_module, "RECALL_S", 0.2)
    service.answers[calls.Recall] = lambda _: None
    await rings(sits)
    await sits.client.ask(desk_call.Answer)
    status = await sits.until(lambda now: now.state is State.TALK and now.call is not None)
    assert status.call is not None
    assert status.call.past is None
    status = await sits.until(lambda now: now.call is not None and now.call.past == ())
    assert status.link is Link.ONLINE


async def test_each_call_has_its_own_past(sits: Sitting, service: FakeService) -> None:
    service.answers[calls.Recall] = remembers
    await sits.talking()
    await sits.until(lambda now: now.call is not None and now.call.past is not None)
    await over(sits)
    service.answers[calls.Recall] = lambda _: None
    await rings(sits)
    assert sits.status.call is not None
    assert sits.status.call.past is None


async def test_what_is_asked_for_comes_from_the_service(
    sits: Sitting, service: FakeService
) -> None:
    service.answers[calls.Recall] = remembers
    answer = await past(sits)
    assert (answer.calls, answer.complete) == ((EARLIER,), True)


@pytest.mark.parametrize("code", [Code.NOT_PERMITTED, Code.LEDGER_UNAVAILABLE])
async def test_a_service_that_will_not_say_leaves_this_desks_own(
    sits: Sitting, service: FakeService, code: Code
) -> None:
    service.answers[calls.Recall] = refuses(code)
    await sits.talking()
    await sits.client.ask(lambda id_: desk_call.WrapUp(id_, note="贷款"))
    await over(sits)
    answer = await past(sits)
    (own,) = answer.calls
    assert not answer.complete
    assert (own.agent, own.answered, own.note) == ("1001", True, "贷款")


async def test_without_the_service_this_desk_remembers(sits: Sitting, service: FakeService) -> None:
    await sits.talking()
    await over(sits)
    await service.close()
    await sits.until(lambda status: status.link is Link.OFFLINE)
    answer = await past(sits)
    assert (len(answer.calls), answer.complete) == (1, False)
    assert (await past(sits, "10086")).calls == ()
    await service.open()


async def test_the_call_that_is_going_on_is_none_of_its_own_past(
    sits: Sitting, service: FakeService
) -> None:
    def remembers_the_present_one(message: codec.SeatMessage) -> codec.ServiceMessage:
        assert isinstance(message, calls.Recall)
        assert sits.seat.standing.call is not None
        present = calls.PastCall(
            None, "inbound", "1001", "李雷", False, None, call_id=sits.seat.standing.call.id
        )
        return calls.Recalled(message.id, (present, EARLIER))

    service.answers[calls.Recall] = remembers_the_present_one
    await rings(sits)
    status = await sits.until(lambda now: now.call is not None and now.call.past is not None)
    assert status.call is not None
    assert status.call.past == (EARLIER,)


async def test_a_service_that_can_not_be_asked_is_told_of_in_the_log_once(
    sits: Sitting, service: FakeService, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="agent_client.seat.past")
    for answer, times in ((Code.TOO_MANY_ATTEMPTS, 1), (None, 1), (Code.TOO_MANY_ATTEMPTS, 2)):
        service.answers[calls.Recall] = refuses(answer, wait_s=1) if answer else remembers
        for _ in range(3):
            await past(sits)
        assert caplog.text.count("earlier calls are this desk's own") == times
