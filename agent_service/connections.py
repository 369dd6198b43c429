"""All connections: who is signed in on which, and which have been silent for too long."""

import asyncio
import logging
from collections.abc import Callable, Iterator

import msgspec
from websockets.frames import CloseCode

from agent_service.accounts.directory import News
from agent_service.dispatch import Standing
from agent_service.presence.feed import Feed
from agent_service.presence.floor import Floor
from agent_service.presence.watch import Watch
from agent_service.session import Conversation, SignedIn
from agent_service.tally import Peers
from protocol.wire.errors import Code
from protocol.wire.session import Error, FromService

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
        self.welcomed: Callable[[str], None] = lambda agent: None
        """Called for everybody who signs in, after they were told that they are."""
        self.peers = Peers()
        """What was done to those that came."""
        self.draining = False
        """Whether the service is ending."""

    def __len__(self) -> int:
        return len(self._heard_s)

    @property
    def signed_in(self) -> int:
        """How many have a person."""
        return len(self._by_agent)

    def people(self) -> Iterator[str]:
        """The staff numbers of those who are signed in."""
        return iter(self._by_agent)

    def standings(self) -> Iterator[Standing]:
        """How far each has come."""
        return (peer.standing for peer in self._heard_s)

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
        asyncio.get_running_loop().call_soon(self.welcomed, person.number)

    def push(self, agent: str, message: FromService) -> None:
        """Send to somebody's seat, if it is connected."""
        peer = self._by_agent.get(agent)
        if peer is not None:
            peer.send(message)

    def farewell(self, peer: Conversation) -> None:
        """Nobody is signed in on it any more."""
        self._feed.remove(peer)
        if peer.signed_in is not None:
            self._by_agent.pop(peer.signed_in.person.number, None)
            peer.signed_in = None

    def hear_news(self, news: News) -> None:
        """The staff changed: the floor follows, those who are signed in are who they are from
        now on, and those who may not be signed in any more, or whose sign-in was ended, are shown
        out."""
        self._floor.join(news.people)
        self._floor.leave(news.gone)
        for person in news.people:
            peer = self._by_agent.get(person.number)
            if peer is not None and peer.signed_in is not None:
                peer.signed_in = msgspec.structs.replace(peer.signed_in, person=person)
                self._feed.renew(peer, person)
        for number in news.gone:
            self._show_out(number, Code.DISABLED)
        for number in news.ended:
            self._show_out(number, Code.BAD_TOKEN)
        if news.moved:
            self._feed.restart()

    def _show_out(self, number: str, code: Code) -> None:
        peer = self._by_agent.get(number)
        if peer is not None:
            self.farewell(peer)
            self._dismiss(peer, code)

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
