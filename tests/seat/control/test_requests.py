"""The local socket and its client: requests and their answers, over a real socket, and over a
loopback port where there is none."""

import asyncio

import msgspec
import pytest

from agent_client.seat import control as control_module
from agent_client.seat.place import SeatPlace
from protocol.wire import desk, desk_base, desk_call, desk_plan
from protocol.wire.errors import Code, Refused
from protocol.wire.report import GetReport
from tests.seat.control.desk import STATUS, TODAY, Desk, attach, attached, raw
from tests.seat.service import eventually


async def test_a_request_gets_its_one_answer(seat: Desk, place: SeatPlace) -> None:
    async with attached(place) as client:
        assert await client.ask(desk.Ready) == desk_base.Done(2)
        status = await client.ask(desk.GetStatus)
        assert status == msgspec.structs.replace(STATUS, re=3)


async def test_a_refusal_has_its_code_and_the_connection_goes_on(
    seat: Desk, place: SeatPlace
) -> None:
    async with attached(place) as client:
        with pytest.raises(Refused) as refused:
            await client.ask(desk_call.Hold)
        assert (refused.value.code, refused.value.params) == ("phone_refused", {"detail": "busy"})
        await client.ask(desk.Ready)


async def test_a_fault_in_one_request_is_its_own(
    seat: Desk, place: SeatPlace, caplog: pytest.LogCaptureFixture
) -> None:
    async with attached(place) as client:
        with pytest.raises(Refused) as refused:
            await client.ask(lambda id_: desk_call.Mute(id_, True))
        assert refused.value.code == Code.INTERNAL
        await client.ask(desk.Ready)
    assert "planted" in caplog.text


async def test_a_request_that_waits_for_the_phone_holds_up_no_other(
    seat: Desk, place: SeatPlace
) -> None:
    async with attached(place) as client, attached(place) as other:
        waiting = asyncio.create_task(client.ask(desk_call.Answer))
        await eventually(lambda: len(seat.asked) == 1)
        await client.ask(desk.Ready)
        await other.ask(desk.Ready)
        assert not waiting.done()
        seat.phone.set_result(None)
        assert await waiting == desk_base.Done(2)


async def test_a_report_is_given_up_with_the_terminal_that_asked(
    seat: Desk, place: SeatPlace
) -> None:
    wire, report = await raw(place), GetReport(0, "adherence", TODAY, TODAY)
    wire.writer.write(attach(place) + desk.encode(desk_plan.AskService(2, report)))
    await eventually(lambda: bool(seat.asked))
    wire.writer.close()
    await eventually(lambda: seat.given_up == seat.asked)


async def test_more_requests_than_may_be_under_way_wait_their_turn(
    seat: Desk, place: SeatPlace
) -> None:
    async with attached(place) as client:
        most = control_module.MOST_AT_ONCE
        waiting = [asyncio.create_task(client.ask(desk_call.Answer)) for _ in range(most + 5)]
        await eventually(lambda: len(seat.asked) == most)
        seat.phone.set_result(None)
        answers = await asyncio.wait_for(asyncio.gather(*waiting), 10)
        assert {type(answer) for answer in answers} == {desk_base.Done}
