"""Sending what a form holds: the service's answer closes it, a refusal leaves it as it is."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from textual import on, work
from textual.screen import Screen

from agent_client.terminal.plan_app import PlanApp
from agent_client.terminal.screens.form import Form
from agent_client.terminal.screens.wrap_up import day_words
from agent_client.terminal.wording import Wording
from protocol.i18n import LANGUAGES, load
from protocol.wire.errors import Refused
from protocol.wire.relayed import RelayedAnswer, RelayedRequest

_Open = TypeVar("_Open", bound=Screen[None])


class FormApp(PlanApp):
    """What the sheets of requests, handovers, attendance and reports have in common."""

    def taken(self, answer: RelayedAnswer) -> None:
        """Something is on the service's disk: say so, and read what it changes."""

    def refused(self, refusal: Refused) -> None:
        """The service did not take what was asked."""

    def present_day(self) -> date | None:
        """The present business date; null where nobody knows the time, which is said."""
        today = self._today()
        if today is None:
            self.complain(self._words.text("why.no_time"))
        return today

    def open_screen(self, kind: type[_Open]) -> _Open | None:
        """The sheet of a kind that is open, also with a question over it."""
        return next((each for each in self.screen_stack if isinstance(each, kind)), None)

    def day_words(self) -> dict[str, int]:
        """How days are named in all languages, by their distance from today."""
        return day_words([Wording(load(language)) for language in LANGUAGES])

    async def told(
        self, message: RelayedRequest, refuse: Callable[[str], object]
    ) -> RelayedAnswer | None:
        """The service's answer; null where there is none, and why is told to `refuse`."""
        try:
            return await self._service(message)
        except Refused as refusal:
            refuse(self._words.refusal(refusal))
        return None

    @work(group="sheet")
    async def send(self, message: RelayedRequest) -> None:
        """Something without a form."""
        answer = await self.told(message, self.complain)
        if answer is not None:
            self.taken(answer)

    @on(Form.Submitted)
    @work(group="form", exclusive=True)
    async def _send_form(self, event: Form.Submitted) -> None:
        try:
            answer = await self._service(event.message)
        except Refused as refusal:
            event.form.refuse(refusal)
            self.refused(refusal)
            return
        if event.form.is_current:
            event.form.dismiss(None)
        self.taken(answer)
