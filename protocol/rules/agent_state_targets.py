"""Where a row of the state table can lead."""

from collections.abc import Callable

import msgspec

from protocol.facts.agent import Reason, State
from protocol.rules.agent_state import AgentState, Choice, Happening, Limits

Target = Callable[[AgentState, Happening, Limits], AgentState]

_replace = msgspec.structs.replace


def _settle(now: AgentState, choice: Choice) -> AgentState:
    """Rest in a state without a call. READY needs a phone that works, and an open screen."""
    if choice.state is State.READY:
        choice = _ready_or_why_not(now)
    return _replace(
        now,
        state=choice.state,
        reason=choice.reason,
        call_id=None,
        before=None,
        next=None,
        extensions=0,
        locked=now.locked and choice.state is not State.LOGGED_OFF,
        dismissed=False,
    )


def _ready_or_why_not(now: AgentState) -> Choice:
    if not (now.phone_up and now.microphone):
        return Choice(State.NOT_READY, Reason.SYSTEM_FAULT)
    if now.locked:
        return Choice(State.NOT_READY, Reason.AWAY)
    return Choice(State.READY)


def to(state: State, reason: Reason | None = None) -> Target:
    """Always there, without a call."""
    return lambda now, _happened, _limits: _settle(now, Choice(state, reason))


def to_ready(now: AgentState, _: Happening, limits: Limits) -> AgentState:
    """The agent's own act ends a series of misses."""
    return _ends_series(_settle(now, Choice(State.READY)), limits)


def to_break(now: AgentState, asked: Happening, _: Limits) -> AgentState:
    """The break that was asked for."""
    assert asked.choice is not None
    return _settle(now, Choice(State.NOT_READY, asked.choice.reason))


def begin(state: State) -> Target:
    """A call begins: remember where the agent was."""

    def target(now: AgentState, happened: Happening, _: Limits) -> AgentState:
        return _replace(
            now,
            state=state,
            reason=None,
            call_id=happened.call_id,
            before=Choice(now.state, now.reason),
            next=None,
        )

    return target


def in_call(state: State) -> Target:
    """The same call goes on; an answered one ends a series of misses."""
    return lambda now, _happened, limits: _ends_series(_replace(now, state=state), limits)


def _ends_series(now: AgentState, limits: Limits) -> AgentState:
    """Misses count in a row, unless they are counted within a time."""
    return now if limits.no_answer_window_s else _replace(now, misses=())


def to_acw(now: AgentState, _: Happening, __: Limits) -> AgentState:
    """After-call work: it asks for a sign of life of its own."""
    return _replace(now, state=State.ACW, reason=None, alive=False, extensions=0)


def extended(now: AgentState, _: Happening, __: Limits) -> AgentState:
    """After-call work with more time."""
    return _replace(now, extensions=now.extensions + 1)


def _remembered(now: AgentState) -> Choice:
    """The last choice if there is one, else where the agent was before the call."""
    return now.next or now.before or Choice(State.NOT_READY, Reason.SYSTEM_FAULT)


def after_call(now: AgentState, _: Happening, __: Limits) -> AgentState:
    """What was chosen meanwhile, or where the call found the agent."""
    return _settle(now, _remembered(now))


def after_acw_timer(now: AgentState, _: Happening, __: Limits) -> AgentState:
    """Nobody is made ready by a timer: READY needs a sign of life since the call ended."""
    choice = _remembered(now)
    if choice.state is State.READY and not now.alive:
        choice = Choice(State.NOT_READY, Reason.AWAY)
    return _settle(now, choice)


def after_failed_dial(now: AgentState, happened: Happening, limits: Limits) -> AgentState:
    """After-call work, if the operator wants it after a call that came to nothing."""
    if limits.acw_on_failed_outbound:
        return to_acw(now, happened, limits)
    return after_call(now, happened, limits)


def after_device_fault(now: AgentState, _: Happening, __: Limits) -> AgentState:
    """The agent can't be READY and is not blamed; another choice made meanwhile stands."""
    choice = _remembered(now)
    if choice.state is State.READY:
        choice = Choice(State.NOT_READY, Reason.SYSTEM_FAULT)
    return _settle(now, choice)


def after_miss(now: AgentState, happened: Happening, limits: Limits) -> AgentState:
    """Enough misses take the agent out of the line, unless something chosen meanwhile does; either
    way they begin to be counted anew, else the next READY would begin with its share used up."""
    misses = (*_counting(now.misses, happened.at_ms, limits), happened.at_ms)
    choice = _remembered(now)
    if len(misses) >= limits.max_no_answer:
        misses = ()
        if choice.state is State.READY:
            choice = Choice(State.NOT_READY, Reason.NO_ANSWER)
    return _replace(_settle(now, choice), misses=misses)


def _counting(misses: tuple[int, ...], at_ms: int, limits: Limits) -> tuple[int, ...]:
    """The earlier misses that count together with one at `at_ms`."""
    if limits.no_answer_window_s == 0:
        return misses
    since_ms = at_ms - limits.no_answer_window_s * 1000
    return tuple(each for each in misses if each > since_ms)


def queue(now: AgentState, asked: Happening, _: Limits) -> AgentState:
    """The choice that comes next; only a break keeps a reason."""
    choice = asked.choice
    if choice is not None and choice.state is not State.NOT_READY:
        choice = Choice(choice.state)
    return _replace(now, next=choice)


def queue_break(now: AgentState, asked: Happening, _: Limits) -> AgentState:
    """The break that was asked for, once the call is over."""
    assert asked.choice is not None
    return _replace(now, next=Choice(State.NOT_READY, asked.choice.reason))


def queue_choice(state: State, reason: Reason | None = None) -> Target:
    """Always that, once the call is over."""
    return lambda now, _asked, _limits: _replace(now, next=Choice(state, reason))


def dismiss(now: AgentState, _: Happening, __: Limits) -> AgentState:
    """The sign-in is over; only the call is not."""
    return _replace(now, next=Choice(State.LOGGED_OFF), dismissed=True)


def keep(**fields: bool) -> Target:
    """The same state; something that later decides has changed."""
    return lambda now, _happened, _limits: _replace(now, **fields)


def fault(**fields: bool) -> Target:
    """READY without a working phone is a fault, and nobody's."""

    def target(now: AgentState, _: Happening, __: Limits) -> AgentState:
        settled = _settle(now, Choice(State.NOT_READY, Reason.SYSTEM_FAULT))
        return _replace(settled, **fields)

    return target


def lock(now: AgentState, _: Happening, __: Limits) -> AgentState:
    """READY behind a locked screen is nobody's READY."""
    return _replace(_settle(now, Choice(State.NOT_READY, Reason.AWAY)), locked=True)


def offline(now: AgentState, _: Happening, __: Limits) -> AgentState:
    """The service no longer knows; the last known state is kept beside it."""
    return AgentState(state=State.OFFLINE, before=Choice(now.state, now.reason))


def as_last_known(now: AgentState, _: Happening, __: Limits) -> AgentState:
    """What was known before."""
    known = now.before or Choice(State.LOGGED_OFF)
    return AgentState(state=known.state, reason=known.reason)
