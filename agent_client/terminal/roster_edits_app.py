"""The week grid read from the service, and edits of it sent there one after another."""

from datetime import date

from textual import on, work
from textual.events import Key

from agent_client.terminal.form_app import FormApp
from agent_client.terminal.roster_edit import (
    Unkept,
    left_after_correction,
    left_after_edit,
)
from agent_client.terminal.screens.roster import RosterSheet
from agent_client.terminal.screens.roster_correction import RosterCorrection
from agent_client.terminal.screens.roster_unkept import UnkeptEdits
from protocol.wire.errors import Code, Refused
from protocol.wire.plan_corrections import PlanCorrectionStands
from protocol.wire.relayed import RelayedAnswer
from protocol.wire.roster import CheckRoster, GetRoster, Roster, RosterChecked


class RosterEditsApp(FormApp):
    """An edit shows once it is kept; what was not kept is told until it is mended."""

    @on(Key)
    def _typed(self) -> None:
        """What is typed on the grid counts, so that no dialog comes between."""
        if isinstance(self.screen, RosterSheet):
            self.screen.typed += 1

    @property
    def _roster(self) -> RosterSheet | None:
        """The grid that is open, also with a question over it."""
        return self.open_screen(RosterSheet)

    @on(RosterSheet.Wanted)
    def _other_week(self) -> None:
        if (sheet := self._roster) is not None:
            self._read_roster(sheet)

    @on(RosterSheet.Edited)
    def _keep(self, event: RosterSheet.Edited) -> None:
        """One edit after another, in the order in which they were made."""
        sheet = event.sheet
        sheet.edits.append(event.edit)
        if not sheet.sending:
            sheet.sending = True
            self._send_edits(sheet)

    @work(group="roster-edits")
    async def _send_edits(self, sheet: RosterSheet) -> None:
        """Goes on when the sheet is closed, until all is kept. The cells follow what is stored."""
        self.show()
        refused: list[Unkept] = []
        while sheet.edits:
            edit = sheet.edits.popleft()
            refused = left_after_edit(refused, edit)
            sheet.unkept = left_after_edit(sheet.unkept, edit)
            try:
                await self._service(edit.draft)
            except Refused as refusal:
                refused.append(Unkept(edit, refusal))
                sheet.unkept.append(refused[-1])
        sheet.sending = False
        if refused:
            self._not_kept(sheet, refused)
        self._read_roster(sheet)

    def _not_kept(self, sheet: RosterSheet, refused: list[Unkept]) -> None:
        """The one that was made last asks for its reason where it can be corrected and nothing
        was typed since; all others are told."""
        first = refused[0]
        untouched = self.screen is sheet and sheet.typed == first.edit.typed
        if len(refused) == 1 and first.correctable and untouched:
            self._correct(first)
            return
        listed = self._roster is sheet
        if len(refused) > 1:
            key = "roster.not_kept_list" if listed else "roster.not_kept_many"
        else:
            key = "roster.not_kept_begun" if listed and first.correctable else "roster.not_kept"
        words = self._words
        whose, why = first.whose(words), first.why(words)
        self.complain(words.text(key, count=len(refused), whose=whose, why=why))

    @on(RosterSheet.UnkeptWanted)
    def _list_unkept(self, event: RosterSheet.UnkeptWanted) -> None:
        sheet, self._notice = event.sheet, None

        def mend(chosen: Unkept) -> None:
            if chosen.correctable:
                self._correct(chosen)
            else:
                sheet.go_to(*min(chosen.edit.places()))

        if sheet.unkept:
            self._open(UnkeptEdits(sheet.unkept), mend)
        else:
            self.complain(self._words.text("roster_unkept.none"))

    def _correct(self, unkept: Unkept) -> None:
        """What has begun is planned otherwise by a correction, which asks for the reason."""
        edit = unkept.edit
        self._open(RosterCorrection(edit.week, edit.draft.days), lambda _: None)

    def taken(self, answer: RelayedAnswer) -> None:
        """A correction is proposed: its days are marked."""
        super().taken(answer)
        if not isinstance(answer, PlanCorrectionStands):
            return
        self.say(self._words.text("roster_correction.done"))
        if (sheet := self._roster) is not None:
            corrected = frozenset((each.agent, each.day) for each in answer.row.days)
            sheet.unkept = left_after_correction(sheet.unkept, corrected)
            self._read_roster(sheet)

    @work(group="roster", exclusive=True)
    async def _read_roster(self, sheet: RosterSheet) -> None:
        """What is shown stays where asking fails, and why is said."""
        monday, last, team = sheet.week.monday, sheet.week.last_day, sheet.team
        try:
            roster = await self._service(GetRoster(0, monday, last, team=team))
            assert isinstance(roster, Roster)
            if self._shows(sheet, monday, team):
                sheet.take(roster)
            checked = await self._checked(CheckRoster(0, monday, last, team))
            if self._shows(sheet, monday, team):
                sheet.take_check(checked)
        except Refused as refusal:
            if self._shows(sheet, monday, team):
                sheet.refuse(self._words.refusal(refusal))

    def _shows(self, sheet: RosterSheet, monday: date, team: str) -> bool:
        """Whether an answer is still about what is open."""
        return self._roster is sheet and (monday, team) == (sheet.week.monday, sheet.team)

    async def _checked(self, question: CheckRoster) -> RosterChecked | None:
        """Null for who may plan nobody of them. Raises `Refused`."""
        try:
            checked = await self._service(question)
        except Refused as refusal:
            if refusal.code != Code.NOT_PERMITTED:
                raise
            return None
        assert isinstance(checked, RosterChecked)
        return checked
