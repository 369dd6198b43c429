"""One person's page: opening it, its days, and keeping it true while it is open."""

from dataclasses import replace

from textual import work

from agent_client.terminal.asking_app import AskingApp
from agent_client.terminal.keys import Mode, Situation
from agent_client.terminal.screens.floor import FloorScreen
from agent_client.terminal.screens.person import PersonScreen
from protocol.wire import desk_floor
from protocol.wire.desk_floor import Floor
from protocol.wire.errors import Refused

READ_EVERY = 15
"""Seconds between two readings of a page that is open."""
_OVER = frozenset({Mode.DESK, Mode.FLOOR})
"""What a page can lie over."""


class PersonApp(AskingApp):
    """Every `do_…` is the deed of an action in the table of keys."""

    _changed_on_floor = False
    """The person whose page is open did something since it was read."""

    def do_open_person(self) -> None:
        """The page of whoever is under the cursor."""
        row = self._page.row_at_cursor() if isinstance(self._page, FloorScreen) else None
        if row is not None:
            self._open_page(row.agent, row.name)
        else:
            self.complain(self._words.text("ask.nobody"))

    def do_my_day(self) -> None:
        """The own page."""
        status = self._known.status
        if status is not None:
            self._open_page(status.agent, status.name)

    def do_back(self) -> None:
        """Leave the page."""
        if isinstance(self.screen, PersonScreen):
            self.pop_screen()
            self.show()

    def do_day_before(self) -> None:
        """The day before the one shown."""
        self._shift_day(-1)

    def do_day_after(self) -> None:
        """The day after the one shown, up to the present one."""
        self._shift_day(1)

    @property
    def person(self) -> PersonScreen | None:
        """The page that is open, also with a question over it."""
        pages = [each for each in self.screen_stack if isinstance(each, PersonScreen)]
        return pages[-1] if pages else None

    def _situation(self) -> Situation:
        situation = super()._situation()
        if self.person is None or situation.mode not in _OVER:
            return situation
        return replace(situation, mode=Mode.PERSON)

    def _take_floor(self, floor: Floor) -> None:
        super()._take_floor(floor)
        person = self.person
        if person is not None:
            for row in floor.rows:
                if row.agent == person.agent and person.take_row(row):
                    self._changed_on_floor = True

    def _tick(self) -> None:
        super()._tick()
        person = self.person
        if person is None or person.day is not None:
            return
        if self._changed_on_floor or self._ticks % READ_EVERY == 0:
            self._read_person()

    def _open_page(self, agent: str, name: str) -> None:
        self.push_screen(PersonScreen(agent, name))
        self._read_person()

    def _shift_day(self, days: int) -> None:
        person = self.person
        if person is not None and person.shift(days):
            self._read_person()

    @work(group="person", exclusive=True)
    async def _read_person(self) -> None:
        """Ask for the day; what is shown stays where that fails, and why is said."""
        person = self.person
        if person is None:
            return
        self._changed_on_floor = False
        try:
            answer = await self._known.ask(
                lambda id: desk_floor.GetPerson(id, person.agent, person.day)
            )
        except Refused as refusal:
            person.refuse(self._words.refusal(refusal))
        except ConnectionError:
            person.refuse(self._words.text("asked_in_vain"))
        else:
            assert isinstance(answer, desk_floor.PersonPage)
            person.take(answer.page)
        self.show()
