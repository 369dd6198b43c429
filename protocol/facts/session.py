"""Facts about a seat's session, its clock, its phone and its link."""

from protocol.facts.base import Fact, Instant, Int64


class SessionAnchored(Fact, frozen=True, tag="session.anchored"):
    """The session's clock was tied to the server's: a session's first fact, but for one that
    began without the service.

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


class SessionProvisional(Fact, frozen=True, tag="session.provisional"):
    """The session began without the service: its first fact then, before any anchor. Who signed
    in was checked against what the desk had kept; the service has yet to confirm it.

    Without an anchor of the same running of the machine the facts that follow have no instant;
    when one comes (`SessionAnchored`, in the middle of the session), theirs follow from it and
    the monotonic difference.
    """

    boot_id: str
    previous_session: str | None = None
    previous_alive_ms: Instant | None = None
    client: str = ""


class SessionConfirmed(Fact, frozen=True, tag="session.confirmed"):
    """The service has confirmed a provisional session."""


class PhoneUp(Fact, frozen=True, tag="phone.up"):
    """The phone can take calls: registered, or (without a registrar) its transport is open."""

    address: str


class PhoneDown(Fact, frozen=True, tag="phone.down"):
    """The phone can't take calls."""

    code: str
    """Stable code of the cause, such as `registration_failed` or `phone_died`."""
    sip_status: Int64 | None = None


class ExchangeTold(Fact, frozen=True, tag="phone.exchange_told"):
    """The exchange was told by a feature code that the agent is ready, or pauses, and said this."""

    ready: bool
    sip_status: Int64 | None
    """Null when it said nothing in time."""


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


class SessionAdmitted(Fact, frozen=True, tag="link.session_admitted"):
    """Facts of an earlier session may come, though the service knew nothing of it: it began
    while the service was away, or was lost with a restored backup. The agent signed in on the
    same desk vouches for it. It changes nothing of where the agent is now."""

    agent: str
    desk: str
    seat_session: str


class SignedOffByService(Fact, frozen=True, tag="link.signed_off"):
    """The seat was not heard for so long that the agent is taken for signed out, provisionally:
    the seat's own facts, when they come, say what was."""

    agent: str
    seat_session: str


class FactsLost(Fact, frozen=True, tag="session.lost"):
    """Facts of an earlier session of this desk are gone for good: its records were damaged or are
    older than what the service has, or the service lost them later than the desk keeps them. What
    they told is unknown."""

    lost_session: str
    """Empty: of whichever came before this one; the desk can't tell."""
    from_seq: Int64
    to_seq: Int64 | None
    """The last of them; null where nobody knows how many there were."""
    since_ms: Instant | None = None
    """The last instant (server time) of that session that is still told; null where there is
    none. From there to the next session's first state is unknown."""
