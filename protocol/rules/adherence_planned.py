"""What is in adherence by state, in each planned activity (domain §3.1). Pure."""

from collections.abc import Mapping
from functools import lru_cache

from protocol.facts.agent import Reason, State
from protocol.facts.shift import Activity

Doing = tuple[State | None, Reason | None]
"""A state with its reason, which NOT_READY alone has; without a state nobody knows."""

WORK_STATES = frozenset(
    {
        State.READY,
        State.RINGING,
        State.DIALING,
        State.TALK,
        State.HOLD,
        State.CONSULT,
        State.ACW,
    }
)
REST_REASONS = frozenset({Reason.REST, Reason.MEAL, Reason.PERSONAL})
RESTS = frozenset({Activity.BREAK, Activity.MEAL})
UNKNOWN_STATES = frozenset({State.OFFLINE, None})

_OWN_REASONS: Mapping[Activity, frozenset[Reason]] = {
    Activity.WORK: frozenset(),
    Activity.BREAK: REST_REASONS,
    Activity.MEAL: REST_REASONS,
    Activity.TRAINING: frozenset({Reason.TRAINING, Reason.EXAM}),
    Activity.EXAM: frozenset({Reason.TRAINING, Reason.EXAM}),
    Activity.MEETING: frozenset({Reason.MEETING}),
    Activity.COACHING: frozenset({Reason.COACHING}),
    Activity.BACKOFFICE: frozenset({Reason.BACKOFFICE}),
    Activity.OUTBOUND: frozenset({Reason.OUTBOUND_PREP}),
    Activity.ONLINE: frozenset({Reason.ONLINE}),
}
_KINDS_OF_WORK = frozenset({Activity.WORK, Activity.BACKOFFICE, Activity.OUTBOUND, Activity.ONLINE})


@lru_cache(maxsize=16)
def in_by_state(work_reasons: frozenset[Reason]) -> Mapping[Activity, frozenset[Doing]]:
    """What is in adherence in each activity, given the reasons that are work. Of WORK it is at the
    same time what counts as work. Being signed out in a break is another matter."""
    work = frozenset((state, None) for state in WORK_STATES) | _not_ready(work_reasons)
    return {
        activity: _not_ready(own) | (work if activity in _KINDS_OF_WORK else frozenset())
        for activity, own in _OWN_REASONS.items()
    }


def _not_ready(reasons: frozenset[Reason]) -> frozenset[Doing]:
    return frozenset((State.NOT_READY, reason) for reason in reasons)
