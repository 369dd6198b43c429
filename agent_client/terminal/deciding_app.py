"""The lead's deeds on the queue of exceptions, corrections of plans and incidents: listing and
deciding them, confirming and withdrawing incidents."""

from collections.abc import Callable
from itertools import islice

from textual import on, work

from agent_client.terminal.person_app import READ_EVERY
from agent_client.terminal.queue_outcome import Outcome
from agent_client.terminal.queue_rows import Case, identity, undecidable
from agent_client.terminal.rostering_app import RosteringApp
from agent_client.terminal.screens.exceptions import (
    ExceptionsSheet,
    Filter,
    Question,
    SiteExceptions,
    recent,
)
from agent_client.terminal.screens.exceptions_decide import DecideQueue
from agent_client.terminal.screens.exceptions_filter import QueueFilter
from agent_client.terminal.screens.exceptions_shares import SharesTable
from agent_client.terminal.screens.incident import IncidentPrompt
from agent_client.terminal.screens.incident_withdraw import IncidentWithdrawal
from agent_client.terminal.screens.why import LedWhy
from agent_client.terminal.wording import GONE
from protocol.rules.exception_decisions import Standing
from protocol.rules.permissions import LEADS
from protocol.wire.errors import Code, Refused
from protocol.wire.exceptions import (
    MAX_DECIDED,
    DecideExceptions,
    ExceptionRow,
    Exceptions,
    ExceptionsDecided,
    GetExceptions,
)
from protocol.wire.incidents import (
    ConfirmIncident,
    DecideIncident,
    IncidentRow,
    IncidentStands,
)
from protocol.wire.plan_corrections import (
    DecidePlanCorrection,
    PlanCorrectionRow,
    PlanCorrectionStands,
)
from protocol.wire.relayed import RelayedAnswer, RelayedRequest

_UNANSWERED = frozenset({GONE, Code.SERVICE_UNREACHABLE})
"""Nobody knows what became of it: what follows is not asked."""
_WITHDRAWABLE = (Standing.SECOND, Standing.APPROVED)
_OF_THE_SITE = frozenset(LEADS[1:])


class DecidingApp(RosteringApp):
    """Every `do_…` is the deed of an action in the table of keys."""

    def do_exceptions(self) -> None:
        """What waits for a decision."""
        status, today = self._known.status, self._today()
        if status is None or today is None:
            self.complain(self._words.text("why.no_time"))
            return
        site = not _OF_THE_SITE.isdisjoint(status.roles)
        make = SiteExceptions if site else ExceptionsSheet
        self._open(make(recent(today), status.zone), lambda _: None)
        self._read_queue()

    def day_told(self) -> None:
        """Somebody else may have asked, or decided."""
        super().day_told()
        self._read_queue()

    def _tick(self) -> None:
        super()._tick()
        if self._queue is not None and self._ticks % READ_EVERY == 0:
            self._read_queue()

    @property
    def _queue(self) -> ExceptionsSheet | None:
        """The queue that is open, also with a question over it."""
        return self.open_screen(ExceptionsSheet)

    @work(group="queue", exclusive=True)
    async def _read_queue(self) -> None:
        """What is shown stays where asking fails, and why is said."""
        sheet = self._queue
        if sheet is None:
            return
        wanted = sheet.wanted
        question = GetExceptions(0, wanted.first_day, wanted.last_day, wanted.open_only)
        try:
            told = await self._service(question)
        except Refused as refusal:
            sheet.refuse(self._words.refusal(refusal))
        else:
            assert isinstance(told, Exceptions)
            if sheet is self._queue and sheet.wanted == wanted:
                sheet.take(told)

    @on(ExceptionsSheet.Asked)
    def _ask_queue(self, event: ExceptionsSheet.Asked) -> None:
        sheet = self._queue
        if sheet is None:
            return
        asks: dict[Question, Callable[[ExceptionsSheet], None]] = {
            Question.APPROVE: lambda sheet: self._ask_decision(sheet, True),
            Question.REJECT: lambda sheet: self._ask_decision(sheet, False),
            Question.FILTER: self._ask_filter,
            Question.SHARES: self._show_shares,
            Question.INCIDENT: lambda _: self._ask_incident(),
            Question.WITHDRAW: self._ask_withdrawal,
        }
        asks[event.question](sheet)

    def _ask_decision(self, sheet: ExceptionsSheet, approved: bool) -> None:
        """Of several that only some can be decided, each is answered by itself."""
        reasons = [undecidable(case, approved) for case in sheet.meant()]
        if not reasons:
            self.complain(self._words.text("queue.nothing_chosen"))
        elif all(reasons):
            self.complain(self._words.refusal(Refused(reasons[0])))
        else:
            self._open(DecideQueue(sheet, approved), lambda _: None)

    def _ask_filter(self, sheet: ExceptionsSheet) -> None:
        def take(wanted: Filter) -> None:
            sheet.wanted = wanted
            self._read_queue()

        self._open(QueueFilter(sheet.wanted), take)

    def _show_shares(self, sheet: ExceptionsSheet) -> None:
        if sheet.told is None:
            self.complain(self._words.text("queue.asking"))
        else:
            self._open(SharesTable(sheet.told.shares, sheet.wanted), lambda _: None)

    def _ask_incident(self) -> None:
        status, today = self._known.status, self._today()
        if status is not None and today is not None:
            self._open(IncidentPrompt(today, status.zone), lambda _: None)

    def _ask_withdrawal(self, sheet: ExceptionsSheet) -> None:
        case = sheet.at_cursor()
        if isinstance(case, IncidentRow) and case.standing in _WITHDRAWABLE:
            self._open(IncidentWithdrawal(case, sheet.names, sheet.zone), lambda _: None)
        else:
            self.complain(self._words.text("queue.no_incident"))

    @on(ExceptionsSheet.Opened)
    def _explain(self, event: ExceptionsSheet.Opened) -> None:
        """The person's page of that day's adherence."""
        day, today = event.day, self._today() or event.day
        self._open_why(LedWhy(event.agent, event.name, day, max(day, today)))

    @on(DecideQueue.Submitted)
    @work(group="queue-decision", exclusive=True)
    async def _decide_queue(self, event: DecideQueue.Submitted) -> None:
        """The question stays with its words until the answer is on the disk. Where only some of
        many are, those are told and listed as they stand."""
        outcome, failed = Outcome(), None
        try:
            await self._decide_each(event, outcome)
        except Refused as refusal:
            failed = refusal
        dialog = self.screen if isinstance(self.screen, DecideQueue) else None
        if failed is not None and dialog is not None:
            dialog.refuse(failed)
        elif failed is not None:
            self.complain(self._words.refusal(failed))
        elif dialog is not None:
            dialog.dismiss(None)
        self._tell_decided(outcome)
        if failed is not None:
            self.refused(failed)

    def refused(self, refusal: Refused) -> None:
        """What is listed may not be so any more."""
        super().refused(refusal)
        if refusal.code not in _UNANSWERED:
            self._read_queue()

    async def _decide_each(self, event: DecideQueue.Submitted, outcome: Outcome) -> None:
        """Exceptions many at once, the others one by one. Of several, one that is refused holds up
        no other. Raises `Refused`."""
        approved, text = event.approved, event.text
        names = (identity(case) for case in event.cases if isinstance(case, ExceptionRow))
        while some := tuple(islice(names, MAX_DECIDED)):
            answer = await self._service(DecideExceptions(0, some, approved, text))
            assert isinstance(answer, ExceptionsDecided)
            outcome.take_answer(answer)
        for case in event.cases:
            question = _question(case, approved, text)
            if question is None:
                continue
            try:
                told = await self._service(question)
            except Refused as refusal:
                if len(event.cases) == 1 or refusal.code in _UNANSWERED:
                    raise
                outcome.refused.append(refusal)
            else:
                assert isinstance(told, PlanCorrectionStands | IncidentStands)
                outcome.take(told.row)

    def _tell_decided(self, outcome: Outcome) -> None:
        """How many became what; those that were refused stay ticked."""
        told = outcome.text(self._words)
        if not told:
            return
        self.complain(told) if outcome.refused else self.say(told)
        if (sheet := self._queue) is not None:
            sheet.untick(frozenset(outcome.decided))
            self._read_queue()

    @on(IncidentPrompt.Submitted)
    def _confirm(self, event: IncidentPrompt.Submitted) -> None:
        self._send_incident(event.incident)

    @work(group="incident", exclusive=True)
    async def _send_incident(self, incident: ConfirmIncident) -> None:
        try:
            answer = await self._service(incident)
        except Refused as refusal:
            if isinstance(self.screen, IncidentPrompt):
                self.screen.refuse(refusal)
            else:
                self.complain(self._words.refusal(refusal))
            return
        if isinstance(self.screen, IncidentPrompt):
            self.screen.dismiss(None)
        self.taken(answer)

    def taken(self, answer: RelayedAnswer) -> None:
        """An incident is confirmed, by one of two perhaps, or withdrawn."""
        super().taken(answer)
        if isinstance(answer, IncidentStands):
            self.say(self._words.text(f"incident_stands.{answer.row.standing}"))
            self._read_queue()


def _question(case: Case, approved: bool, text: str) -> RelayedRequest | None:
    """What decides one that no others can be decided with."""
    if isinstance(case, PlanCorrectionRow):
        return DecidePlanCorrection(0, case.correction, approved, text)
    if isinstance(case, IncidentRow):
        return DecideIncident(0, case.incident, approved, text)
    return None
