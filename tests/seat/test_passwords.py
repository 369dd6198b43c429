"""Passwords: the first one, another one, a forgotten one, and a locked screen."""

import pytest

from protocol.facts.agent import State
from protocol.wire import desk, desk_floor, session
from protocol.wire.errors import Code, Refused
from protocol.wire.sync import Link
from tests.seat.service import FakeService, refuses
from tests.seat.sitting import PASSWORD, Sitting

pytestmark = pytest.mark.usefixtures("quick")

NEW = "another pa55word"


async def away(sits: Sitting, service: FakeService) -> None:
    await service.close()
    await sits.until(lambda status: status.link is Link.OFFLINE)


async def test_a_first_password_is_changed_with_the_sign_in(
    sits: Sitting, service: FakeService
) -> None:
    await sits.client.ask(desk.SignOut)
    service.answers[session.SignIn] = refuses(Code.PASSWORD_CHANGE_NEEDED)
    code = await sits.refusal(lambda id_: desk.SignIn(id_, "one-time"))
    assert (code, sits.status.state) == (Code.PASSWORD_CHANGE_NEEDED, State.LOGGED_OFF)
    del service.answers[session.SignIn]
    await sits.client.ask(lambda id_: desk.SignIn(id_, "one-time", NEW))
    assert service.of(session.SignIn)[-1].new_password == NEW
    await sits.client.ask(desk.SignOut)
    await away(sits, service)
    assert await sits.refusal(lambda id_: desk.SignIn(id_, "one-time")) == Code.BAD_CREDENTIALS
    await sits.client.ask(lambda id_: desk.SignIn(id_, NEW))
    await service.open()


async def test_a_changed_password_opens_the_desk_from_then_on(
    sits: Sitting, service: FakeService
) -> None:
    await sits.client.ask(lambda id_: desk.ChangePassword(id_, PASSWORD, NEW))
    (asked,) = service.of(session.ChangePassword)
    assert (asked.password, asked.new_password) == (PASSWORD, NEW)
    await away(sits, service)
    await sits.client.ask(desk.Lock)
    assert await sits.refusal(lambda id_: desk.Unlock(id_, PASSWORD)) == Code.BAD_CREDENTIALS
    assert sits.status.locked
    await sits.client.ask(lambda id_: desk.Unlock(id_, NEW))
    await sits.until(lambda status: not status.locked)
    await service.open()


async def test_a_refused_change_changes_nothing(sits: Sitting, service: FakeService) -> None:
    service.answers[session.ChangePassword] = refuses(Code.PASSWORD_NOT_NEW)
    code = await sits.refusal(lambda id_: desk.ChangePassword(id_, PASSWORD, PASSWORD))
    assert code == Code.PASSWORD_NOT_NEW
    await away(sits, service)
    offline = await sits.refusal(lambda id_: desk.ChangePassword(id_, PASSWORD, NEW))
    assert offline == Code.SERVICE_UNREACHABLE
    await sits.client.ask(desk.Lock)
    await sits.client.ask(lambda id_: desk.Unlock(id_, PASSWORD))
    await service.open()


async def test_a_lead_gets_a_one_time_code_for_somebody(
    sits: Sitting, service: FakeService
) -> None:
    answer = await sits.client.ask(lambda id_: desk_floor.ResetPassword(id_, "1002"))
    assert isinstance(answer, desk_floor.ResetCode)
    assert (answer.code, answer.expires.isoformat()) == ("A1B2", "2027-01-15T08:00:00+00:00")
    service.answers[session.ResetPassword] = refuses(Code.UNKNOWN_AGENT, agent="9")
    with pytest.raises(Refused) as refused:
        await sits.client.ask(lambda id_: desk_floor.ResetPassword(id_, "9"))
    assert (refused.value.code, refused.value.params) == (Code.UNKNOWN_AGENT, {"agent": "9"})
