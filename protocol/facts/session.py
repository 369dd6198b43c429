"""Facts about a seat's session, its clock, its phone and its link."""

from protocol.facts.base import Fact, Instant, Int64


class SessionAnchored(Fact, frozen=True, tag="session.anchored"):
    """The session began and its clock was tied to the server's: always a session's first fact.

    The server's clock showed `server_ms` when the seat's monotonic clock showed `anchor_mono_ms`,
    give or take half of `rtt_ms`. Every later instant is that anchor plus the monotonic
    difference (domain §3.2).
    """

    server_ms: Instant
    anchor_mono_ms: Int64
    rtt_ms: Int64
    boot_id: str
    """Identifies one running of the machine, within which its monotonic clock compares."""
    previous_session: str | None = None
    """The session of the same agent on this desk that this one follows, if it knows one."""
    previous_alive_ms: Instant | None = None
    """The last instant (server time) at which that session is known to have run. From there to
    this one's first state is unknown, if it did not end by signing out."""
    client: str = ""
    """Name and version of the program."""


class PhoneUp(Fact, frozen=True, tag="phone.up"):
    """The phone can take calls: registered, or (without a registrar) its transport is open."""

    address: str


class PhoneDown(Fact, frozen=True, tag="phone.down"):
    """The phone can't take calls."""

    code: str
    """Stable code of the cause, such as `registration_failed` or `phone_died`."""
    sip_status: Int64 | None = None


class SessionBegan(Fact, frozen=True, tag="link.session_began"):
    """The service let a person sign in at a desk. From here on `seat_session` speaks for the
    agent, and what an earlier session still delivers is kept and changes nothing shown."""

    agent: str
    desk: str
    seat_session: str


class LinkLost(Fact, frozen=True, tag="link.lost"):
    """The service has not heard from a seat for the time allowed. From `last_heard_ms` on,
    what the agent does is unknown until the seat's own facts arrive."""

    agent: str
    seat_session: str
    last_heard_ms: Instant


class LinkBack(Fact, frozen=True, tag="link.back"):
    """A seat that was lost is heard again."""

    agent: str
    seat_session: str
