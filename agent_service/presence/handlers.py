"""The heartbeat, and subscribing to the floor."""

from collections.abc import Callable

from agent_service.dispatch import Standing, handles
from agent_service.presence.feed import Feed
from agent_service.session import Conversation
from protocol.rules.permissions import LEADS
from protocol.wire.session import Heartbeat, HeartbeatSeen
from protocol.wire.sync import Subscribe, Subscribed, Unsubscribe, Unsubscribed


class PresenceHandlers:
    """What concerns who is where."""

    def __init__(self, feed: Feed, now_ms: Callable[[], int]) -> None:
        self._feed = feed
        self._now_ms = now_ms

    @handles(Heartbeat, Standing.GREETED)
    async def heartbeat(self, peer: Conversation, message: Heartbeat) -> HeartbeatSeen:
        """Answer at once; that it was heard is noted for every frame alike."""
        return HeartbeatSeen(message.mono_ms, self._now_ms())

    @handles(Subscribe, Standing.PERSON, LEADS)
    async def subscribe(self, peer: Conversation, message: Subscribe) -> Subscribed:
        """Agree; the first batch follows."""
        assert peer.person is not None
        self._feed.add(peer, peer.person, message.cursor)
        return Subscribed(message.id)

    @handles(Unsubscribe, Standing.PERSON, LEADS)
    async def unsubscribe(self, peer: Conversation, message: Unsubscribe) -> Unsubscribed:
        """No batch comes after the reply."""
        self._feed.remove(peer)
        return Unsubscribed(message.id)
