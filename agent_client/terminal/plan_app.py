"""The own day as it goes on, the reasons of figures, the own roster, and exceptions."""

from datetime import date

from textual import on, work

from agent_client.terminal.clock import zone_of
from agent_client.terminal.person_app import READ_EVERY, PersonApp
from agent_client.terminal.plan_post import paged_since_ms
from agent_client.terminal.plan_weeks import span
from agent_client.terminal.screens.ask_exception import AskDraft, AskException
from agent_client.terminal.screens.own_weeks import OwnWeeks
from agent_client.terminal.screens.why import LedWhy, OwnWhy, WhySheet
from agent_client.terminal.screens.why_decide import DecideException
from agent_client.terminal.why_words import UNDECIDED
from agent_client.terminal.wording import GONE
from protocol.wire.adherence import AdherenceDay, GetAdherence
from protocol.wire.desk import Status
from protocol.wire.desk_plan import AskService, ServiceAnswered, WatchDay
from protocol.wire.errors import Refused
from protocol.wire.exceptions import (
    DecideExceptions,
    ExceptionMade,
    ExceptionsDecided,
    WithdrawException,
)
from protocol.wire.relayed import RelayedAnswer, RelayedRequest
from protocol.wire.roster import GetRoster, Roster


class PlanApp(PersonApp):
    """Every `do_…` is the deed of an action in the table of keys."""

    _paged_since_ms: int | None = None
    """Of the shortage for which the bell rang last."""
    _unasked: tuple[tuple[str, date, int], AskDraft] | None = None
    """What was entered to ask for an exception and is not on the disk; whose, and from when."""

    def do_why(self) -> None:
        """Why the figure is what it is: of the person whose page is open, else the own one."""
        status, today = self._known.status, self._today()
        person = self.person
        if status is None or today is None:
            self.complain(self._words.text("why.no_time"))
        elif person is not None and person.agent != status.agent:
            day = person.day or person.today or today
            self._open_why(LedWhy(person.agent, person.name_known, day, max(day, today)))
        else:
            day = (person.day if person is not None else None) or today
            self._open_why(OwnWhy(status.agent, status.name, day, today))

    def do_own_weeks(self) -> None:
        """The own roster of six weeks."""
        today = self._today()
        if today is None:
            self.complain(self._words.text("why.no_time"))
            return
        self._open(OwnWeeks(today), lambda _: None)
        self._read_weeks(today)

    async def _take(self, status: Status) -> None:
        """A seat that answers anew has to be asked for the day anew."""
        anew = self._known.gone
        await super()._take(status)
        if anew:
            self._watch_day()

    def show(self) -> None:
        """Also rings, once, when too few people have been there for so long that a lead is
        paged."""
        super().show()
        if not self.screen_stack:  # the app is closing
            return
        since_ms = paged_since_ms(self._view())
        if since_ms is not None and since_ms != self._paged_since_ms:
            self._paged_since_ms = since_ms
            if self._bell:
                self.bell()

    def _tick(self) -> None:
        super()._tick()
        sheet = self._why
        if sheet is not None and sheet.day == sheet.today and self._ticks % READ_EVERY == 0:
            self._read_why()

    @property
    def _why(self) -> WhySheet | None:
        """The explanation that is open, also with a question over it."""
        return next((each for each in self.screen_stack if isinstance(each, WhySheet)), None)

    def _today(self) -> date | None:
        """The present business date as the seat has it, else the site's date; null while nobody
        knows the time."""
        own, status, now = self._known.own_day, self._known.status, self._known.clock.now()
        if own is not None and own.day is not None:
            return own.day
        if now is None or status is None:
            return None
        return now.astimezone(zone_of(status.zone)).date()

    def _open_why(self, sheet: WhySheet) -> None:
        self._open(sheet, lambda _: None)
        self._read_why()

    async def _service(self, message: RelayedRequest) -> RelayedAnswer:
        """What the service says to it. Raises `Refused`, also where the seat is gone."""
        try:
            answer = await self._known.ask(lambda id: AskService(id, message))
        except ConnectionError:
            raise Refused(GONE) from None
        assert isinstance(answer, ServiceAnswered)
        return answer.message

    @work(group="own-day", exclusive=True)
    async def _watch_day(self) -> None:
        try:
            await self._known.ask(WatchDay)
        except Refused as refusal:
            self.complain(self._words.refusal(refusal))
        except ConnectionError:
            return  # the next seat is asked again

    @work(group="why", exclusive=True)
    async def _read_why(self) -> None:
        """What is shown stays where asking fails, and why is said."""
        sheet = self._why
        if sheet is None:
            return
        try:
            page = await self._service(GetAdherence(0, sheet.agent, sheet.day))
        except Refused as refusal:
            sheet.refuse(self._words.refusal(refusal))
        else:
            assert isinstance(page, AdherenceDay)
            sheet.take(page)

    @work(group="weeks", exclusive=True)
    async def _read_weeks(self, today: date) -> None:
        status = self._known.status
        agent = status.agent if status is not None else ""
        first, last = span(today)
        try:
            roster = await self._service(GetRoster(0, first, last, agent=agent))
        except Refused as refusal:
            self._tell_weeks(self._words.refusal(refusal))
        else:
            assert isinstance(roster, Roster)
            self._tell_weeks(roster)

    def _tell_weeks(self, told: Roster | str) -> None:
        for sheet in self.screen_stack:
            if isinstance(sheet, OwnWeeks):
                sheet.refuse(told) if isinstance(told, str) else sheet.take(told)

    @on(WhySheet.DayWanted)
    def _other_day(self) -> None:
        self._read_why()

    @on(WhySheet.Asked)
    def _ask_exception(self, event: WhySheet.Asked) -> None:
        sheet, row = self._why, event.row
        if sheet is None or sheet.page is None or row is None or row.slice is None:
            self.complain(self._words.text("why.choose_stretch"))
        else:
            draft = self._ask_draft(sheet.agent, sheet.day, row.slice.start_s)
            question = AskException(sheet.agent, sheet.day, sheet.page.zone, row.slice, draft)
            self._open(question, lambda _: None)

    def _ask_draft(self, agent: str, day: date, start_s: int) -> AskDraft:
        """What was entered last, if it was about the same stretch."""
        about = agent, day, start_s
        if self._unasked is None or self._unasked[0] != about:
            self._unasked = about, AskDraft()
        return self._unasked[1]

    @on(WhySheet.Decided)
    def _decide(self, event: WhySheet.Decided) -> None:
        row = event.row
        if row is None or row.exception is None or row.exception.standing not in UNDECIDED:
            self.complain(self._words.text("why.choose_pending"))
        else:
            self._open(DecideException(row, row.exception), lambda _: None)

    @on(WhySheet.Withdrawn)
    def _withdraw(self, event: WhySheet.Withdrawn) -> None:
        exception = event.row.exception if event.row is not None else None
        status = self._known.status
        own = exception is not None and status is not None and exception.actor == status.agent
        if exception is None or not own or exception.standing not in UNDECIDED:
            self.complain(self._words.text("why.choose_own"))
        else:
            self._send_withdrawal(exception.exception)

    @work(group="exception")
    async def _send_withdrawal(self, exception: str) -> None:
        try:
            await self._service(WithdrawException(0, exception))
        except Refused as refusal:
            self.complain(self._words.refusal(refusal))
        else:
            self.say(self._words.text("why.withdrawn"))
            self._read_why()

    @on(AskException.Submitted)
    @work(group="exception", exclusive=True)
    async def _propose(self, event: AskException.Submitted) -> None:
        """The question stays with its text until the service has it on its disk."""
        try:
            made = await self._service(event.proposal)
        except Refused as refusal:
            if isinstance(self.screen, AskException):
                self.screen.refuse(refusal)
            return
        assert isinstance(made, ExceptionMade)
        self._unasked = None
        if isinstance(self.screen, AskException):
            self.screen.dismiss(None)
        self.say(self._words.text(f"why_made.{made.row.standing}"))
        self._read_why()

    @on(DecideException.Submitted)
    @work(group="exception", exclusive=True)
    async def _send_decision(self, event: DecideException.Submitted) -> None:
        decision = DecideExceptions(0, (event.exception,), event.approved, event.text)
        try:
            decided = await self._service(decision)
            assert isinstance(decided, ExceptionsDecided)
            for code in decided.refused.values():
                raise Refused(code)
        except Refused as refusal:
            if isinstance(self.screen, DecideException):
                self.screen.refuse(refusal)
            return
        if isinstance(self.screen, DecideException):
            self.screen.dismiss(None)
        for row in decided.rows:
            self.say(self._words.text(f"why_made.{row.standing}"))
        self._read_why()
