"""All connections: who is signed in on which, and which have been silent for too long."""

import asyncio
import logging
from collections.abc import Callable

from websockets.frames import CloseCode

from agent_service.dispatch import Standing
from agent_service.presence.feed import Feed
from agent_service.presence.floor import Floor
from agent_service.presence.watch import Watch
from agent_service.session import Conversation, SignedIn
from protocol.wire.errors import Code
from protocol.wire.session import Error

_log = logging.getLogger(__name__)

HELLO_S = 10.0
"""How long a stranger may stay silent."""
STRANGERS = 500
"""Connections that have not proved their desk; of more, which only an attack brings, the oldest
are cut off."""


class Connections:
    """The open ones. Lives in the event loop's thread."""

    def __init__(
        self,
        floor: Floor,
        feed: Feed,
        watch: Watch,
        offline_after_s: float,
        mono_s: Callable[[], float],
    ) -> None:
        self._floor = floor
        self._feed = feed
        self._watch = watch
        self._offline_after_s = offline_after_s
        self._mono_s = mono_s
        self._heard_s: dict[Conversation, float] = {}
        self._by_agent: dict[str, Conversation] = {}
        self._dismissals: set[asyncio.Task[None]] = set()
        self.draining = False
        """Whether the service is ending."""

    def __len__(self) -> int:
        return len(self._heard_s)

    def add(self, peer: Conversation) -> None:
        """It was opened."""
        self._heard_s[peer] = self._mono_s()

    def remove(self, peer: Conversation) -> None:
        """It is closed."""
        self.farewell(peer)
        self._heard_s.pop(peer, None)

    def heard(self, peer: Conversation) -> None:
        """A frame came. What a stranger says does not win it time."""
        if peer.standing is not Standing.STRANGER and peer in self._heard_s:
            self._heard_s[peer] = self._mono_s()
        if peer.signed_in is not None:
            self._watch.heard(peer.signed_in.person.number, peer.signed_in.session)

    def welcome(self, peer: Conversation, signed_in: SignedIn) -> None:
        """Somebody signed in on it. An older connection of the same person ends."""
        self.farewell(peer)
        person = signed_in.person
        older = self._by_agent.get(person.number)
        if older is not None:
            self.farewell(older)
            self._dismiss(older, Code.SIGNED_IN_ELSEWHERE, desk=peer.desk_name)
        peer.signed_in = signed_in
        self._by_agent[person.number] = peer
        self._floor.join([person])
        self._watch.heard(person.number, signed_in.session)

    def farewell(self, peer: Conversation) -> None:
        """Nobody is signed in on it any more."""
        self._feed.remove(peer)
        if peer.signed_in is not None:
            self._by_agent.pop(peer.signed_in.person.number, None)
            peer.signed_in = None

    def look(self) -> None:
        """Show out who is silent: a stranger soon, anybody else when the link is taken for lost.
        Who waits for us can't be heard, and is not silent."""
        now_s = self._mono_s()
        strangers = [peer for peer in self._heard_s if peer.standing < Standing.DESK]
        for peer in strangers[:-STRANGERS]:
            peer.abort()
        for peer, heard_s in list(self._heard_s.items()):
            if peer.busy:
                self.heard(peer)
            elif peer.standing is Standing.STRANGER:
                if now_s - heard_s > HELLO_S:
                    del self._heard_s[peer]
                    self._dismiss(peer, Code.HELLO_EXPECTED)
            elif now_s - heard_s > self._offline_after_s:
                peer.abort()

    async def drain(self) -> None:
        """Tell everybody that the service ends, and close."""
        error = Error(Code.DRAINING)
        await asyncio.gather(
            *(peer.dismiss(error, CloseCode.GOING_AWAY) for peer in list(self._heard_s))
        )

    def hush(self) -> None:
        """Take nothing more from anybody."""
        self.draining = True
        for peer in self._heard_s:
            peer.drain()

    def _dismiss(self, peer: Conversation, code: Code, **params: str | int) -> None:
        error = Error(code, params)
        task = asyncio.create_task(peer.dismiss(error, CloseCode.POLICY_VIOLATION))
        self._dismissals.add(task)
        task.add_done_callback(self._dismissals.discard)
