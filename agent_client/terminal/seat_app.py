"""The half of the terminal that shows: it follows the seat, paints the present moment, and holds
nothing that a seat's next word does not bring back."""

import contextlib
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import events, on, work
from textual.app import App
from textual.message import Message
from textual.screen import ModalScreen, Screen
from textual.widgets import Input

from agent_client.terminal import keys, theme
from agent_client.terminal.cells import shown
from agent_client.terminal.clock import Monotonic
from agent_client.terminal.connection import (
    BACK_OFF_S,
    Connected,
    Failed,
    Lost,
    News,
    keep_connected,
)
from agent_client.terminal.kept_look import KeptLook
from agent_client.terminal.keys import Mode, Situation
from agent_client.terminal.knowledge import Knowledge
from agent_client.terminal.screens.desk import DeskScreen
from agent_client.terminal.screens.floor import FloorScreen
from agent_client.terminal.screens.lock import LockScreen
from agent_client.terminal.screens.page import Appeared, Dialog, Page
from agent_client.terminal.screens.sign_in import SignInScreen
from agent_client.terminal.screens.starting import StartingScreen
from agent_client.terminal.seat import Connect
from agent_client.terminal.view import View
from agent_client.terminal.wording import Wording
from protocol.i18n import load
from protocol.wire import desk, desk_call, desk_floor
from protocol.wire.desk import Day, Status
from protocol.wire.desk_call import Calls, CallState
from protocol.wire.desk_exam import DeskExams
from protocol.wire.desk_floor import Floor
from protocol.wire.desk_plan import OwnDay
from protocol.wire.desk_training import DeskTraining
from protocol.wire.errors import Refused

NOTICE_S = 12.0
"""How long a notice stays."""
_DAY_TICKS = 15

_log = logging.getLogger(__name__)


class SeatApp(App[None]):
    """Shows what a seat knows, in agent mode or in supervisor mode."""

    CSS_PATH = "app.tcss"
    TITLE = "Seatline"
    ENABLE_COMMAND_PALETTE = False

    @dataclass
    class Heard(Message):
        """Something came from the connection to the seat."""

        news: News

    def __init__(
        self,
        connect: Connect,
        *,
        language: str,
        theme_name: str = "dark",
        supervisor: bool = False,
        bell: bool = True,
        look: KeptLook | None = None,
        connect_as: Callable[[str], Connect] | None = None,
        monotonic: Monotonic = time.monotonic,
        back_off_s: Sequence[float] = BACK_OFF_S,
    ) -> None:
        super().__init__()
        self._connect = connect
        self._connect_as = connect_as or (lambda _: connect)
        self._words = Wording(load(language))
        self._theme_name = theme_name
        self._supervisor = supervisor
        self._bell = bell
        self._look = look
        self._monotonic = monotonic
        self._back_off_s = back_off_s
        self._known = Knowledge(monotonic)
        self._mode = Mode.STARTING
        self._page: Page | None = None
        self._floor_watched = False
        self._notice: str | None = None
        self._notice_ends = 0.0
        self._ticks = 0
        for each in theme.THEMES.values():
            self.register_theme(each)
        self.theme = theme.THEMES[theme_name].name

    def get_default_screen(self) -> Screen[None]:
        """What is there before the seat says anything."""
        return StartingScreen()

    def on_mount(self) -> None:
        """Begin to listen and to tick."""
        self.set_interval(1.0, self._tick)
        self._keep_connected()
        self.show()

    def show(self) -> None:
        """Paint the present moment on all screens that can be seen."""
        if not self.screen_stack:  # the app is closing
            return
        view = self._view()
        for screen in reversed(self.screen_stack):
            if isinstance(screen, Page | Dialog):
                screen.show(view)
            if isinstance(screen, Page):  # it hides what lies below
                break

    def say(self, text: str) -> None:
        """Tell people something without getting in their way."""
        self._notice = text
        self._notice_ends = self._monotonic() + NOTICE_S
        self.show()

    def complain(self, text: str) -> None:
        """Tell people what went wrong or is refused."""
        self.say(f"! {text}")

    def _view(self) -> View:
        return View(
            words=self._words,
            mode=self._mode,
            status=self._known.status,
            seat_gone=self._known.gone,
            now=self._known.clock.now(),
            day=self._known.day,
            notice=self._notice,
            offered=keys.offered(self._situation()),
            typing=isinstance(self.focused, Input) or isinstance(self.screen, ModalScreen),
            read=self._known.read,
            missed=self._known.missed,
            own_day=self._known.own_day,
            training=self._known.training,
            exams=self._known.exams,
        )

    def _situation(self) -> Situation:
        status = None if self._known.gone else self._known.status
        exams = self._known.exams
        sits = exams is not None and exams.sheet is not None
        return Situation(self._mode, status, self._known.training, sits)

    def _tick(self) -> None:
        self._ticks += 1
        if self._notice is not None and self._monotonic() >= self._notice_ends:
            self._notice = None
        if self._mode is Mode.DESK and self._ticks % _DAY_TICKS == 0:
            self._read_day()
        self.show()

    async def _enter(self, mode: Mode) -> None:
        """Another page; a dialog over the old one has lost its meaning."""
        if mode is self._mode:
            return
        self._mode = mode
        self._floor_watched = False
        while len(self.screen_stack) > 1:
            await self.pop_screen()
        self._page = self._make_page(mode)
        await self.push_screen(self._page)

    def _make_page(self, mode: Mode) -> Page:
        pages: dict[Mode, Callable[[], Page]] = {
            Mode.STARTING: StartingScreen,
            Mode.SIGN_IN: SignInScreen,
            Mode.LOCKED: LockScreen,
            Mode.DESK: DeskScreen,
            Mode.FLOOR: lambda: FloorScreen(self._words, self._monotonic),
        }
        return pages[mode]()

    @on(Appeared)
    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _looks_different(self) -> None:
        self.show()

    @work(group="connection")
    async def _keep_connected(self) -> None:
        def tell(news: News) -> None:
            self.post_message(self.Heard(news))

        await keep_connected(lambda: self._connect(), tell, self._back_off_s)

    @on(Heard)
    async def _hear(self, message: Heard) -> None:
        match message.news:
            case Connected(seat):
                self._known.connected(seat)
                self._floor_watched = False
            case Failed(refusal):
                self.complain(self._words.error(refusal.code, refusal.params))
            case Lost():
                self._known.lost()
            case Status() as status:
                await self._take(status)
            case Floor() as floor:
                self._take_floor(floor)
                return
            case OwnDay() as day:
                self._known.own_day = day
                self.day_told()
            case DeskTraining() as training:
                self._known.training = training
                self.training_told()
            case DeskExams() as exams:
                self._known.exams = exams
                self.exams_told()
        self.show()

    async def _take(self, status: Status) -> None:
        if self._known.gone:
            self._notice = None
        rang = _rings(self._known.status)
        changed = self._known.take(status)
        if self._bell and _rings(status) and not rang:
            self.bell()
        if (news := self._known.news) is not None:
            self.complain(self._words.text(f"call_news.{news.key}", peer=shown(news.peer)))
        shown_before = self._mode
        await self._enter(self._known.mode(self._supervisor))
        if self._mode is Mode.DESK and (changed or shown_before is not Mode.DESK):
            self._read_day()
        if self._mode is Mode.FLOOR and not self._floor_watched:
            self._floor_watched = True
            self._watch_floor()

    def day_told(self) -> None:
        """The day has gone on, or the plan or what waits became another: sheets that are open may
        be out of date."""

    def exams_told(self) -> None:
        """What there is to sit, or the paper that lies open, is another."""

    def training_told(self) -> None:
        """What there is to study, or how far reading has come, is another."""

    def _take_floor(self, floor: Floor) -> None:
        if isinstance(self._page, FloorScreen):
            self._page.take(floor)

    @work(group="day", exclusive=True)
    async def _read_day(self) -> None:
        with contextlib.suppress(Refused, ConnectionError):
            day = await self._known.ask(desk.GetDay)
            assert isinstance(day, Day)
            self._known.take_day(day)
            self.show()
            if day.calls_missed:
                calls = await self._known.ask(desk_call.GetCalls)
                assert isinstance(calls, Calls)
                self._known.take_calls(calls)
                self.show()

    @work(group="floor", exclusive=True)
    async def _watch_floor(self) -> None:
        try:
            await self._known.ask(desk_floor.WatchFloor)
        except Refused as refusal:
            if isinstance(self._page, FloorScreen):
                self._page.refuse(self._words.error(refusal.code, refusal.params))
        except ConnectionError:
            _log.info("the seat went away before it could tell of the floor")


def _rings(status: Status | None) -> bool:
    call = status.call if status is not None else None
    return call is not None and call.state is CallState.RINGING
