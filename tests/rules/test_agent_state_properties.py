"""What no sequence of triggers can bring about (domain §2.2, §10.4), against a model of the phone
and of the calls on the network that knows nothing of the table."""

from enum import StrEnum
from itertools import chain

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from protocol.facts.agent import Reason, State
from protocol.rules.agent_state import (
    ASKED,
    AUTOMATIC_REASONS,
    AgentState,
    Choice,
    Happening,
    Limits,
    Trigger,
)
from protocol.rules.agent_state_table import Stepped, step
from tests.rules.agents import BUSY, CONNECTED, LOGGED_OFF, READY

BREAKS = sorted(set(Reason) - AUTOMATIC_REASONS)


class Leg(StrEnum):
    """Where the network has a call."""

    OFFERED = "offered"
    DIALLED = "dialled"
    CONNECTED = "connected"


ENDINGS = {
    Leg.OFFERED: [
        Trigger.CALLER_LEFT,
        Trigger.RING_EXPIRED,
        Trigger.CALL_REJECTED,
        Trigger.DEVICE_FAILED,
    ],
    Leg.DIALLED: [Trigger.DIAL_FAILED],
    Leg.CONNECTED: [Trigger.LAST_LEG_ENDED],
}
CHANGES = [
    Trigger.CALL_HELD,
    Trigger.CALL_RESUMED,
    Trigger.CONSULT_STARTED,
    Trigger.CONSULT_ENDED,
    Trigger.CONFERENCE_ENDED,
]
ANSWERS = [Trigger.CALL_ANSWERED, Trigger.AUTO_ANSWERED]
OF_A_CALL = [*chain.from_iterable(ENDINGS.values()), *CHANGES, *ANSWERS, Trigger.ACW_EXPIRED]
LEG_OF = {State.RINGING: Leg.OFFERED, State.DIALING: Leg.DIALLED} | dict.fromkeys(
    CONNECTED, Leg.CONNECTED
)


SIGNED_IN = precondition(lambda self: self.now.state is not State.LOGGED_OFF)
IN_ACW = precondition(lambda self: self.now.state is State.ACW)
MOSTLY = st.sampled_from([True, True, True, False])


class Shift(RuleBasedStateMachine):
    """One seat with its agent, its phone, a lead, and a network that does as it likes."""

    @initialize(
        max_no_answer=st.integers(1, 3),
        window_s=st.sampled_from([0, 60]),
        acw_extensions=st.integers(0, 2),
        acw_on_failed_outbound=MOSTLY,
        barred=st.sampled_from([None] * 8 + ["exam", "qualification", "phone"]),
    )
    def begin(
        self,
        max_no_answer: int,
        window_s: int,
        acw_extensions: int,
        acw_on_failed_outbound: bool,
        barred: str | None,
    ) -> None:
        self.limits = Limits(
            max_no_answer=max_no_answer,
            no_answer_window_s=window_s,
            acw_extensions=acw_extensions,
            acw_on_failed_outbound=acw_on_failed_outbound,
        )
        self.at_ms = 0
        self.locked = False
        self.dismissed = False
        """Whether the sign-in is over and only the call is not."""
        self.phone = self.microphone = barred != "phone"
        self.now = AgentState(
            phone_up=self.phone,
            microphone=self.microphone,
            exam_sitting=barred == "exam",
            qualified=barred != "qualification",
        )
        self.may_be_ready = barred not in ("exam", "qualification")
        self.legs: dict[str, Leg] = {}
        self.earlier = self.wish = LOGGED_OFF
        """Where the agent was when the call began, and what was last chosen to follow it."""
        self.alive = False
        """Whether somebody touched the desk since the last call ended."""
        self.signs_in()
        self.asks_for_ready()

    def one_of(self, calls: list[str], data: st.DataObject) -> str:
        """One of the calls, the agent's own more often than another."""
        own = [call_id for call_id in calls if call_id == self.now.call_id]
        return data.draw(st.sampled_from(calls + 3 * own))

    def on(self, *legs: Leg) -> list[str]:
        """The calls that the network has there."""
        return [call_id for call_id, leg in self.legs.items() if leg in legs]

    def does(
        self, trigger: Trigger, call_id: str | None = None, choice: Choice | None = None
    ) -> bool:
        """Take one step, check what holds for each, and tell whether it was allowed."""
        before = self.now
        self.at_ms += 7_000
        happening = Happening(trigger, call_id, choice, self.at_ms)
        stepped = step(before, happening, self.limits)
        self.now = stepped.after
        self.check_refusal(before, stepped, trigger)
        self.check_ready(before, trigger)
        self.check_rest(before)
        self.remember(before)
        return stepped.refusal is None

    def check_refusal(self, before: AgentState, stepped: Stepped, trigger: Trigger) -> None:
        assert stepped.refusal is None or trigger in ASKED
        assert stepped.refusal is None or stepped.after == before

    def check_ready(self, before: AgentState, trigger: Trigger) -> None:
        """READY is entered by the agent's own act, or by returning to it after a call."""
        entered = self.now.state is State.READY and before.state is not State.READY
        own_act = trigger in (Trigger.READY, Trigger.ACW_DONE)
        returned = before.state in BUSY and self.wish == READY
        touched = before.state is not State.ACW or self.alive
        assert not entered or own_act or (returned and touched)
        assert not (entered and before.state is State.NOT_READY) or trigger is Trigger.READY

    def check_rest(self, before: AgentState) -> None:
        """A call leads back to what was chosen; only READY may turn into a fault or a miss."""
        if before.state in BUSY and self.now.state not in BUSY:
            rest = Choice(self.now.state, self.now.reason)
            withheld = self.wish == READY and self.now.reason in AUTOMATIC_REASONS
            assert rest == self.wish or withheld

    def remember(self, before: AgentState) -> None:
        """When a call begins, the state before it is what the agent returns to."""
        if before.state not in BUSY and self.now.state in BUSY:
            self.wish = self.earlier = Choice(before.state, before.reason)
        if self.now.state is State.LOGGED_OFF:
            self.locked = False
        self.dismissed = self.dismissed and self.now.state in BUSY

    def chooses(self, choice: Choice, trigger: Trigger, asked: Choice | None = None) -> None:
        """Somebody chooses a state: entered at once, or when the call is over."""
        earlier, busy = self.wish, self.now.state in BUSY
        self.wish = choice
        if not self.does(trigger, choice=asked):
            self.wish = earlier
        elif not busy:
            assert (self.now.state, self.now.reason) == (choice.state, choice.reason)

    # the agent

    @rule()
    @precondition(lambda self: self.now.state is State.LOGGED_OFF)
    def signs_in(self) -> None:
        self.does(Trigger.SIGN_IN)

    @rule(trigger=st.sampled_from([Trigger.SIGN_OUT, Trigger.FORCE_SIGN_OUT]))
    @precondition(lambda self: self.now.state in BUSY or self.now.reason is Reason.FORCED)
    def signs_out_or_is_made_to(self, trigger: Trigger) -> None:
        self.chooses(LOGGED_OFF, trigger)

    @rule()
    @SIGNED_IN
    def asks_for_ready(self) -> None:
        self.chooses(READY, Trigger.READY)

    @rule(reason=st.sampled_from(BREAKS))
    @SIGNED_IN
    def asks_for_a_break(self, reason: Reason) -> None:
        choice = Choice(State.NOT_READY, reason)
        self.chooses(choice, Trigger.BREAK, choice)

    @rule(choice=st.builds(Choice, st.sampled_from(State), st.none() | st.sampled_from(Reason)))
    @SIGNED_IN
    def chooses_what_comes_next(self, choice: Choice) -> None:
        kept = choice if choice.state is State.NOT_READY else Choice(choice.state)
        self.chooses(kept, Trigger.NEXT, choice)

    @rule()
    @SIGNED_IN
    def takes_the_choice_back(self) -> None:
        if self.does(Trigger.NEXT):
            self.wish = self.earlier

    @rule()
    @IN_ACW
    def is_done_with_the_call(self) -> None:
        self.does(Trigger.ACW_DONE)

    @rule(trigger=st.sampled_from([Trigger.EXTEND_ACW, Trigger.ACW_TYPED_ON]))
    @IN_ACW
    def needs_more_time(self, trigger: Trigger) -> None:
        before = self.now.extensions
        self.does(trigger, self.now.call_id)
        assert self.now.extensions == min(before + 1, self.limits.acw_extensions)

    @rule()
    @IN_ACW
    def touches_the_desk(self) -> None:
        self.alive = True
        self.does(Trigger.SIGN_OF_LIFE)

    @rule(number=st.uuids().map(str))
    @SIGNED_IN
    def dials(self, number: str) -> None:
        if self.does(Trigger.DIAL, number):
            self.legs[number] = Leg.DIALLED

    # a lead

    @rule()
    @SIGNED_IN
    def is_forced_out_of_ready(self) -> None:
        self.chooses(Choice(State.NOT_READY, Reason.FORCED), Trigger.FORCE_NOT_READY)

    # another desk, or the service

    @rule(trigger=st.sampled_from([Trigger.TAKEN_OVER, Trigger.NOT_CONFIRMED]))
    @precondition(lambda self: self.now.state in BUSY)
    def is_dismissed(self, trigger: Trigger) -> None:
        self.chooses(LOGGED_OFF, trigger)
        self.dismissed = self.now.state in BUSY

    # the network

    @rule(number=st.uuids().map(str))
    @precondition(lambda self: len(self.legs) < 3)
    def is_called(self, number: str) -> None:
        self.legs[number] = Leg.OFFERED
        self.does(Trigger.CALL_OFFERED, number)

    @rule(number=st.uuids().map(str))
    @precondition(lambda self: self.now.state is State.READY)
    def talks_to_a_caller(self, number: str) -> None:
        self.is_called(number)
        self.legs[number] = Leg.CONNECTED
        self.does(Trigger.CALL_ANSWERED, number)

    @rule(data=st.data(), by_itself=st.booleans())
    @precondition(lambda self: self.on(Leg.OFFERED))
    def incoming_call_is_answered(self, data: st.DataObject, by_itself: bool) -> None:
        call_id = self.one_of(self.on(Leg.OFFERED), data)
        self.legs[call_id] = Leg.CONNECTED
        self.does(Trigger.AUTO_ANSWERED if by_itself else Trigger.CALL_ANSWERED, call_id)

    @rule(data=st.data())
    @precondition(lambda self: self.on(Leg.DIALLED))
    def outgoing_call_is_answered(self, data: st.DataObject) -> None:
        call_id = self.one_of(self.on(Leg.DIALLED), data)
        self.legs[call_id] = Leg.CONNECTED
        self.does(Trigger.CALL_ANSWERED, call_id)

    @rule(data=st.data(), trigger=st.sampled_from(CHANGES))
    @precondition(lambda self: self.on(Leg.CONNECTED))
    def call_changes(self, data: st.DataObject, trigger: Trigger) -> None:
        self.does(trigger, self.one_of(self.on(Leg.CONNECTED), data))

    @rule(data=st.data())
    @precondition(lambda self: self.legs)
    def call_ends(self, data: st.DataObject) -> None:
        call_id = self.one_of(self.on(*Leg), data)
        self.alive = self.alive and call_id != self.now.call_id
        self.does(data.draw(st.sampled_from(ENDINGS[self.legs.pop(call_id)])), call_id)

    @rule(trigger=st.sampled_from(OF_A_CALL))
    @SIGNED_IN
    def something_is_said_of_a_strange_call(self, trigger: Trigger) -> None:
        before = self.now
        self.does(trigger, "strange")
        assert self.now == before

    # the desk

    @rule(up=MOSTLY)
    def phone_changes(self, up: bool) -> None:
        self.phone = up
        self.does(Trigger.PHONE_UP if up else Trigger.PHONE_DOWN)

    @rule(there=MOSTLY)
    def microphone_changes(self, there: bool) -> None:
        self.microphone = there
        self.does(Trigger.MICROPHONE_CAME if there else Trigger.MICROPHONE_WENT)

    @rule()
    @IN_ACW
    def acw_expires(self) -> None:
        self.does(Trigger.ACW_EXPIRED, self.now.call_id)

    @rule()
    @SIGNED_IN
    def desk_is_left(self) -> None:
        self.does(Trigger.DESK_LEFT)

    @rule(locked=st.booleans())
    @SIGNED_IN
    def screen_changes(self, locked: bool) -> None:
        self.locked = locked
        self.does(Trigger.SCREEN_LOCKED if locked else Trigger.SCREEN_OPENED)

    # what holds whatever came before

    @invariant()
    def ready_has_a_phone(self) -> None:
        ready = self.now.state is State.READY
        assert not ready or (self.phone and self.microphone and self.may_be_ready)
        assert not (ready and self.locked)

    @invariant()
    def the_table_knows_the_phone(self) -> None:
        assert (self.now.phone_up, self.now.microphone) == (self.phone, self.microphone)
        assert self.now.locked == self.locked

    @invariant()
    def who_is_dismissed_goes_when_the_call_is_over(self) -> None:
        assert not self.dismissed or self.now.next == LOGGED_OFF

    @invariant()
    def as_many_misses_as_are_allowed_are_not_counted_on(self) -> None:
        assert len(self.now.misses) < self.limits.max_no_answer
        assert self.now.misses == tuple(sorted(self.now.misses))

    @invariant()
    def a_call_is_a_live_one(self) -> None:
        leg = LEG_OF.get(self.now.state)
        assert leg is None or self.legs.get(str(self.now.call_id)) is leg

    @invariant()
    def only_calls_have_a_call(self) -> None:
        assert (self.now.state in BUSY) == (self.now.call_id is not None)
        assert self.now.state in BUSY or self.now.next is None

    @invariant()
    def only_breaks_have_a_reason(self) -> None:
        assert self.now.reason is None or self.now.state is State.NOT_READY


class TestShifts(Shift.TestCase):
    settings = settings(max_examples=100, deadline=None)


@pytest.mark.prove
@pytest.mark.timeout(900)
class TestManyShifts(Shift.TestCase):
    settings = settings(max_examples=3_000, deadline=None)


ANY_CHOICE = st.none() | st.builds(
    Choice, st.sampled_from(State), st.none() | st.sampled_from(Reason)
)
ANY_AGENT = st.builds(
    AgentState,
    state=st.sampled_from(State),
    reason=st.none() | st.sampled_from(Reason),
    call_id=st.sampled_from([None, "c1", "c2"]),
    before=ANY_CHOICE,
    next=ANY_CHOICE,
    phone_up=st.booleans(),
    microphone=st.booleans(),
    exam_sitting=st.booleans(),
    qualified=st.booleans(),
    misses=st.lists(st.integers(0, 100_000), max_size=3).map(sorted).map(tuple),
    alive=st.booleans(),
    extensions=st.integers(0, 2),
    locked=st.booleans(),
    dismissed=st.booleans(),
)
ANY_HAPPENING = st.builds(
    Happening,
    st.sampled_from(Trigger),
    call_id=st.sampled_from([None, "c1", "c2"]),
    choice=ANY_CHOICE,
)


@given(ANY_AGENT, ANY_HAPPENING)
def test_from_anywhere_a_step_is_refused_or_taken_never_both(
    now: AgentState, happening: Happening
) -> None:
    stepped = step(now, happening, Limits())
    assert stepped.refusal is None or stepped.after == now
    assert stepped.refusal is None or happening.trigger in ASKED
    assert step(now, happening, Limits()) == stepped


@given(ANY_AGENT, ANY_HAPPENING)
def test_from_anywhere_a_lead_and_a_phone_make_nobody_ready(
    now: AgentState, happening: Happening
) -> None:
    after = step(now, happening, Limits()).after
    never = {
        Trigger.FORCE_NOT_READY,
        Trigger.FORCE_SIGN_OUT,
        Trigger.PHONE_UP,
        Trigger.MICROPHONE_CAME,
        Trigger.SIGN_IN,
        Trigger.SEAT_RESTARTED,
        Trigger.SIGN_OF_LIFE,
        Trigger.DESK_LEFT,
        Trigger.SCREEN_LOCKED,
        Trigger.SCREEN_OPENED,
        Trigger.TAKEN_OVER,
        Trigger.NOT_CONFIRMED,
        Trigger.ACW_TYPED_ON,
        Trigger.EXTEND_ACW,
    }
    entered = after.state is State.READY and now.state is not State.READY
    assert not (entered and happening.trigger in never)
