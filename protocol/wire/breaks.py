"""The queue for breaks: asking, one's place in it, and letting somebody go first."""

import msgspec

from protocol.facts.agent import Reason
from protocol.facts.base import Instant, Int64
from protocol.wire.session import FromSeat, FromService


class AskBreak(FromSeat, frozen=True):
    """An agent asks for a break. Once more is the same place. Refused with `no_queue` where the
    team has none for that reason (the break is then simply taken), `agent_signed_out`,
    `unknown_call` where `after_call` is no call of the agent's of the present day, and
    `break_taken` where a break after that call was taken before."""

    id: Int64
    reason: Reason
    after_call: str = ""
    """An abusive call just now: the agent goes first, excused; once a call."""


class WithdrawBreak(FromSeat, frozen=True):
    """The agent does not want it any more. Nothing changes for who is not in the queue."""

    id: Int64


class LetGo(FromSeat, frozen=True):
    """A lead lets somebody of the queue go now, before the others. Answered by `BreakQueue`.
    Refused with `unknown_agent`, `not_permitted`, `not_in_queue`."""

    id: Int64
    agent: str


class OwnQueue(FromService, frozen=True):
    """Pushed to an agent's seat after the sign-in and on change, where the team has a queue."""

    reasons: tuple[Reason, ...] = ()
    """Breaks of these need a turn in this team; empty: none does. PERSONAL never is among them."""
    asked: Reason | None = None
    """What the agent waits for; null: not in the queue."""
    first: bool = False
    """After an abusive call: before the others, and excused."""
    place: Int64 = 0
    """1 is next; 0: it is the agent's turn, or the agent is not in the queue."""
    wait_s: Int64 | None = None
    """About how long it will take, in whole minutes; null where nothing tells."""
    granted: bool = False
    """It is the agent's turn …"""
    granted_until_ms: Instant | None = None
    """… up to then; null while a call keeps it."""
    away: Int64 = 0
    """How many of the team are on such a break …"""
    cap: Int64 = 0
    """… and how many may be at once."""
    held: bool = False
    """Whether the service level holds back who has not waited for long."""


class BreakPlace(FromService, frozen=True):
    """The answer: where the agent stands now."""

    re: Int64
    queue: OwnQueue


class GetBreakQueue(FromSeat, frozen=True):
    """A lead's look at the queue of a team; an empty name: the own one. Refused with `no_queue`,
    `not_permitted`."""

    id: Int64
    team: str = ""


class WaitingAgent(msgspec.Struct, frozen=True):
    """One who waits."""

    agent: str
    name: str
    reason: Reason
    asked_ms: Instant
    first: bool
    """After an abusive call."""
    granted: bool
    granted_until_ms: Instant | None
    """Null for who waits, and while a call keeps the turn."""
    rest_due: bool = False
    """After so long a run of work that a break is offered: at once, whatever the cap and the
    service level, and excused."""


class BreakQueue(FromService, frozen=True):
    """In the order in which they go; those whose turn it is come first."""

    re: Int64
    team: str
    waiting: tuple[WaitingAgent, ...]
    away: Int64
    cap: Int64
    service_level: float | None
    """Percent of the calls offered to the team's seats in the last half hour that were answered
    in time, as the seats saw it; null without any."""
    target: Int64
    """The percentage below which breaks are held back; 0: they never are."""
    held: bool
    """Whether the service level holds back everybody but those who go first."""
