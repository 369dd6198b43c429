"""The lead's deeds on the week grid: showing, drafting, checking and publishing rosters."""

from collections.abc import Callable

from textual import on, work

from agent_client.terminal.roster_edits_app import RosterEditsApp
from agent_client.terminal.roster_segments import rows_of
from agent_client.terminal.roster_week import Place, Week, exchanged
from agent_client.terminal.roster_words import who, whose_days
from agent_client.terminal.screens.floor import FloorScreen
from agent_client.terminal.screens.roster import Question, RosterSheet
from agent_client.terminal.screens.roster_findings import RosterFindings
from agent_client.terminal.screens.roster_pattern import PatternChooser
from agent_client.terminal.screens.roster_publish import PublishDialog
from agent_client.terminal.screens.roster_rotation import RotationFill
from agent_client.terminal.screens.roster_team import TeamChooser
from agent_client.terminal.screens.roster_times import RosterTimes
from agent_client.terminal.widgets.roster_field import Said
from protocol.wire.errors import Code, Refused
from protocol.wire.roster import (
    CheckRoster,
    DraftRoster,
    GetRoster,
    PublishRoster,
    Roster,
    RosterChecked,
    RosterPublication,
)

_LOOK_AGAIN = frozenset(
    {
        Code.NOTHING_DRAFTED,
        Code.PLAN_CHANGED,
        Code.DIGEST_DIFFERS,
        Code.ROSTER_REFUSED,
        Code.ROSTER_WARNINGS,
        Code.SHIFT_BEGUN,
    }
)
"""Refusals that say that the roster is another one than what was looked at."""


class RosteringApp(RosterEditsApp):
    """Every `do_…` is the deed of an action in the table of keys."""

    def do_roster(self) -> None:
        """The week grid of the team of whoever is under the cursor, else of all who are led."""
        today = self._today()
        if today is None:
            self.complain(self._words.text("why.no_time"))
            return
        row = self._page.row_at_cursor() if isinstance(self._page, FloorScreen) else None
        sheet = RosterSheet(today, row.team if row is not None else "")
        self._open(sheet, lambda _: None)
        self._read_roster(sheet)

    @on(RosterSheet.Asked)
    def _ask_roster(self, event: RosterSheet.Asked) -> None:
        sheet = self._roster
        if sheet is None or sheet.week.roster is None:
            self.complain(self._words.text("roster.asking"))
            return
        asks: dict[Question, Callable[[RosterSheet, Roster], None]] = {
            Question.PATTERN: self._ask_pattern,
            Question.TIMES: self._ask_times,
            Question.ROTATION: self._ask_rotation,
            Question.CHECK: lambda sheet, _: self._ask_check(sheet),
            Question.PUBLISH: lambda sheet, _: self._ask_publish(sheet),
            Question.TEAM: lambda sheet, _: self._ask_team(sheet),
            Question.SWAP: lambda sheet, _: self._swap(sheet),
        }
        asks[event.question](sheet, sheet.week.roster)

    def _ask_pattern(self, sheet: RosterSheet, roster: Roster) -> None:
        if places := sheet.places():
            self._open(PatternChooser(roster, _whose_days(sheet.week, places)), sheet.draft)

    def _ask_times(self, sheet: RosterSheet, roster: Roster) -> None:
        """What is edited begins as the plan under the cursor; all that is ticked becomes so."""
        places = sheet.places()
        if not places:
            return
        plan = sheet.week.plan(sheet.selection.cursor or places[0])
        rows = rows_of(plan.segments, roster.zone) if plan is not None else ()
        question = RosterTimes(rows, places, roster.zone, _whose_days(sheet.week, places))
        self._open(question, lambda days: sheet.keep(DraftRoster(0, days)))

    def _ask_rotation(self, sheet: RosterSheet, roster: Roster) -> None:
        week, agents = sheet.week, sheet.selection.people(sheet.week)
        if agents:
            whose = _whose_rows(week, agents)
            fill = RotationFill(roster, agents, (week.monday, week.last_day), whose)
            self._open(fill, sheet.keep)

    def _ask_check(self, sheet: RosterSheet) -> None:
        self._check(sheet)

    def _ask_publish(self, sheet: RosterSheet) -> None:
        first, last = sheet.week.monday, sheet.week.last_day
        self._open(PublishDialog(first, last, sheet.team), lambda _: None)
        self._look_at(PublishDialog.Looked(first, last))

    def _ask_team(self, sheet: RosterSheet) -> None:
        rows = self._page.board.rows if isinstance(self._page, FloorScreen) else {}
        chooser = TeamChooser([sheet.team, *(each.row.team for each in rows.values())])
        self._open(chooser, sheet.open_team)

    def _swap(self, sheet: RosterSheet) -> None:
        """The two ticked people's plans of one date, each the other's."""
        if days := exchanged(sheet.week, sheet.places()):
            sheet.keep(DraftRoster(0, days))
        else:
            self.complain(self._words.text("roster.swap_two"))

    @work(group="roster-check", exclusive=True)
    async def _check(self, sheet: RosterSheet) -> None:
        week = sheet.week
        try:
            checked = await self._service(CheckRoster(0, week.monday, week.last_day, sheet.team))
        except Refused as refusal:
            self.complain(self._words.refusal(refusal))
            return
        assert isinstance(checked, RosterChecked)
        if self._shows(sheet, week.monday, sheet.team):
            sheet.take_check(checked)
            findings = RosterFindings(checked, lambda agent: who(week, agent))
            self._open(findings, lambda found: sheet.go_to(found.agent, found.day))

    @on(PublishDialog.Looked)
    @work(group="roster-look", exclusive=True)
    async def _look_at(self, event: PublishDialog.Looked) -> None:
        """What would come of publishing, for the dialog that asks."""
        sheet = self._roster
        if sheet is None:
            return
        first, last = event.first_day, event.last_day
        try:
            roster = await self._service(GetRoster(0, first, last, team=sheet.team))
            checked = await self._service(CheckRoster(0, first, last, sheet.team))
        except Refused as refusal:
            if isinstance(self.screen, PublishDialog):
                self.screen.refuse(refusal)
            return
        assert isinstance(roster, Roster)
        assert isinstance(checked, RosterChecked)
        dialog = self.screen
        if isinstance(dialog, PublishDialog) and dialog.span == (first, last):
            dialog.take(roster, checked)

    @on(PublishDialog.Submitted)
    def _publish(self, event: PublishDialog.Submitted) -> None:
        self._send_publication(event.publication)

    @work(group="roster-publish", exclusive=True)
    async def _send_publication(self, publication: PublishRoster) -> None:
        """The question stays until it is done; refused, it shows what is so now."""
        try:
            done = await self._service(publication)
        except Refused as refusal:
            if isinstance(self.screen, PublishDialog):
                self.screen.refuse(refusal)
                if refusal.code in _LOOK_AGAIN:
                    self._look_at(PublishDialog.Looked(publication.first_day, publication.last_day))
            else:
                self.complain(self._words.refusal(refusal))
            return
        assert isinstance(done, RosterPublication)
        if isinstance(self.screen, PublishDialog):
            self.screen.dismiss(None)
        text = self._words.text("roster_publish.done", revision=done.revision, days=done.days)
        self.say(text)
        if (sheet := self._roster) is not None:
            self._read_roster(sheet)


def _whose_days(week: Week, places: tuple[Place, ...]) -> Said:
    return lambda words: whose_days(words, week, places)


def _whose_rows(week: Week, agents: tuple[str, ...]) -> Said:
    """One person, or how many."""
    if len(agents) > 1:
        return lambda words: words.text("roster.people", count=len(agents))
    return lambda _: who(week, agents[0])
