"""What a connection says of itself: first which version it speaks, later which answer nobody waits
for."""

import logging

from websockets.frames import CloseCode

from agent_service.dispatch import Standing, handles
from agent_service.log import fields
from agent_service.release import VERSION as VERSION_OF_PROGRAM
from agent_service.session import Conversation
from protocol import OLDEST_VERSION, VERSION
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Error, Forget, Hello, Welcome

_log = logging.getLogger(__name__)

SERVICE = f"seatline agent-service {VERSION_OF_PROGRAM}"
_SHOWN = 64
"""Characters of a stranger's name that the log repeats."""


class GreetingHandlers:
    """Hello, welcome, and never mind."""

    def __init__(self, ledger: str) -> None:
        self._ledger = ledger

    @handles(Hello, Standing.STRANGER)
    async def hello(self, peer: Conversation, message: Hello) -> Welcome | None:
        """Agree on the newest version that both speak, or say which would do and close."""
        if peer.greeted:
            raise Refused(Code.NOT_PERMITTED)
        version = min(message.version, VERSION)
        if version < max(message.oldest, OLDEST_VERSION):
            _log.warning(
                "version_refused",
                extra=fields(
                    client=message.client[:_SHOWN], oldest=message.oldest, newest=message.version
                ),
            )
            error = Error(Code.VERSION_UNSUPPORTED, {"oldest": OLDEST_VERSION, "newest": VERSION})
            await peer.dismiss(error, CloseCode.POLICY_VIOLATION)
            return None
        peer.greeted = True
        return Welcome(version, SERVICE, peer.nonce, self._ledger, OLDEST_VERSION)

    @handles(Forget, Standing.DESK)
    async def forget(self, peer: Conversation, message: Forget) -> None:
        """Drop the question, if it is not answered yet."""
        peer.forget(message.request)
