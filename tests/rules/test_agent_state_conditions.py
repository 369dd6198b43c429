"""The conditions of the state table (domain §2.2), one by one."""

import msgspec
import pytest

from protocol.facts.agent import Reason, State
from protocol.rules.agent_state import (
    AUTOMATIC_REASONS,
    AgentState,
    Choice,
    Happening,
    Limits,
    Refusal,
    Trigger,
)
from protocol.rules.agent_state_table import step
from tests.rules.agents import BUSY, CONNECTED, IN_CALL, LOGGED_OFF, MEAL, READY, REST, agent, shown

CALL_TRIGGERS = {
    State.RINGING: [
        Trigger.CALL_ANSWERED,
        Trigger.AUTO_ANSWERED,
        Trigger.CALLER_LEFT,
        Trigger.RING_EXPIRED,
        Trigger.CALL_REJECTED,
        Trigger.DEVICE_FAILED,
    ],
    State.DIALING: [Trigger.CALL_ANSWERED, Trigger.DIAL_FAILED],
    State.TALK: [Trigger.CALL_HELD, Trigger.CONSULT_STARTED, Trigger.LAST_LEG_ENDED],
    State.HOLD: [Trigger.CALL_RESUMED, Trigger.CONSULT_STARTED, Trigger.LAST_LEG_ENDED],
    State.CONSULT: [
        Trigger.CONSULT_ENDED,
        Trigger.CONFERENCE_ENDED,
        Trigger.LAST_LEG_ENDED,
    ],
    State.ACW: [Trigger.ACW_EXPIRED, Trigger.ACW_TYPED_ON],
}


def after(
    now: AgentState,
    trigger: Trigger,
    choice: Choice | None = None,
    call_id: str = "c1",
    at_s: int = 0,
    **limits: object,
) -> AgentState:
    """The state that a trigger, which must not be refused, leads to."""
    happening = Happening(trigger, call_id, choice, at_s * 1000)
    stepped = step(now, happening, Limits(**limits))  # type: ignore[arg-type]  # named by the tests
    assert stepped.refusal is None
    return stepped.after


def refusal(now: AgentState, trigger: Trigger, choice: Choice | None = None) -> Refusal | None:
    """Why a trigger is refused; a refusal must change nothing."""
    stepped = step(now, Happening(trigger, "c1", choice), Limits())
    assert stepped.after == now
    return stepped.refusal


class TestBecomingReady:
    @pytest.mark.parametrize(
        ("missing", "code"),
        [
            ({"phone_up": False}, Refusal.PHONE_NOT_READY),
            ({"microphone": False}, Refusal.NO_MICROPHONE),
            ({"exam_sitting": True}, Refusal.EXAM_SITTING),
            ({"qualified": False}, Refusal.NOT_QUALIFIED),
            ({"locked": True}, Refusal.LOCKED),
        ],
    )
    @pytest.mark.parametrize("state", [State.NOT_READY, State.ACW])
    def test_needs_everything(self, state: State, missing: dict[str, bool], code: Refusal) -> None:
        assert refusal(agent(state, **missing), Trigger.READY) == code

    @pytest.mark.parametrize("state", BUSY)
    @pytest.mark.parametrize(
        ("missing", "code"),
        [
            ({"exam_sitting": True}, Refusal.EXAM_SITTING),
            ({"qualified": False}, Refusal.NOT_QUALIFIED),
            ({"locked": True}, Refusal.LOCKED),
        ],
    )
    def test_later_needs_it_too(
        self, state: State, missing: dict[str, bool], code: Refusal
    ) -> None:
        assert refusal(agent(state, **missing), Trigger.NEXT, READY) == code

    def test_ends_a_series_of_misses(self) -> None:
        assert after(agent(State.NOT_READY, misses=(1, 2)), Trigger.READY).misses == ()


class TestBreaks:
    @pytest.mark.parametrize("state", [State.READY, State.NOT_READY, *BUSY])
    def test_need_a_reason(self, state: State) -> None:
        assert refusal(agent(state), Trigger.BREAK) == Refusal.REASON_REQUIRED
        unexplained = Choice(State.NOT_READY)
        assert refusal(agent(state), Trigger.BREAK, unexplained) == Refusal.REASON_REQUIRED

    @pytest.mark.parametrize("reason", sorted(AUTOMATIC_REASONS))
    @pytest.mark.parametrize("state", [State.READY, State.TALK])
    def test_refuse_a_reason_of_the_systems(self, state: State, reason: Reason) -> None:
        automatic = Choice(State.NOT_READY, reason)
        assert refusal(agent(state), Trigger.BREAK, automatic) == Refusal.REASON_AUTOMATIC

    @pytest.mark.parametrize("reason", sorted(set(Reason) - AUTOMATIC_REASONS))
    def test_take_any_other(self, reason: Reason) -> None:
        chosen = Choice(State.NOT_READY, reason)
        assert shown(after(agent(State.READY), Trigger.BREAK, chosen)) == f"NOT_READY:{reason}"

    def test_are_breaks_whatever_state_comes_with_the_reason(self) -> None:
        mixed = Choice(State.READY, Reason.REST)
        assert after(agent(State.TALK), Trigger.BREAK, mixed).next == REST


class TestTheNextState:
    @pytest.mark.parametrize("state", BUSY)
    @pytest.mark.parametrize("choice", [READY, LOGGED_OFF, MEAL])
    def test_is_kept(self, state: State, choice: Choice) -> None:
        chosen = after(agent(state), Trigger.NEXT, choice)
        assert chosen == msgspec.structs.replace(agent(state), next=choice)

    @pytest.mark.parametrize("state", BUSY)
    def test_can_be_taken_back(self, state: State) -> None:
        assert after(agent(state, next=MEAL), Trigger.NEXT).next is None

    @pytest.mark.parametrize(
        "state", sorted(set(State) - {State.READY, State.NOT_READY, State.LOGGED_OFF})
    )
    def test_is_none_of_a_call(self, state: State) -> None:
        assert refusal(agent(State.TALK), Trigger.NEXT, Choice(state)) == Refusal.WRONG_STATE

    def test_needs_a_reason_for_a_break(self) -> None:
        unexplained = Choice(State.NOT_READY)
        automatic = Choice(State.NOT_READY, Reason.FORCED)
        assert refusal(agent(State.TALK), Trigger.NEXT, unexplained) == Refusal.REASON_REQUIRED
        assert refusal(agent(State.TALK), Trigger.NEXT, automatic) == Refusal.REASON_AUTOMATIC

    @pytest.mark.parametrize("state", [State.READY, State.LOGGED_OFF])
    def test_has_a_reason_only_if_it_is_a_break(self, state: State) -> None:
        explained = Choice(state, Reason.MEAL)
        assert after(agent(State.TALK), Trigger.NEXT, explained).next == Choice(state)

    def test_is_the_last_choice(self) -> None:
        talking = agent(State.TALK)
        for trigger, choice in [
            (Trigger.NEXT, LOGGED_OFF),
            (Trigger.READY, None),
            (Trigger.BREAK, MEAL),
            (Trigger.SIGN_OUT, None),
            (Trigger.BREAK, REST),
        ]:
            talking = after(talking, trigger, choice)
        wrapping_up = after(talking, Trigger.LAST_LEG_ENDED)
        assert after(wrapping_up, Trigger.ACW_DONE) == agent(State.NOT_READY)

    @pytest.mark.parametrize("choice", [LOGGED_OFF, MEAL])
    @pytest.mark.parametrize(
        "trigger",
        [
            Trigger.CALLER_LEFT,
            Trigger.RING_EXPIRED,
            Trigger.CALL_REJECTED,
            Trigger.DEVICE_FAILED,
        ],
    )
    def test_chosen_while_it_rings_outlives_the_ringing(
        self, trigger: Trigger, choice: Choice
    ) -> None:
        assert shown(after(agent(State.RINGING, next=choice), trigger)) == shown(choice)

    def test_is_forgotten_when_it_has_come(self) -> None:
        assert after(agent(State.ACW, next=MEAL), Trigger.ACW_DONE).next is None

    @pytest.mark.parametrize("chosen", [LOGGED_OFF, MEAL, READY])
    def test_gives_way_to_an_act_after_the_call(self, chosen: Choice) -> None:
        assert after(agent(State.ACW, next=chosen), Trigger.BREAK, REST) == agent(State.NOT_READY)


class TestRinging:
    def test_remembers_the_state_before(self) -> None:
        ringing = after(agent(State.READY), Trigger.CALL_OFFERED, call_id="c1")
        assert ringing == agent(State.RINGING)

    def test_that_the_caller_ends_is_no_miss(self) -> None:
        left = after(agent(State.RINGING, misses=(1,)), Trigger.CALLER_LEFT, max_no_answer=2)
        assert left == agent(State.READY, misses=(1,))

    @pytest.mark.parametrize("trigger", [Trigger.RING_EXPIRED, Trigger.CALL_REJECTED])
    def test_missed_takes_out_of_the_line_only_after_as_many_as_are_allowed(
        self, trigger: Trigger
    ) -> None:
        once = after(agent(State.RINGING), trigger, max_no_answer=2)
        again = after(once, Trigger.CALL_OFFERED, max_no_answer=2)
        twice = after(again, trigger, max_no_answer=2)
        assert [shown(once), shown(twice)] == ["READY", "NOT_READY:NO_ANSWER"]

    def test_answered_ends_a_series_of_misses(self) -> None:
        assert after(agent(State.RINGING, misses=(1,)), Trigger.CALL_ANSWERED).misses == ()

    def test_missed_returns_with_one_act(self) -> None:
        missed = after(agent(State.RINGING), Trigger.RING_EXPIRED)
        assert after(missed, Trigger.READY) == agent(State.READY)

    def test_that_the_caller_ends_with_the_phone_down_is_a_fault(self) -> None:
        left = after(agent(State.RINGING, phone_up=False), Trigger.CALLER_LEFT)
        assert shown(left) == "NOT_READY:SYSTEM_FAULT"

    def test_needs_a_phone(self) -> None:
        """A call that arrives on a phone which is said to be down is not offered."""
        assert after(agent(State.READY, phone_up=False), Trigger.CALL_OFFERED).state is State.READY


class TestDialling:
    @pytest.mark.parametrize(
        ("missing", "code"),
        [
            ({"phone_up": False}, Refusal.PHONE_NOT_READY),
            ({"microphone": False}, Refusal.NO_MICROPHONE),
            ({"exam_sitting": True}, Refusal.EXAM_SITTING),
            ({"locked": True}, Refusal.LOCKED),
        ],
    )
    def test_needs_a_phone_and_no_exam(self, missing: dict[str, bool], code: Refusal) -> None:
        assert refusal(agent(State.NOT_READY, **missing), Trigger.DIAL) == code

    @pytest.mark.parametrize("before", [READY, MEAL])
    def test_returns_to_where_it_was_begun(self, before: Choice) -> None:
        idle = agent(before.state, reason=before.reason)
        dialling = after(idle, Trigger.DIAL)
        talking = after(dialling, Trigger.CALL_ANSWERED)
        wrapping_up = after(talking, Trigger.LAST_LEG_ENDED)
        assert after(wrapping_up, Trigger.ACW_DONE) == idle

    @pytest.mark.parametrize(("with_acw", "state"), [(True, State.ACW), (False, State.READY)])
    def test_that_fails_is_wrapped_up_if_the_operator_wants_it(
        self, with_acw: bool, state: State
    ) -> None:
        failed = after(agent(State.DIALING), Trigger.DIAL_FAILED, acw_on_failed_outbound=with_acw)
        assert failed == agent(state)


class TestMissesWithinATime:
    """`max_no_answer` as "n within m"."""

    def test_count_although_a_call_was_answered_between_them(self) -> None:
        once = after(
            agent(State.RINGING),
            Trigger.RING_EXPIRED,
            at_s=0,
            max_no_answer=2,
            no_answer_window_s=600,
        )
        again = after(once, Trigger.CALL_OFFERED, no_answer_window_s=600)
        talking = after(again, Trigger.CALL_ANSWERED, no_answer_window_s=600)
        assert talking.misses == (0,)

    @pytest.mark.parametrize(("at_s", "rests"), [(599, "NOT_READY:NO_ANSWER"), (600, "READY")])
    def test_count_no_longer_than_that(self, at_s: int, rests: str) -> None:
        missed = after(
            agent(State.RINGING, misses=(0,)),
            Trigger.CALL_REJECTED,
            at_s=at_s,
            max_no_answer=2,
            no_answer_window_s=600,
        )
        assert shown(missed) == rests

    def test_begin_anew_when_they_had_their_effect(self) -> None:
        missed = after(
            agent(State.RINGING, misses=(0,)),
            Trigger.RING_EXPIRED,
            at_s=1,
            max_no_answer=2,
            no_answer_window_s=600,
        )
        assert (shown(missed), missed.misses) == ("NOT_READY:NO_ANSWER", ())

    def test_begin_anew_when_a_lead_had_the_effect_instead(self) -> None:
        forced = Choice(State.NOT_READY, Reason.FORCED)
        missed = after(
            agent(State.RINGING, next=forced),
            Trigger.RING_EXPIRED,
            at_s=1,
            max_no_answer=1,
            no_answer_window_s=600,
        )
        assert (shown(missed), missed.misses) == ("NOT_READY:FORCED", ())

    def test_are_not_forgotten_by_a_break_and_a_return(self) -> None:
        back = after(agent(State.NOT_READY, misses=(0,)), Trigger.READY, no_answer_window_s=600)
        assert back.misses == (0,)


class TestAfterTheCall:
    @pytest.mark.parametrize("state", CONNECTED)
    def test_acw_asks_for_a_new_sign_of_life(self, state: State) -> None:
        assert not after(agent(state, alive=True), Trigger.LAST_LEG_ENDED).alive

    def test_the_timer_returns_who_showed_a_sign_of_life(self) -> None:
        alive = after(agent(State.ACW), Trigger.SIGN_OF_LIFE)
        assert shown(after(alive, Trigger.ACW_EXPIRED)) == "READY"

    @pytest.mark.parametrize("chosen", [None, READY])
    def test_the_timer_makes_nobody_ready_without_one(self, chosen: Choice | None) -> None:
        expired = after(agent(State.ACW, next=chosen), Trigger.ACW_EXPIRED)
        assert shown(expired) == "NOT_READY:AWAY"

    @pytest.mark.parametrize("chosen", [MEAL, LOGGED_OFF])
    def test_the_timer_needs_none_for_anything_else(self, chosen: Choice) -> None:
        expired = after(agent(State.ACW, next=chosen), Trigger.ACW_EXPIRED)
        assert shown(expired) == shown(chosen)

    def test_the_agent_needs_none(self) -> None:
        assert shown(after(agent(State.ACW), Trigger.ACW_DONE)) == "READY"

    @pytest.mark.parametrize("trigger", [Trigger.ACW_DONE, Trigger.ACW_EXPIRED])
    @pytest.mark.parametrize("missing", ["phone_up", "microphone"])
    def test_ready_without_a_phone_is_a_fault(self, trigger: Trigger, missing: str) -> None:
        wrapping_up = agent(State.ACW, alive=True, **{missing: False})
        assert shown(after(wrapping_up, trigger)) == "NOT_READY:SYSTEM_FAULT"


class TestMoreTimeForAfterCallWork:
    @pytest.mark.parametrize("trigger", [Trigger.EXTEND_ACW, Trigger.ACW_TYPED_ON])
    def test_is_counted(self, trigger: Trigger) -> None:
        more = after(agent(State.ACW), trigger, acw_extensions=2)
        assert more == agent(State.ACW, extensions=1)

    def test_ends_when_there_is_none_left(self) -> None:
        given_all = agent(State.ACW, extensions=1)
        assert refusal(given_all, Trigger.EXTEND_ACW) == Refusal.NO_EXTENSION
        assert after(given_all, Trigger.ACW_TYPED_ON) == given_all

    def test_is_counted_for_each_call_anew(self) -> None:
        rested = after(agent(State.ACW, extensions=1), Trigger.ACW_DONE)
        assert rested.extensions == 0


class TestALockedScreen:
    @pytest.mark.parametrize("state", [State.NOT_READY, *BUSY])
    def test_changes_no_state_but_ready(self, state: State) -> None:
        locked = agent(state, locked=True)
        assert after(agent(state), Trigger.SCREEN_LOCKED) == locked
        assert after(locked, Trigger.SCREEN_OPENED) == agent(state)

    def test_that_opens_again_makes_nobody_ready(self) -> None:
        locked = after(agent(State.READY), Trigger.SCREEN_LOCKED)
        away = agent(State.NOT_READY, reason=Reason.AWAY)
        assert after(locked, Trigger.SCREEN_OPENED) == away

    @pytest.mark.parametrize(
        ("state", "trigger"),
        [
            (State.ACW, Trigger.ACW_DONE),
            (State.ACW, Trigger.ACW_EXPIRED),
            (State.RINGING, Trigger.CALLER_LEFT),
        ],
    )
    def test_lets_no_call_lead_back_to_ready(self, state: State, trigger: Trigger) -> None:
        behind = agent(state, alive=True, locked=True)
        assert shown(after(behind, trigger)) == "NOT_READY:AWAY"

    def test_lets_breaks_and_the_end_be_chosen(self) -> None:
        behind = agent(State.NOT_READY, locked=True)
        assert after(behind, Trigger.BREAK, MEAL).locked
        assert not after(behind, Trigger.SIGN_OUT).locked


class TestADismissedSignIn:
    @pytest.mark.parametrize("trigger", [Trigger.TAKEN_OVER, Trigger.NOT_CONFIRMED])
    @pytest.mark.parametrize("state", IN_CALL)
    def test_ends_with_the_call_whatever_is_chosen(self, state: State, trigger: Trigger) -> None:
        dismissed = after(agent(state), trigger)
        for chosen in (Trigger.READY, Trigger.BREAK, Trigger.NEXT, Trigger.FORCE_NOT_READY):
            assert refusal(dismissed, chosen, MEAL) == Refusal.WRONG_STATE
        assert (dismissed.state, dismissed.next) == (state, LOGGED_OFF)

    def test_leaves_nothing_behind(self) -> None:
        over = after(after(agent(State.RINGING), Trigger.TAKEN_OVER), Trigger.CALLER_LEFT)
        assert over == agent(State.LOGGED_OFF)


class TestThePhone:
    @pytest.mark.parametrize("state", [State.LOGGED_OFF, State.NOT_READY, *BUSY])
    def test_that_goes_leaves_every_state_but_ready(self, state: State) -> None:
        without = agent(state, phone_up=False)
        assert after(agent(state), Trigger.PHONE_DOWN) == without
        assert after(without, Trigger.PHONE_UP) == agent(state)

    @pytest.mark.parametrize("state", [State.LOGGED_OFF, State.NOT_READY, *BUSY])
    def test_whose_microphone_goes_does_too(self, state: State) -> None:
        without = agent(state, microphone=False)
        assert after(agent(state), Trigger.MICROPHONE_WENT) == without
        assert after(without, Trigger.MICROPHONE_CAME) == agent(state)

    @pytest.mark.parametrize(
        ("goes", "comes"),
        [
            (Trigger.PHONE_DOWN, Trigger.PHONE_UP),
            (Trigger.MICROPHONE_WENT, Trigger.MICROPHONE_CAME),
        ],
    )
    def test_that_comes_back_makes_nobody_ready(self, goes: Trigger, comes: Trigger) -> None:
        fault = agent(State.NOT_READY, reason=Reason.SYSTEM_FAULT)
        assert after(after(agent(State.READY), goes), comes) == fault


class TestCallsOfOthers:
    @pytest.mark.parametrize(
        ("state", "trigger"),
        [(state, each) for state, own in CALL_TRIGGERS.items() for each in own],
    )
    def test_change_nothing(self, state: State, trigger: Trigger) -> None:
        assert after(agent(state), trigger, call_id="another") == agent(state)

    @pytest.mark.parametrize("state", sorted(set(State) - {State.READY}))
    def test_are_not_offered_to_who_is_not_ready(self, state: State) -> None:
        assert after(agent(state), Trigger.CALL_OFFERED, call_id="another") == agent(state)


class TestForce:
    @pytest.mark.parametrize("state", BUSY)
    def test_in_a_call_waits_for_its_end(self, state: State) -> None:
        forced = after(agent(state), Trigger.FORCE_NOT_READY)
        assert (forced.state, shown(forced.next)) == (state, "NOT_READY:FORCED")

    @pytest.mark.parametrize("state", IN_CALL)
    def test_out_waits_too(self, state: State) -> None:
        forced = after(agent(state), Trigger.FORCE_SIGN_OUT)
        assert (forced.state, forced.next) == (state, LOGGED_OFF)


class TestTheFloor:
    @pytest.mark.parametrize("known", [READY, MEAL])
    def test_keeps_the_last_known_state_of_who_is_not_heard(self, known: Choice) -> None:
        lost = after(agent(known.state, reason=known.reason), Trigger.HEARTBEATS_MISSED)
        assert (lost.state, lost.before) == (State.OFFLINE, known)
        assert shown(after(lost, Trigger.HEARD_AGAIN)) == shown(known)
