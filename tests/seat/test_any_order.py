"""Whatever is asked and whatever happens, in any order: screen, disk and phone agree."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from agent_client.phone.fake_engine import FakeStack
from agent_client.seat.standing import DISK_RETRY_S
from protocol.facts import call
from protocol.facts.agent import Reason, State
from protocol.facts.order import OrderKind
from protocol.rules.agent_state import Choice, Limits
from protocol.rules.lines import Line
from protocol.wire.errors import Refused
from tests.phone.clock import JumpingLoop
from tests.seat.conftest import MEMORY
from tests.seat.folding import fold, read_disk, read_seqs
from tests.seat.rig import Rig, full_disk, turns

BREAKS = st.sampled_from([Reason.REST, Reason.MEAL, Reason.PERSONAL, Reason.SYSTEM_FAULT])
CHOICES = st.one_of(
    st.none(),
    st.sampled_from([Choice(State.READY), Choice(State.LOGGED_OFF), Choice(State.TALK)]),
    st.builds(Choice, st.just(State.NOT_READY), BREAKS),
)
CONNECTED = {State.TALK, State.HOLD, State.CONSULT}

Made = TypeVar("Made")
Wish = Callable[[Rig], object]
Other = Callable[[FakeStack, str], None]

WISHES: st.SearchStrategy[Wish] = st.one_of(
    st.sampled_from(
        [
            lambda rig: rig.desk.answer(),
            lambda rig: rig.desk.reject(),
            lambda rig: rig.desk.hang_up(),
            lambda rig: rig.desk.hold(),
            lambda rig: rig.desk.resume(),
            lambda rig: rig.desk.mute(True),
            lambda rig: rig.desk.mute(False),
            lambda rig: rig.desk.acw_done(),
            lambda rig: rig.desk.extend_acw(),
            lambda rig: rig.desk.send_digits("12#"),
            lambda rig: rig.desk.lock(),
            lambda rig: rig.desk.unlock(),
            lambda rig: rig.desk.force(OrderKind.FORCE_NOT_READY, "2001"),
            lambda rig: rig.desk.sign_out(),
            lambda rig: rig.standing.sign_of_life(),
        ]
    ),
    BREAKS.map(lambda reason: lambda rig: rig.desk.take_break(reason)),
    CHOICES.map(lambda choice: lambda rig: rig.desk.choose_next(choice)),
)
CONSULTING: st.SearchStrategy[Wish] = st.sampled_from(
    [
        lambda rig: rig.desk.consultation.begin("sip:expert@b.invalid"),
        lambda rig: rig.desk.consultation.join(),
        lambda rig: rig.desk.consultation.hand_over(""),
        lambda rig: rig.desk.consultation.hand_over("sip:c@d.invalid"),
        lambda rig: rig.desk.hang_up(),
        lambda rig: rig.desk.mute(True),
    ]
)
LEAVING: st.SearchStrategy[Wish] = st.sampled_from(
    [
        lambda rig: rig.desk.force(OrderKind.FORCE_SIGN_OUT, "2001"),
        lambda rig: rig.desk.taken_over(),
        lambda rig: rig.desk.not_confirmed(),
    ]
)
BY_ITSELF = Line("sales", {}, called=("800",), auto_answer=True, acw_limit_s=30)
OTHERS: st.SearchStrategy[Other] = st.sampled_from(
    [
        lambda far, leg: far.peer_hangs_up(leg),
        lambda far, leg: far.peer_answers(leg),
        lambda far, leg: far.peer_refuses(leg, 603),
        lambda far, leg: far.peer_dies(leg),
        lambda far, leg: far.fails(leg),
        lambda far, leg: far.transfer_ends(leg, 200),
        lambda far, leg: far.transfer_ends(leg, 603),
    ]
)
TROUBLES: st.SearchStrategy[Wish] = st.sampled_from(
    [
        lambda rig: rig.phone.far.registration_changes(None),
        lambda rig: rig.phone.far.registration_changes(503),
        lambda rig: rig.phone.far.registration_changes(200),
        lambda rig: rig.phone.far.microphone_changes(False),
        lambda rig: rig.phone.far.microphone_changes(True),
    ]
)


def expert_answers(rig: Rig) -> None:
    """Whoever was dialled last answers, if that was possible."""
    legs = rig.phone.far._legs
    waiting = [leg for leg, known in legs.items() if not (known.incoming or known.connected)]
    for leg in waiting[-1:]:
        rig.phone.far.peer_answers(leg)


def transfer_ends(call_id: str, status: int, rig: Rig) -> None:
    """The customer has reached the target or has not, if there is such a call."""
    rig.phone.far.transfer_ends(call_id, status)


class AnyOrder(RuleBasedStateMachine):
    """One desk, one phone, and everybody who can do something to them."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner(loop_factory=JumpingLoop)
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)
        self.sessions = 0
        self.rig = self.run(self.make)
        self.signs_in(terminals=1)

    async def make(self) -> Rig:
        rig = Rig(Path(self.folder.name))
        rig.lines = (BY_ITSELF,)
        return rig

    def run(self, act: Callable[[], Awaitable[Made]]) -> Made:
        """In the loop, and then everything that follows at once."""

        async def whole() -> Made:
            made = await act()
            await turns()
            return made

        return self.runner.run(whole())

    def asks(self, act: Wish) -> None:
        """A wish, and its outcome however it comes out; nobody waits for the phone."""

        async def ask() -> None:
            try:
                asked = act(self.rig)
            except Refused:
                return
            if asyncio.iscoroutine(asked):
                asked = asyncio.ensure_future(asked)
            if isinstance(asked, asyncio.Future):
                asked.add_done_callback(lambda done: done.exception())

        self.run(ask)

    def happens(self, act: Wish) -> None:
        """Something that nobody here asked for."""

        async def happen() -> None:
            act(self.rig)

        self.run(happen)

    def legs(self) -> list[str]:
        """The calls that the phone has."""
        return list(self.rig.engine.far._legs) if self.rig.engine is not None else []

    # What people ask

    @precondition(lambda self: self.rig.state is State.LOGGED_OFF)
    @rule(terminals=st.integers(0, 1))
    def signs_in(self, terminals: int) -> None:
        self.sessions += 1
        limits = Limits(max_no_answer=2, acw_on_failed_outbound=bool(self.sessions % 2))
        self.run(lambda: self.rig.sign_in(limits, f"s{self.sessions}"))
        self.happens(lambda rig: rig.standing.terminals(terminals))

    @rule(wish=WISHES)
    def asks_for(self, wish: Wish) -> None:
        self.asks(wish)

    @rule()
    def asks_ready(self) -> None:
        self.asks(lambda rig: rig.desk.unlock())
        self.asks(lambda rig: rig.desk.ready())

    @precondition(lambda self: self.rig.state in CONNECTED)
    @rule(wish=CONSULTING)
    def asks_of_a_second_leg(self, wish: Wish) -> None:
        self.asks(wish)

    @precondition(lambda self: self.rig.engine is not None)
    @rule(wish=CONSULTING, act=OTHERS, number=st.integers(0, 1))
    def asks_in_a_consultation(self, wish: Wish, act: Other, number: int) -> None:
        self.a_call_is_taken()
        self.asks(lambda rig: rig.desk.consultation.begin("sip:expert@b.invalid"))
        self.happens(expert_answers)
        self.asks(wish)
        for leg in self.legs()[number : number + 1]:
            self.the_other_side_acts(self.legs().index(leg), act)

    @precondition(lambda self: self.rig.engine is not None)
    @rule(to=st.sampled_from(["", "sip:c@d.invalid"]), status=st.sampled_from([200, 603]))
    def hands_the_customer_on(self, to: str, status: int) -> None:
        self.a_call_is_taken()
        for each in [self.rig.standing.agent.call_id] if self.legs() else []:
            self.asks(lambda rig: rig.desk.consultation.hand_over(to))
            self.happens(partial(transfer_ends, str(each), status))

    @rule(wish=LEAVING)
    @precondition(lambda self: self.rig.state in CONNECTED)
    def has_to_leave(self, wish: Wish) -> None:
        self.asks(wish)

    @rule(whom=st.sampled_from(["sip:a@b.invalid", "sip:c@d.invalid", "4711"]))
    def asks_dial(self, whom: str) -> None:
        self.asks(lambda rig: rig.desk.dial(whom))

    # What happens

    @precondition(lambda self: self.rig.engine is not None)
    @rule(line=st.sampled_from(["", "800"]))
    def a_caller_calls(self, line: str = "") -> None:
        self.happens(lambda rig: rig.phone.far.peer_calls("13800138000", line=line))

    @precondition(lambda self: self.rig.engine is not None)
    @rule()
    def a_call_rings(self) -> None:
        self.asks_ready()
        self.a_caller_calls()

    @precondition(lambda self: self.rig.engine is not None)
    @rule()
    def a_call_is_taken(self) -> None:
        self.a_call_rings()
        self.asks(lambda rig: rig.desk.answer())

    @precondition(lambda self: self.legs())
    @rule(number=st.integers(0, 3), act=OTHERS)
    def the_other_side_acts(self, number: int, act: Other) -> None:
        leg = self.legs()[number % len(self.legs())]
        self.happens(lambda rig: act(rig.phone.far, leg))

    @precondition(lambda self: self.legs())
    @rule(number=st.integers(0, 3), act=OTHERS, wish=WISHES)
    def the_other_side_acts_as_somebody_asks(self, number: int, act: Other, wish: Wish) -> None:
        leg = self.legs()[number % len(self.legs())]

        def both(rig: Rig) -> object:
            act(rig.phone.far, leg)
            return wish(rig)

        self.asks(both)

    @precondition(lambda self: self.rig.engine is not None)
    @rule(act=TROUBLES)
    def the_phone_has_trouble(self, act: Wish) -> None:
        self.happens(act)

    @precondition(lambda self: self.rig.engine is not None)
    @rule()
    def the_phone_dies(self) -> None:
        self.happens(lambda rig: rig.phone_dies())

    @precondition(lambda self: self.rig.engine is None)
    @rule()
    def the_phone_returns(self) -> None:
        self.run(self.rig.phone_starts)

    @precondition(lambda self: self.rig.engine is None)
    @rule()
    def the_phone_returns_to_work(self) -> None:
        self.the_phone_returns()
        self.asks_dial("sip:a@b.invalid")

    @rule(seconds=st.sampled_from([0.5, 5.0, 21.0, 61.0, 121.0]))
    def time_passes(self, seconds: float) -> None:
        self.run(lambda: asyncio.sleep(seconds))

    @precondition(lambda self: self.legs())
    @rule(number=st.integers(0, 3), act=OTHERS, wish=WISHES)
    def the_disk_is_full_for_a_while(self, number: int, act: Other, wish: Wish) -> None:
        with full_disk(self.rig.disk):
            self.the_other_side_acts(number, act)
            self.asks(wish)
            self.a_caller_calls()
            self.time_passes(3.0)
        self.time_passes(2 * DISK_RETRY_S)

    @precondition(lambda self: self.rig.engine is not None)
    @rule()
    def the_phone_dies_on_a_full_disk(self) -> None:
        with full_disk(self.rig.disk):
            self.the_phone_dies()
        self.time_passes(2 * DISK_RETRY_S)

    # What is always true

    @invariant()
    def the_screen_shows_what_is_on_the_disk(self) -> None:
        assert not self.rig.standing.waits
        self.rig.agrees()
        muted = self.rig.standing.call is not None and self.rig.standing.call.muted
        assert fold(self.rig.facts()).muted == muted

    @invariant()
    def nobody_is_ready_without_a_phone(self) -> None:
        now = self.rig.standing.agent
        assert now.state is not State.READY or (self.rig.engine is not None and now.phone_up)
        assert now.state is not State.READY or not now.locked

    @invariant()
    def nobody_talks_without_a_leg(self) -> None:
        known = self.rig.phone.far._legs if self.rig.engine is not None else {}
        present = self.rig.standing.call
        assert (self.rig.state in CONNECTED) <= (present is not None)
        for each in [present] if present is not None and self.rig.state in CONNECTED else []:
            second = {each.consultation.id} if each.consultation is not None else set()
            # who is being handed over may be gone before the phone can know what became of it
            handed = second if each.hand_over is not None else set()
            assert bool(second) <= (self.rig.state is State.CONSULT)
            assert each.legs or second
            assert {*each.legs, *second} - handed <= known.keys()
            assert all(known[leg].connected for leg in {*each.legs} - handed)

    @invariant()
    def every_call_ends_once(self) -> None:
        facts = [fact for session in read_disk(self.rig.disk) for fact in session]
        began = Counter(
            fact.call_id for fact in facts if isinstance(fact, call.CallOffered | call.CallDialled)
        )
        ended = Counter(fact.call_id for fact in facts if isinstance(fact, call.CallEnded))
        present = self.rig.standing.call
        open_now = Counter([present.id] if present is not None and not present.gone else [])
        assert began == ended + open_now
        assert set(began.values()) <= {1}
        asked = Counter(f.consult_id for f in facts if isinstance(f, call.ConsultStarted))
        over = Counter(f.consult_id for f in facts if isinstance(f, call.ConsultEnded))
        second = present.consultation if present is not None else None
        assert asked == over + Counter([second.id] if second is not None else [])
        assert set(asked.values()) <= {1}

    @invariant()
    def numbers_have_no_gap(self) -> None:
        for seqs in read_seqs(self.rig.disk):
            assert seqs == list(range(1, len(seqs) + 1))

    def teardown(self) -> None:
        async def end() -> None:
            self.rig.close()

        self.run(end)
        self.runner.close()
        self.folder.cleanup()


AnyOrder.TestCase.settings = settings(
    max_examples=20,
    stateful_step_count=40,
    deadline=None,
)
test_any_order = AnyOrder.TestCase
