"""Relief on a shared desk: the incoming signs in, the outgoing signs out, and the terminal goes on
with the seat of the one who came."""

from textual import on, work

from agent_client.relief import relieve
from agent_client.terminal.asking_app import AskingApp
from agent_client.terminal.screens.relief import Relief
from agent_client.terminal.wording import GONE
from protocol.wire.errors import Refused


class ReliefApp(AskingApp):
    """Every `do_…` is the deed of an action in the table of keys."""

    def do_relieve(self) -> None:
        """Ask who comes."""
        self._open(Relief(), lambda _: None)

    @on(Relief.Submitted)
    @work(group="relief", exclusive=True)
    async def _relieve(self, event: Relief.Submitted) -> None:
        self.say(self._words.text("relief.under_way"))
        refusal = await self._relieved(event.incoming, event.password)
        self._notice = None
        if not isinstance(self.screen, Relief):
            return
        if refusal is not None:
            self.screen.refuse(refusal)
            return
        self.screen.dismiss(None)
        self._connect = self._connect_as(event.incoming)
        await self._known.leave()

    async def _relieved(self, incoming: str, password: str) -> Refused | None:
        """Why it was not done; null where it was."""
        try:
            await relieve(self._known, self._connect_as(incoming), incoming, password)
        except Refused as refused:
            return refused
        except ConnectionError:
            return Refused(GONE)
        return None
