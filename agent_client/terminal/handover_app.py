"""Handing over from one shift to the next."""

from textual import on, work

from agent_client.terminal.form_app import FormApp
from agent_client.terminal.screens.handover_confirm import HandoverConfirmForm
from agent_client.terminal.screens.handover_write import HandoverForm
from agent_client.terminal.screens.handovers import HandoverSheet
from protocol.facts.agent import State
from protocol.wire.desk_call import Calls, GetCalls
from protocol.wire.errors import Refused
from protocol.wire.handover import GetHandovers, Handovers, HandoverStands, SettleItem
from protocol.wire.relayed import RelayedAnswer


class HandoverApp(FormApp):
    """Every `do_…` is the deed of an action in the table of keys."""

    def do_shift_handover(self) -> None:
        """What others left, and what the person leaves to them."""
        status = self._known.status
        if status is not None:
            self._open(HandoverSheet(status.agent), lambda _: None)
            self._read_handovers()

    def taken(self, answer: RelayedAnswer) -> None:
        """A handover is written, confirmed, or an item of it settled."""
        super().taken(answer)
        if isinstance(answer, HandoverStands):
            self.say(self._words.text("handover.kept"))
            self._read_handovers()

    def day_told(self) -> None:
        """Somebody else may have written, or taken over."""
        super().day_told()
        self._read_handovers()

    @work(group="handovers", exclusive=True)
    async def _read_handovers(self) -> None:
        sheet = self.open_screen(HandoverSheet)
        if sheet is not None:
            answer = await self.told(GetHandovers(0, sheet.open_only), sheet.refuse)
            if isinstance(answer, Handovers):
                sheet.take(answer)

    @on(HandoverSheet.Reread)
    def _other_handovers(self) -> None:
        self._read_handovers()

    @on(HandoverSheet.WriteWanted)
    def _write_handover(self) -> None:
        form = HandoverForm(self.day_words())
        self._open(form, lambda _: None)
        self._offer_call(form)

    @work(group="handover-call", exclusive=True)
    async def _offer_call(self, form: HandoverForm) -> None:
        """The last call of the day can go with a line; one that has just ended does."""
        try:
            told = await self._known.ask(GetCalls)
        except (Refused, ConnectionError):
            return  # a handover is written without it too
        assert isinstance(told, Calls)
        last = next((row for row in told.calls if row.ended and row.at is not None), None)
        status = self._known.status
        if last is not None and status is not None:
            form.offer_call(last, chosen=status.state is State.ACW)

    @on(HandoverSheet.ConfirmWanted)
    def _confirm_handover(self, event: HandoverSheet.ConfirmWanted) -> None:
        status, sheet, part = self._known.status, self.open_screen(HandoverSheet), event.part
        if sheet is None or sheet.told is None or status is None or part is None:
            return
        if part.row.agent == status.agent:
            self.complain(self._words.text("handover.own"))
        elif part.row.confirmed_by:
            self.complain(self._words.text("handover.already"))
        else:
            self._open(HandoverConfirmForm(part.row, sheet.told.names), lambda _: None)

    @on(HandoverSheet.SettleWanted)
    def _settle_item(self, event: HandoverSheet.SettleWanted) -> None:
        part = event.part
        if part is None or part.item is None or part.item in part.row.settled:
            self.complain(self._words.text("handover.choose_item"))
        else:
            self.send(SettleItem(0, part.row.handover, part.item))

    @on(HandoverForm.Submitted)
    @work(group="handover", exclusive=True)
    async def _hand_over(self, event: HandoverForm.Submitted) -> None:
        """What was written stays until the service has it on its disk."""
        try:
            answer = await self._service(event.message)
        except Refused as refusal:
            if isinstance(self.screen, HandoverForm):
                self.screen.refuse(refusal)
            return
        if isinstance(self.screen, HandoverForm):
            self.screen.dismiss(None)
        self.taken(answer)
