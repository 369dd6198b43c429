"""The facts with which a session opens: who vouches for it, and its clock. Pure."""

from agent_client.seat.clock import Anchor, Clock
from agent_client.seat.outbox import Session
from protocol.facts.record import AnyFact
from protocol.facts.session import SessionAnchored, SessionProvisional


def opening(
    clock: Clock, last: Session | None, client: str, *, provisional: bool
) -> tuple[AnyFact, ...]:
    """A session's first facts. One that the service let begin is anchored; one that began
    without the service says so, and is anchored where a kept anchor still holds.

    `last` is the session before it on this disk.
    """
    previous = last.id if last else None
    alive_ms = last.alive_ms if last else None
    if not provisional:
        assert clock.anchor is not None, "signing in comes after the first heartbeat"
        return (anchored(clock.anchor, previous, alive_ms, client),)
    began = SessionProvisional(clock.boot_id, previous, alive_ms, client)
    return (began,) if clock.anchor is None else (began, anchored(clock.anchor))


def anchored(
    anchor: Anchor,
    previous_session: str | None = None,
    previous_alive_ms: int | None = None,
    client: str = "",
) -> SessionAnchored:
    """The fact that ties a session's clock to the server's."""
    return SessionAnchored(
        server_ms=anchor.server_ms,
        anchor_mono_ms=anchor.mono_ms,
        rtt_ms=anchor.rtt_ms,
        boot_id=anchor.boot_id,
        previous_session=previous_session,
        previous_alive_ms=previous_alive_ms,
        client=client,
    )
