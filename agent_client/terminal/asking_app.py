"""Asking the seat, and asking people: one request or one dialog at a time, refusals in words."""

from collections.abc import Callable
from typing import TypeVar

from textual import work

from agent_client.terminal.screens.page import Dialog, Sheet
from agent_client.terminal.seat import MakeRequest
from agent_client.terminal.seat_app import SeatApp
from agent_client.terminal.wording import GONE
from protocol.wire.desk import AnyAnswering
from protocol.wire.errors import Refused

_Result = TypeVar("_Result")


class AskingApp(SeatApp):
    """What every deed is made of."""

    def _open(self, dialog: Dialog[_Result], then: Callable[[_Result], object]) -> None:
        """One question at a time, over whatever sheet is open; a sheet stands once in the stack.
        Asking for what is open changes nothing."""
        if isinstance(self.screen, type(dialog)):
            return
        if isinstance(self.screen, Dialog) and not isinstance(self.screen, Sheet):
            self.pop_screen()
        while any(isinstance(screen, type(dialog)) for screen in self.screen_stack):
            self.pop_screen()

        def answered(result: _Result | None) -> None:
            if result is not None:
                then(result)

        self.push_screen(dialog, answered)

    async def _answer(self, make: MakeRequest) -> AnyAnswering | None:
        """The seat's answer; null where it refused or is gone, which is said in words."""
        try:
            return await self._known.ask(make)
        except Refused as refusal:
            self.complain(self._words.error(refusal.code, refusal.params))
        except ConnectionError:
            self.complain(self._words.text("asked_in_vain"))
        return None

    async def _refusal(self, make: MakeRequest) -> Refused | None:
        """Why the seat did not do it, for whoever shows that in its place; null where it did."""
        try:
            await self._known.ask(make)
        except Refused as refusal:
            return refusal
        except ConnectionError:
            return Refused(GONE)
        return None

    @work(group="ask")
    async def _ask(self, make: MakeRequest) -> None:
        await self._answer(make)
