"""The agent's deeds in calls and about calls."""

import functools

from textual import events, on, work

from agent_client.terminal.asking_app import AskingApp
from agent_client.terminal.drafts import Drafts
from agent_client.terminal.screens.calls import CallsSheet
from agent_client.terminal.screens.dial_prompt import DialPrompt, Purpose
from agent_client.terminal.screens.keypad import Keypad
from agent_client.terminal.screens.settle_prompt import SettlePrompt
from agent_client.terminal.screens.signing_out import outcome_missing
from agent_client.terminal.screens.wrap_up import Starting, WrapUpForm, day_words
from agent_client.terminal.screens.wrap_up_lines import Subject
from agent_client.terminal.wording import Wording
from protocol.facts.agent import State
from protocol.i18n import LANGUAGES, load
from protocol.rules.lines import line_named
from protocol.wire import desk, desk_call
from protocol.wire.desk import Status
from protocol.wire.desk_call import CallRow, Calls, LastCall
from protocol.wire.errors import Refused

LIFE_S = 5.0
"""How often a sign of life is told while somebody types in after-call work."""


class CallApp(AskingApp):
    """Every `do_…` is the deed of an action in the table of keys."""

    _life_told = 0.0
    _outcome_asked_for = ""
    """The call whose missing outcome was mentioned."""

    @functools.cached_property
    def _drafts(self) -> Drafts:
        return Drafts(self._known.ask, self.show)

    @functools.cached_property
    def _day_words(self) -> dict[str, int]:
        return day_words([Wording(load(language)) for language in LANGUAGES])

    async def on_event(self, event: events.Event) -> None:
        """Keys and the mouse show that somebody is there."""
        if isinstance(event, events.Key | events.Paste | events.MouseDown):
            self._show_life()
        await super().on_event(event)

    def on_unmount(self) -> None:
        """No draft is tried any more: the seat is left."""
        self._drafts.stop()

    def do_dial(self) -> None:
        """Ask for a number."""
        self._open(DialPrompt(), lambda _: None)

    def do_consult(self) -> None:
        """Ask whom to call about the customer, who waits meanwhile."""
        self._open(DialPrompt(Purpose.CONSULT), lambda _: None)

    def do_transfer(self) -> None:
        """Ask to whom the customer is handed on."""
        self._open(DialPrompt(Purpose.TRANSFER), lambda _: None)

    def do_keypad(self) -> None:
        """Open the keypad."""
        self._open(Keypad(), lambda _: None)

    def do_acw_done(self) -> None:
        """End after-call work, with everything typed on the seat's disk. Where the line asks for
        an outcome and there is none, that is said first, once."""
        status = self._known.status
        last = status.last_call if status is not None else None
        if status is not None and last is not None and self._outcome_missing(status, last):
            self._outcome_asked_for = last.id
            self._open_wrap_up(_subject(status, last), last.wrapped_up)
            self.complain(self._words.text("wrap_up.outcome_missing"))
        else:
            self._finish_acw()

    def do_wrap_up(self) -> None:
        """Describe the present call, or the last one."""
        status = self._known.status
        if status is not None and status.last_call is not None:
            last = status.last_call
            self._open_wrap_up(_subject(status, last), last.wrapped_up)

    def do_calls(self) -> None:
        """The day's calls, and who waits for one."""
        self._open(CallsSheet(), lambda _: None)
        self._read_calls()

    @on(DialPrompt.Submitted)
    @work(group="dial", exclusive=True)
    async def _dial(self, event: DialPrompt.Submitted) -> None:
        """The prompt stays with its text where the seat refuses."""
        requests = {
            Purpose.DIAL: desk_call.Dial,
            Purpose.CONSULT: desk_call.Consult,
            Purpose.TRANSFER: desk_call.Transfer,
        }
        make = requests[event.purpose]
        done = await self._answer(lambda id: make(id, event.target))
        if done is not None and isinstance(self.screen, DialPrompt):
            self.screen.dismiss(None)

    @on(Keypad.Typed)
    def _send_digits(self, event: Keypad.Typed) -> None:
        self._ask(lambda id: desk_call.Dtmf(id, event.digits))

    @on(CallsSheet.Opened)
    def _edit(self, event: CallsSheet.Opened) -> None:
        row = event.row
        subject = Subject(row.id, row.peer, row.peer_name, row.line, row.at)
        self._open_wrap_up(subject, row.wrapped_up)

    @on(CallsSheet.CallBack)
    @work(group="dial", exclusive=True)
    async def _call_back(self, event: CallsSheet.CallBack) -> None:
        row = event.row
        if not row.can_call_back:
            self.complain(self._words.text("calls.elsewhere"))
        elif await self._answer(lambda id: desk_call.Dial(id, "", row.id)) is not None:
            self._close_calls()

    @on(CallsSheet.Settle)
    def _settle(self, event: CallsSheet.Settle) -> None:
        if event.row.owed:
            self._open(SettlePrompt(event.row.peer), lambda why: self._settle_as(event.row, why))
        else:
            self.complain(self._words.text("calls.not_owed"))

    @work(group="calls")
    async def _settle_as(self, row: CallRow, reason: str) -> None:
        await self._answer(lambda id: desk_call.SettleCallBack(id, row.id, reason))
        self._read_calls()

    @work(group="read-calls", exclusive=True)
    async def _read_calls(self) -> None:
        calls = await self._answer(desk_call.GetCalls)
        if isinstance(calls, Calls):
            for sheet in self.screen_stack:
                if isinstance(sheet, CallsSheet):
                    sheet.take(calls.calls)

    @work(group="acw")
    async def _finish_acw(self) -> None:
        self._settle_forms()
        await self._drafts.save()
        done = await self._answer(desk.AcwDone)
        if done is not None and isinstance(self.screen, WrapUpForm):
            self.screen.dismiss(None)

    def _open_wrap_up(self, subject: Subject, content: desk_call.WrappedUp) -> None:
        status = self._known.status
        if isinstance(self.screen, WrapUpForm) and self.screen.call_id != subject.call_id:
            self.screen.action_close()
        line = line_named(status.lines, subject.line) if status is not None else None
        form = WrapUpForm(Starting(subject, line, content), self._drafts, self._day_words)
        self._open(form, lambda _: None)

    def _outcome_missing(self, status: Status, last: LastCall) -> bool:
        typed = self._drafts.unsaved(last.id)
        if typed is not None and typed.outcome:
            return False
        return outcome_missing(status) and self._outcome_asked_for != last.id

    def _settle_forms(self) -> None:
        """What stands half typed in a form holds."""
        for screen in self.screen_stack:
            if isinstance(screen, WrapUpForm):
                screen.settle()

    def _close_calls(self) -> None:
        if isinstance(self.screen, CallsSheet):
            self.screen.dismiss(None)

    async def _take(self, status: Status) -> None:
        """What a seat that was gone did not get, it gets when it is back. A list of calls that is
        open tells of each new one."""
        before = self._known.status
        await super()._take(status)
        self._drafts.again()
        listed = any(isinstance(screen, CallsSheet) for screen in self.screen_stack)
        if listed and (before is None or _of_calls(before) != _of_calls(status)):
            self._read_calls()

    def _show_life(self) -> None:
        status, now = self._known.status, self._monotonic()
        in_acw = status is not None and status.state is State.ACW and not self._known.gone
        if in_acw and now - self._life_told >= LIFE_S:
            self._life_told = now
            self._tell_life()

    @work(group="life")
    async def _tell_life(self) -> None:
        try:
            await self._known.ask(desk.SignOfLife)
        except (Refused, ConnectionError):
            self._life_told = 0.0  # the next key tries again


def _of_calls(status: Status) -> tuple[object, ...]:
    """What a list of calls shows more of than the status itself."""
    return status.call and status.call.id, status.last_call, status.owed


def _subject(status: Status, last: LastCall) -> Subject:
    present = status.call if status.call is not None and status.call.id == last.id else None
    name = present.peer_name if present is not None else ""
    return Subject(last.id, last.peer, name, last.line)
