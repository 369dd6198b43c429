"""The exchange is told whether the agent takes calls, and nothing else comes of it."""

import asyncio
import contextlib
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_client.phone.engine import AnyCommand, Dial
from agent_client.phone.stack import StackError
from agent_client.seat.exchange import ANSWER_LIMIT_S, FAREWELL_LIMIT_S
from protocol.facts.agent import Reason, State
from protocol.facts.call import CallDialled, CallOffered
from protocol.facts.session import ExchangeTold
from protocol.wire.desk import ExchangeState
from protocol.wire.errors import Refused
from protocol.wire.session import SipAccount
from tests.seat.conftest import MEMORY
from tests.seat.rig import NUMBER, Rig, full_disk, play, turns

ACCOUNT = SipAccount(NUMBER, "exchange.invalid", ready_code="*71", pause_code="*72")
READY, PAUSE = "*71", "*72"


class Queue:
    """An exchange that answers feature codes."""

    def __init__(self, rig: Rig, status: int | None = 486) -> None:
        self.status = status
        """How it answers; None: not at all."""
        self.codes: list[str] = []
        self.most = 0
        """Calls to codes at the same time."""
        self._rig = rig
        self._dialled: list[str] = []
        rig.account = ACCOUNT
        rig.overheard = self._hears

    def new(self) -> list[str]:
        """The codes that were dialled since this was asked last."""
        codes, self.codes = self.codes, []
        return codes

    def _hears(self, command: AnyCommand) -> None:
        if isinstance(command, Dial) and command.target.startswith("*"):
            self.codes.append(command.target)
            self._dialled.append(command.call_id)
            alive = self._rig.phone.far._legs.keys()
            self.most = max(self.most, len(alive & set(self._dialled)))
            asyncio.get_running_loop().call_soon(self._answer, command.call_id)

    def _answer(self, call_id: str) -> None:
        far = self._rig.phone.far
        if self.status is None or call_id not in far._legs:
            return
        if self.status == 200:
            far.peer_answers(call_id)
        else:
            far.peer_refuses(call_id, self.status)


def told(rig: Rig) -> list[tuple[bool, int | None]]:
    """What the disk says of the telling, since this was asked last."""
    facts = [fact for fact in rig.new_facts() if isinstance(fact, ExchangeTold)]
    return [(fact.ready, fact.sip_status) for fact in facts]


def shown(rig: Rig) -> tuple[ExchangeState, int | None]:
    return rig.exchange.state, rig.exchange.sip_status


async def at_work(rig: Rig) -> None:
    """READY, and the exchange knows it."""
    await rig.sign_in()
    rig.standing.terminals(1)
    rig.desk.ready()
    await turns()


def test_it_is_told_pause_at_first_and_ready_when_the_agent_is(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        queue = Queue(rig)
        await rig.sign_in()
        assert queue.new() == [PAUSE]
        assert shown(rig) == (ExchangeState.PAUSED, 486)
        rig.desk.ready()
        await turns()
        assert queue.new() == [READY]
        assert shown(rig) == (ExchangeState.READY, 486)
        rig.desk.take_break(Reason.REST)
        await turns()
        assert told(rig) == [(False, 486), (True, 486), (False, 486)]

    play(tmp_path, story)


def test_a_code_is_no_call_of_the_agents(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        Queue(rig)
        await at_work(rig)
        assert not any(isinstance(fact, CallDialled) for fact in rig.facts())
        assert rig.state is State.READY
        assert rig.phone.far._legs == {}

    play(tmp_path, story)


def test_a_code_that_is_answered_is_hung_up_at_once(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        Queue(rig, 200)
        await at_work(rig)
        assert shown(rig) == (ExchangeState.READY, 200)
        assert rig.phone.far._legs == {}

    play(tmp_path, story)


def test_it_is_told_pause_when_a_call_is_answered_and_not_while_it_rings(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        queue = Queue(rig)
        await at_work(rig)
        queue.new()
        await rig.rung()
        assert queue.new() == []
        await rig.done(rig.desk.answer())
        assert queue.new() == [PAUSE]
        await rig.done(rig.desk.hang_up())
        assert queue.new() == []
        rig.desk.acw_done()
        await turns()
        assert queue.new() == [READY]

    play(tmp_path, story)


def test_it_is_told_ready_again_after_a_call_that_was_not_taken(tmp_path: Path) -> None:
    """A queue takes whoever does not answer out of the line."""

    async def story(rig: Rig) -> None:
        queue = Queue(rig)
        await at_work(rig)
        queue.new()
        call_id = await rig.rung()
        rig.phone.far.peer_hangs_up(call_id)
        await turns()
        assert (rig.state, queue.new()) == (State.READY, [READY])

    play(tmp_path, story)


def test_it_is_told_nothing_while_the_agent_dials(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        queue = Queue(rig)
        await at_work(rig)
        queue.new()
        call_id = await rig.dialling()
        await asyncio.sleep(10)
        assert queue.new() == []
        rig.phone.far.peer_answers(call_id)
        await turns()
        assert queue.new() == [PAUSE]

    play(tmp_path, story)


def test_only_the_latest_wish_is_told_and_one_at_a_time(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        queue = Queue(rig)
        await rig.sign_in()
        queue.new()
        for _ in range(3):
            rig.desk.ready()
            rig.desk.take_break(Reason.REST)
        rig.desk.ready()
        await turns()
        await turns()
        assert queue.new()[-1] == READY
        assert queue.most == 1
        assert shown(rig) == (ExchangeState.READY, 486)

    play(tmp_path, story)


def test_a_wish_taken_back_at_once_needs_no_telling(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        queue = Queue(rig)
        await rig.sign_in()
        queue.new()
        rig.desk.ready()
        rig.desk.take_break(Reason.REST)
        await turns()
        assert queue.new() == []

    play(tmp_path, story)


def test_a_refusal_is_shown_and_not_repeated(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        queue = Queue(rig, 404)
        await rig.sign_in()
        await asyncio.sleep(300)
        assert queue.new() == [PAUSE]
        assert shown(rig) == (ExchangeState.REFUSED, 404)
        assert told(rig) == [(False, 404)]

    play(tmp_path, story)


def test_a_silent_exchange_is_asked_again_ever_less_often_and_told_of_once(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        queue = Queue(rig, None)
        await rig.sign_in()
        await asyncio.sleep(ANSWER_LIMIT_S + 0.5)
        assert shown(rig) == (ExchangeState.SILENT, None)
        await asyncio.sleep(600)
        assert 8 <= len(queue.new()) <= 20
        assert told(rig) == [(False, None)]
        queue.status = 486
        await asyncio.sleep(90)
        assert shown(rig) == (ExchangeState.PAUSED, 486)
        assert told(rig) == [(False, 486)]

    play(tmp_path, story)


def test_a_new_wish_does_not_wait_for_a_silent_exchanges_next_turn(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        queue = Queue(rig, None)
        await rig.sign_in()
        await asyncio.sleep(300)
        queue.new()
        queue.status = 486
        rig.desk.ready()
        await asyncio.sleep(2 * ANSWER_LIMIT_S)
        assert queue.new()[-1] == READY
        assert shown(rig) == (ExchangeState.READY, 486)

    play(tmp_path, story)


def test_what_holds_is_told_again_when_the_registration_is_back(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        queue = Queue(rig)
        await at_work(rig)
        queue.new()
        rig.phone.far.registration_changes(None)
        await turns()
        assert shown(rig) == (ExchangeState.NOT_TOLD, None)
        rig.phone.far.registration_changes(200)
        await turns()
        assert queue.new() == [PAUSE]  # a lost registration is a fault, and nobody is ready

    play(tmp_path, story)


def test_a_phone_that_dies_while_telling_is_no_answer(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        queue = Queue(rig, None)
        await rig.sign_in()
        rig.phone_dies()
        await turns()
        assert told(rig) == []
        queue.status = 486
        await rig.phone_starts()
        await turns()
        assert told(rig) == [(False, 486)]

    play(tmp_path, story)


@pytest.mark.parametrize(("status", "longest_s"), [(486, 0.1), (None, FAREWELL_LIMIT_S)])
def test_at_sign_out_there_is_a_last_pause_and_no_long_wait(
    tmp_path: Path, status: int | None, longest_s: float
) -> None:
    async def story(rig: Rig) -> None:
        queue = Queue(rig)
        await at_work(rig)
        queue.new()
        queue.status = status
        rig.desk.sign_out()
        facts = rig.facts()
        began = rig.clock.monotonic()
        await rig.exchange.farewell()
        assert queue.new() == [PAUSE]
        assert rig.clock.monotonic() - began <= longest_s * 1000
        assert rig.facts() == facts

    play(tmp_path, story)


def test_without_codes_nobody_is_told(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        queue = Queue(rig)
        rig.account = SipAccount(NUMBER, "exchange.invalid")
        await at_work(rig)
        await rig.exchange.farewell()
        assert queue.new() == []
        assert shown(rig) == (ExchangeState.NOT_TOLD, None)

    play(tmp_path, story)


def test_a_call_that_comes_while_it_is_told_rings(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        queue = Queue(rig)
        await at_work(rig)
        rig.desk.take_break(Reason.REST)
        await turns()
        queue.status = None
        rig.desk.ready()
        call_id = await rig.rung()
        assert rig.state is State.RINGING
        assert [fact.call_id for fact in rig.facts() if isinstance(fact, CallOffered)] == [call_id]

    play(tmp_path, story)


def test_a_full_disk_keeps_no_telling_back(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        queue = Queue(rig)
        await at_work(rig)
        queue.new()
        rig.new_facts()
        with full_disk(rig.disk):
            rig.phone.far.microphone_changes(False)
            await turns()
            assert queue.new() == []
            await asyncio.sleep(1)
        await asyncio.sleep(1)
        assert queue.new() == [PAUSE]
        assert told(rig) == [(False, 486)]

    play(tmp_path, story)


ACTS: list[Callable[[Rig], object]] = [
    lambda rig: rig.desk.ready(),
    lambda rig: rig.desk.take_break(Reason.REST),
    lambda rig: rig.phone.far.peer_calls("13800138000"),
    lambda rig: rig.desk.answer(),
    lambda rig: rig.desk.reject(),
    lambda rig: rig.desk.hang_up(),
    lambda rig: rig.desk.acw_done(),
    lambda rig: rig.phone.far.registration_changes(None),
    lambda rig: rig.phone.far.registration_changes(200),
]
STEPS = st.tuples(
    st.sampled_from(ACTS), st.sampled_from([486, 200, None]), st.sampled_from([0.0, 0.5, 8.0])
)


@settings(max_examples=60, deadline=None)
@given(st.lists(STEPS, max_size=12))
def test_whatever_happens_it_knows_in_the_end_and_is_told_one_thing_at_a_time(
    steps: list[tuple[Callable[[Rig], object], int | None, float]],
) -> None:
    async def story(rig: Rig) -> None:
        queue = Queue(rig)
        await rig.sign_in()
        rig.standing.terminals(1)
        for act, status, seconds in steps:
            queue.status = status
            with contextlib.suppress(Refused, StackError):
                asked = act(rig)
                ignored(asked)
            await asyncio.sleep(seconds)
        queue.status = 486
        rig.phone.far.registration_changes(200)
        await asyncio.sleep(400)
        ready = rig.state is State.READY
        assert shown(rig)[0] is (ExchangeState.READY if ready else ExchangeState.PAUSED)
        assert queue.most <= 1

    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        play(Path(folder), story)


def ignored(asked: object) -> None:
    """How it comes out does not matter."""
    for future in [asked] if isinstance(asked, asyncio.Future) else []:
        future.add_done_callback(lambda done: done.exception())


def test_a_desk_whose_person_is_at_another_one_tells_nothing_more(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        queue = Queue(rig)
        await at_work(rig)
        assert queue.new() == [PAUSE, READY]
        rig.exchange.speak(False)
        rig.desk.taken_over()
        await turns()
        await rig.exchange.farewell()
        assert (rig.state, queue.new()) == (State.LOGGED_OFF, [])

    play(tmp_path, story)
