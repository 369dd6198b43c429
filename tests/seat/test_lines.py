"""Calls and the line of business that each belongs to."""

import asyncio
from pathlib import Path

from protocol.facts.agent import State
from protocol.facts.call import CallDialled, CallOffered
from protocol.rules.lines import Line
from tests.seat.rig import Rig, play, turns
from tests.seat.test_desk import CUSTOMER_URI

SALES = Line("sales", {}, called=("800", "801"), ring_timer_s=5)
HELP = Line("help", {}, called=("900",))


def test_a_call_is_of_the_line_that_was_dialled(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        rig.lines = (SALES, HELP)
        await rig.work()
        await rig.rung(line="801")
        (offer, *_) = rig.new_facts()
        assert isinstance(offer, CallOffered)
        assert (offer.called, offer.line, offer.peer_uri) == ("801", "sales", CUSTOMER_URI)
        assert rig.standing.call is not None
        assert rig.standing.call.line == "sales"
        await asyncio.sleep(5.1)
        assert rig.state is State.NOT_READY

    play(tmp_path, story)


def test_a_call_to_another_number_is_of_none(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        rig.lines = (SALES, HELP)
        await rig.work()
        await rig.rung(line="111")
        (offer, *_) = rig.new_facts()
        assert isinstance(offer, CallOffered)
        assert (offer.called, offer.line) == ("111", "")
        await asyncio.sleep(19)
        assert rig.state is State.RINGING

    play(tmp_path, story)


async def dialled(rig: Rig) -> str:
    """The line of a call that the agent makes."""
    await rig.work()
    await rig.dialling()
    (fact, *_) = rig.new_facts()
    assert isinstance(fact, CallDialled)
    return fact.line


def test_a_call_out_is_of_the_only_line_or_of_none(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        rig.lines = (SALES,)
        assert await dialled(rig) == "sales"

    play(tmp_path, story)


def test_a_call_out_is_of_none_where_there_are_several(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        rig.lines = (SALES, HELP)
        assert await dialled(rig) == ""

    play(tmp_path, story)


def test_a_call_back_goes_where_the_customer_is_reached_and_settles_the_debt(
    tmp_path: Path,
) -> None:
    async def story(rig: Rig) -> None:
        rig.lines = (SALES, HELP)
        await rig.work()
        first = await rig.talking("900")
        rig.phone_dies()
        rig.desk.acw_done()
        await rig.phone_starts()
        assert rig.owed == ("13800138000",)
        rig.desk.dial("13800138000", CUSTOMER_URI, first, "help")
        await turns()
        assert rig.standing.call is not None
        assert rig.standing.call.line == "help"
        rig.new_facts()
        rig.phone.far.peer_answers(rig.standing.call.id)
        await turns()
        settled = [type(fact).__name__ for fact in rig.new_facts()]
        assert settled == ["CallAnswered", "CallBackSettled", "StateEntered"]
        assert rig.owed == ()

    play(tmp_path, story)
