"""Requests for another roster, and the hours of people."""

from datetime import timedelta

from textual import on, work

from agent_client.terminal.form_app import FormApp
from agent_client.terminal.keys import LEADING
from agent_client.terminal.request_answers import meant, unanswerable
from agent_client.terminal.screens.floor import FloorScreen
from agent_client.terminal.screens.hours import HoursSheet, LedHoursSheet
from agent_client.terminal.screens.request_answer import RequestAnswer
from agent_client.terminal.screens.request_booking import BookingForm
from agent_client.terminal.screens.request_form import Asker, RequestForm
from agent_client.terminal.screens.request_person import PersonForm
from agent_client.terminal.screens.requests import LedRequestsSheet, RequestsSheet
from protocol.wire.relayed import RelayedAnswer
from protocol.wire.requests import (
    GetHours,
    GetRequests,
    Hours,
    Requests,
    RequestStands,
    SeeRequests,
)
from protocol.wire.roster import MAX_DAYS, GetRoster, Roster
from protocol.wire.session import Role

_BOOKING = frozenset({Role.HR, *LEADING})


class RequestsApp(FormApp):
    """Every `do_…` is the deed of an action in the table of keys."""

    def do_requests(self) -> None:
        """What is asked of rosters, and what waits for a word."""
        status = self._known.status
        if status is not None:
            kind = LedRequestsSheet if self._leading() else RequestsSheet
            self._open(kind(status.agent), lambda _: None)
            self._read_requests()

    def taken(self, answer: RelayedAnswer) -> None:
        """A request is asked or answered, or hours are booked."""
        super().taken(answer)
        if isinstance(answer, RequestStands):
            self.say(self._words.text(f"request_stands.{answer.row.standing}"))
            self._read_requests()
        if isinstance(answer, Hours):
            self.say(self._words.text("hours.kept"))
            self._show_hours(answer)

    def day_told(self) -> None:
        """Somebody else may have answered."""
        super().day_told()
        self._read_requests()

    def _leading(self) -> bool:
        status = self._known.status
        return status is not None and not LEADING.isdisjoint(status.roles)

    @work(group="requests", exclusive=True)
    async def _read_requests(self) -> None:
        sheet = self.open_screen(RequestsSheet)
        if sheet is not None:
            answer = await self.told(GetRequests(0, sheet.open_only), sheet.refuse)
            if isinstance(answer, Requests):
                sheet.take(answer)

    @on(RequestsSheet.Read)
    @work(group="requests-seen")
    async def _see_requests(self, event: RequestsSheet.Read) -> None:
        """What can't be told as read is shown as news again."""
        await self.told(SeeRequests(0, event.seen), _leave_it)

    @on(RequestsSheet.Reread)
    def _reread(self) -> None:
        self._read_requests()

    @on(RequestsSheet.Answered)
    def _answer_request(self, event: RequestsSheet.Answered) -> None:
        sheet, row, status = self.open_screen(RequestsSheet), event.row, self._known.status
        if status is None:
            return
        answer = meant(event.answer, row, status.agent)
        why = unanswerable(answer, row, status.agent, self._leading())
        if why:
            self.complain(self._words.text(f"request_unanswerable.{why}"))
        elif sheet is not None and sheet.told is not None and row is not None:
            self._open(RequestAnswer(answer, row, sheet.told.names, status.agent), lambda _: None)

    @on(RequestsSheet.Wanted)
    def _open_wanted(self, event: RequestsSheet.Wanted) -> None:
        if event.what == "new":
            self._ask_new()
        else:
            self._open_hours()

    def _ask_new(self) -> None:
        status, today = self._known.status, self.present_day()
        if status is None or today is None:
            return
        leads = self._leading()
        row = self._page.row_at_cursor() if isinstance(self._page, FloorScreen) else None
        subject = row.agent if leads and row is not None else status.agent
        asker = Asker(status.agent, leads, today, status.zone, self.day_words(), subject)
        self._open(RequestForm(asker), lambda _: None)

    @on(RequestForm.SubjectWanted)
    @work(group="request-subject", exclusive=True)
    async def _read_subject(self, event: RequestForm.SubjectWanted) -> None:
        """Plan and accounts, so that the form can say what will be. Where they can't be had, the
        request can still be made."""
        form, today = self.open_screen(RequestForm), self._today()
        if form is None or today is None:
            return
        first = today - timedelta(days=1)
        last = first + timedelta(days=MAX_DAYS - 1)
        roster = await self.told(GetRoster(0, first, last, agent=event.agent), _leave_it)
        if isinstance(roster, Roster):
            form.take_plan(event.agent, roster)
        hours = await self.told(GetHours(0, event.agent), _leave_it)
        if isinstance(hours, Hours):
            form.take_hours(hours)

    def _open_hours(self) -> None:
        """Of the highlighted request's person, for whoever may book for them."""
        status, sheet = self._known.status, self.open_screen(RequestsSheet)
        if status is None or sheet is None:
            return
        row, agent, name = sheet.chosen(), status.agent, status.name
        books = not _BOOKING.isdisjoint(status.roles)
        if books and row is not None and sheet.told is not None:
            agent = row.asked.agent
            name = sheet.told.names.get(agent, "")
        kind = LedHoursSheet if books else HoursSheet
        self._open(kind(agent, name), lambda _: None)
        self._read_hours()

    @on(LedHoursSheet.PersonWanted)
    def _ask_person(self) -> None:
        self._open(PersonForm(), lambda _: None)

    @on(PersonForm.Chosen)
    def _other_person(self, event: PersonForm.Chosen) -> None:
        sheet = self.open_screen(LedHoursSheet)
        if sheet is not None:
            sheet.choose(event.agent)
            self._read_hours()

    @work(group="hours", exclusive=True)
    async def _read_hours(self) -> None:
        sheet = self.open_screen(HoursSheet)
        if sheet is not None:
            answer = await self.told(GetHours(0, sheet.agent), sheet.refuse)
            if isinstance(answer, Hours):
                self._show_hours(answer)

    def _show_hours(self, hours: Hours) -> None:
        sheet = self.open_screen(HoursSheet)
        if sheet is not None and sheet.agent == hours.agent:
            sheet.take(hours)

    @on(LedHoursSheet.BookingWanted)
    def _book(self, event: LedHoursSheet.BookingWanted) -> None:
        today = self.present_day()
        if today is not None:
            self._open(BookingForm(event.agent, today, self.day_words()), lambda _: None)


def _leave_it(_: str) -> None:
    """Nobody needs to be told."""
