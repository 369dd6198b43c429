"""The person's deeds: signing in and out, locking the screen, the password, leaving."""

import contextlib

from textual import on, work

from agent_client.terminal.call_app import CallApp
from agent_client.terminal.keys import Mode
from agent_client.terminal.screens.change_password import ChangePassword
from agent_client.terminal.screens.leaving import Leave, Leaving
from agent_client.terminal.screens.lock import LockScreen
from agent_client.terminal.screens.messages import MessagesSheet
from agent_client.terminal.screens.sign_in import SignInScreen
from agent_client.terminal.screens.signing_out import LeavingPost, SigningOut, what_is_open
from agent_client.terminal.screens.take_over import TakeOver
from protocol.wire import desk, desk_call
from protocol.wire.desk_call import CallRow, Calls
from protocol.wire.errors import Code, Refused

DELIVERY_S = 3.0
"""How long leaving waits for the last facts to be acknowledged."""


class SignInApp(CallApp):
    """Every `do_…` is the deed of an action in the table of keys."""

    @on(SignInScreen.Submitted)
    @work(group="sign-in", exclusive=True)
    async def _sign_in(self, event: SignInScreen.Submitted) -> None:
        self.say(self._words.text("sign_in.under_way"))
        if event.code:
            refusal = await self._refusal(lambda id: desk.EnrolDesk(id, event.code))
            if refusal is not None:
                self._notice = None
                if isinstance(self.screen, SignInScreen):
                    self.screen.correct_code(refusal)
                return
        await self._try_sign_in(event, take_over=False)

    async def _try_sign_in(self, event: SignInScreen.Submitted, *, take_over: bool) -> None:
        """A desk that the person is signed in at already is asked about, once."""
        refusal = await self._refusal(
            lambda id: desk.SignIn(id, event.password, event.new_password, take_over)
        )
        self._notice = None
        if refusal is None:
            return
        if refusal.code == Code.SIGNED_IN_ELSEWHERE and not take_over:
            other = TakeOver(str(refusal.params.get("desk", "")))
            self._open(other, lambda yes: self._take_over(event, yes))
        elif isinstance(self.screen, SignInScreen):
            self.screen.refuse(refusal)
        self.show()

    @work(group="sign-in", exclusive=True)
    async def _take_over(self, event: SignInScreen.Submitted, yes: bool) -> None:
        if yes:
            self.say(self._words.text("sign_in.under_way"))
            await self._try_sign_in(event, take_over=True)
        elif isinstance(self._page, SignInScreen):
            self._page.clear_password()

    @on(LockScreen.Submitted)
    @work(group="unlock", exclusive=True)
    async def _unlock(self, event: LockScreen.Submitted) -> None:
        refusal = await self._refusal(lambda id: desk.Unlock(id, event.password))
        if refusal is not None and isinstance(self.screen, LockScreen):
            self.screen.refuse(refusal)

    def do_change_password(self) -> None:
        """Ask for both passwords."""
        self._open(ChangePassword(), lambda _: None)

    @on(ChangePassword.Submitted)
    @work(group="password", exclusive=True)
    async def _change_password(self, event: ChangePassword.Submitted) -> None:
        refusal = await self._refusal(
            lambda id: desk.ChangePassword(id, event.password, event.new_password)
        )
        if not isinstance(self.screen, ChangePassword):
            return
        if refusal is not None:
            self.screen.refuse(refusal)
        else:
            self.screen.dismiss(None)
            self.say(self._words.text("change_password.done"))

    def do_messages(self) -> None:
        """What leads asked and wrote."""
        self._open(MessagesSheet(), lambda _: None)

    @on(MessagesSheet.Read)
    def _read_chosen(self, event: MessagesSheet.Read) -> None:
        self._ask(lambda id: desk.SeeOrder(id, event.order))

    def do_read(self) -> None:
        """The message that is shown has been read."""
        status = self._known.status
        if status is not None and status.orders:
            order = status.orders[0].order
            self._ask(lambda id: desk.SeeOrder(id, order))

    @work(group="sign-out", exclusive=True)
    async def do_sign_out(self) -> None:
        """Sign out; with something still open not before that was said."""
        self._settle_forms()
        await self._drafts.save()
        rows: tuple[CallRow, ...] = ()
        with contextlib.suppress(Refused, ConnectionError):
            calls = await self._known.ask(desk_call.GetCalls)
            rows = calls.calls if isinstance(calls, Calls) else ()
        status = self._known.status
        if status is None:
            return
        own = self._known.own_day
        notices = own.notices if own is not None else None
        things = what_is_open(status, rows, notices, unsaved=self._drafts.anything)
        if things:
            asking = LeavingPost(things) if things.of_the_post_alone else SigningOut(things)
            self._open(asking, lambda yes: self._sign_out_as(yes, asking.text))
        else:
            await self._answer(desk.SignOut)

    def _sign_out_as(self, sign_out: bool, text: str) -> None:
        if sign_out:
            self._ask(lambda id: desk.SignOut(id, text))

    def do_quit(self) -> None:
        """Leave; while signed in, not before it was said what happens then."""
        if self._known.gone or self._mode is Mode.STARTING:
            self.exit()
        elif self._mode is Mode.SIGN_IN:
            self._leave(sign_out=False)
        else:
            self._open(Leaving(), self._leave_as)

    def _leave_as(self, leave: Leave) -> None:
        if leave is not Leave.STAY:
            self._leave(sign_out=leave is Leave.SIGN_OUT)

    @work(group="leave", exclusive=True)
    async def _leave(self, sign_out: bool) -> None:
        """Leave, and end the seat where nobody is signed in and all facts are delivered. After
        signing out in a call the seat goes on until the call is over."""
        await self._drafts.save()
        if sign_out:
            if await self._answer(desk.SignOut) is None:
                return
            await self._known.until_delivered(DELIVERY_S)
        if self._known.delivered:
            with contextlib.suppress(Refused, ConnectionError):
                await self._known.ask(desk.StopSeat)
        self.exit()
