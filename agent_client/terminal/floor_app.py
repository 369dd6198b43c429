"""The lead's deeds: on the floor, on one person's page, and with what is asked of people."""

from textual import work

from agent_client.terminal.cells import shown
from agent_client.terminal.person_app import PersonApp
from agent_client.terminal.screens.floor import FloorScreen
from agent_client.terminal.screens.order_prompt import Confirm, OrderPrompt, Recipients
from agent_client.terminal.screens.reset_code import ResetCodeDialog
from agent_client.terminal.seat import MakeRequest
from protocol.facts.order import OrderKind
from protocol.wire import desk_floor
from protocol.wire.errors import Refused


class FloorApp(PersonApp):
    """Every `do_…` is the deed of an action in the table of keys."""

    def do_filter(self) -> None:
        """Search on the floor."""
        if isinstance(self._page, FloorScreen):
            self._page.open_filter()

    def do_sort(self) -> None:
        """Put the floor in order now."""
        if isinstance(self._page, FloorScreen):
            self._page.sort()

    def do_next_order(self) -> None:
        """Put the floor in order by something else."""
        if isinstance(self._page, FloorScreen):
            self._page.next_order()

    def do_tick(self) -> None:
        """Mark whoever is under the cursor."""
        if isinstance(self._page, FloorScreen) and not self._page.tick():
            self.complain(self._words.text("ask.nobody"))

    def do_message(self) -> None:
        """Write to those who are marked, or to the one under the cursor."""
        self._prompt(OrderKind.MESSAGE, self._chosen_people())

    def do_message_team(self) -> None:
        """Write to everybody of the team of the one under the cursor."""
        floor = self._page
        row = floor.row_at_cursor() if isinstance(floor, FloorScreen) else None
        if row is not None and row.team:
            self._prompt(OrderKind.MESSAGE, Recipients(team=row.team))
        else:
            self.complain(self._words.text("ask.no_team"))

    def do_out_of_line(self) -> None:
        """Take people out of the line: excused, and told to them."""
        self._prompt(OrderKind.FORCE_NOT_READY, self._chosen_people())

    def do_ask_ready(self) -> None:
        """Ask people to take calls again: a request and no more."""
        self._prompt(OrderKind.ASK_READY, self._chosen_people())

    def do_sign_them_out(self) -> None:
        """Sign people out, after their call where they have one. Confirmed once."""
        self._prompt(OrderKind.FORCE_SIGN_OUT, self._chosen_people())

    def do_reset_password(self) -> None:
        """Give out a one-time code for one person's password. Confirmed once."""
        chosen = self._chosen_people()
        if len(chosen.people) != 1:
            self.complain(self._words.text("reset.one_person"))
            return
        self._open(Confirm("reset", chosen), lambda _: self._reset(chosen))

    def _chosen_people(self) -> Recipients:
        """Whose page is open, else who is marked, else who is under the cursor."""
        person = self.person
        if person is not None:
            return Recipients(((person.agent, person.name_known),))
        if isinstance(self._page, FloorScreen):
            return Recipients(tuple((row.agent, row.name) for row in self._page.chosen_rows()))
        return Recipients()

    def _prompt(self, what: OrderKind, recipients: Recipients) -> None:
        if not recipients.people and not recipients.team:
            self.complain(self._words.text("ask.nobody"))
            return

        def written(text: str) -> None:
            if what is OrderKind.FORCE_SIGN_OUT:
                confirm = Confirm("sign_out", recipients)
                self._open(confirm, lambda _: self._place(what, recipients, text))
            else:
                self._place(what, recipients, text)

        self._open(OrderPrompt(what, recipients), written)

    @work(group="order")
    async def _place(self, what: OrderKind, recipients: Recipients, text: str) -> None:
        """One order each. What was refused is named, and what was not is said, too."""
        refused: dict[str, Refused] = {}
        for agent, team in _addresses(recipients):
            refusal = await self._refusal(_order(what, text, agent, team))
            if refusal is not None:
                refused[agent or team] = refusal
        placed = len(_addresses(recipients)) - len(refused)
        if not refused:
            self.say(self._words.text("ask.placed", who=recipients.said(self._words)))
            self._untick_asked()
            return
        why = "  ".join(
            f"{shown(who)}: {self._words.refusal(each)}" for who, each in refused.items()
        )
        self.complain(self._words.text("ask.refused", placed=placed, why=why))

    @work(group="order")
    async def _reset(self, recipients: Recipients) -> None:
        """The code goes to the screen and nowhere else."""
        ((agent, _),) = recipients.people
        answer = await self._answer(lambda id: desk_floor.ResetPassword(id, agent))
        if isinstance(answer, desk_floor.ResetCode):
            self._open(ResetCodeDialog(recipients, answer.code, answer.expires), lambda _: None)

    def _untick_asked(self) -> None:
        """Who was asked is not marked any more."""
        if self.person is None and isinstance(self._page, FloorScreen):
            self._page.untick()


def _order(what: OrderKind, text: str, agent: str, team: str) -> MakeRequest:
    return lambda id: desk_floor.PlaceOrder(id, what, text, agent, team)


def _addresses(recipients: Recipients) -> list[tuple[str, str]]:
    """A staff number or a team each."""
    if recipients.team:
        return [("", recipients.team)]
    return [(number, "") for number, _ in recipients.people]
