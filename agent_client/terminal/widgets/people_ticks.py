"""A list of teams and people to tick, narrowed by what is typed elsewhere."""

from collections.abc import Sequence

from textual import on
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from agent_client.terminal.cells import fit, shown
from agent_client.terminal.wording import Wording
from protocol.wire.session import Person

TICK = "✓"
_NUMBER_CELLS, _NAME_CELLS = 8, 24


class PeopleTicks(OptionList):
    """Space ticks, Enter goes on. Who is ticked stays so while the list is narrowed."""

    BINDINGS = [("space", "tick"), ("enter", "next")]  # noqa: RUF012 - Textual's own form

    class Changed(Message):
        """Somebody is ticked, or no longer."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, markup=False, compact=True)
        self.agents: dict[str, str] = {}
        """Names of those who are ticked, by staff number."""
        self.teams: dict[str, str] = {}
        """Teams that are ticked."""
        self._people: Sequence[Person] = ()
        self._all_teams: Sequence[str] = ()
        self._listed: list[Person | str] = []
        self._narrowed = ""

    def offer(self, people: Sequence[Person], teams: Sequence[str], words: Wording) -> None:
        """Whom there is to tick."""
        self._people, self._all_teams = people, teams
        self.list_again(words)

    def narrow(self, text: str, words: Wording) -> None:
        """Those alone whose number, name or team has every word of it."""
        self._narrowed = text
        self.list_again(words)

    def list_again(self, words: Wording) -> None:
        """In these words; the highlight stays on its line where it can."""
        wanted = self._narrowed.casefold().split()
        teams = [team for team in self._all_teams if _matches(wanted, team)]
        people = [
            each for each in self._people if _matches(wanted, each.number, each.name, each.team)
        ]
        place = self.highlighted or 0
        self._listed = [*teams, *people]
        self.set_options(Option(self._line(each, words)) for each in self._listed)
        self.highlighted = min(place, len(self._listed) - 1) if self._listed else None
        self._words = words

    def action_tick(self) -> None:
        """Tick the highlighted line, or take the tick away; then one down."""
        place = self.highlighted
        if place is None or place >= len(self._listed):
            return
        chosen = self._listed[place]
        if isinstance(chosen, Person):
            _toggle(self.agents, chosen.number, chosen.name)
        else:
            _toggle(self.teams, chosen, chosen)
        self.replace_option_prompt_at_index(place, self._line(chosen, self._words))
        if place + 1 < len(self._listed):
            self.highlighted = place + 1
        self.post_message(self.Changed())

    def action_next(self) -> None:
        """On to the next field."""
        self.screen.focus_next()

    @on(OptionList.OptionSelected)
    def clicked(self, event: OptionList.OptionSelected) -> None:
        """A click ticks, too."""
        event.stop()
        self.action_tick()

    def _line(self, each: Person | str, words: Wording) -> Content:
        if isinstance(each, Person):
            mark = TICK if each.number in self.agents else " "
            number, name = (
                fit(shown(each.number), _NUMBER_CELLS),
                fit(shown(each.name), _NAME_CELLS),
            )
            return Content.assemble(
                (f"{mark} ", "bold $key"), f"{number} {name} ", (shown(each.team), "$quiet")
            )
        mark = TICK if each in self.teams else " "
        text = words.text("people.team", team=shown(each))
        return Content.assemble((f"{mark} ", "bold $key"), (text, "bold"))


def _toggle(ticked: dict[str, str], key: str, name: str) -> None:
    if ticked.pop(key, None) is None:
        ticked[key] = name


def _matches(wanted: Sequence[str], *texts: str) -> bool:
    text = " ".join(texts).casefold()
    return all(word in text for word in wanted)
