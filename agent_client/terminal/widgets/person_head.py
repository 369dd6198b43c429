"""The top of one person's page: who, which day, where they are now; and the day's figures."""

from textual.content import Content

from agent_client.terminal.cells import cut, shown
from agent_client.terminal.floor_columns import asked_of
from agent_client.terminal.floor_need import Need, outlook, second_of
from agent_client.terminal.look import FILLS, SYMBOLS, UNKNOWN_FILL, colour
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import between, flow
from agent_client.terminal.widgets.person_part import Person, PersonPart
from agent_client.terminal.wording import duration
from protocol.facts.agent import State
from protocol.wire.person import PersonDay
from protocol.wire.sync import FloorRow

_NAME_CELLS = 30
_TEAM_CELLS = 20


class PersonHead(PersonPart):
    """Two lines that stay in sight while the day scrolls."""

    def __init__(self, person: Person) -> None:
        super().__init__(person, classes="person-head")

    def has_something(self, page: PersonDay) -> bool:
        """Who and when are worth a line also on a day without anything."""
        return True

    def paint_page(self, view: View, page: PersonDay, zone: str) -> Content:
        """Who and which day; then the present moment."""
        return Content("\n").join([_who(view, page, self.size.width), self._now(view, page)])

    def _now(self, view: View, page: PersonDay) -> Content:
        if page.row is None:
            return Content.styled(view.words.text("person.not_on_floor"), "$quiet")
        parts = _present(view, page.row)
        return flow(parts, self.size.width, gap=3)[0]


def _who(view: View, page: PersonDay, width: int) -> Content:
    person = page.person
    left = Content.assemble(
        (shown(person.number), "bold"),
        f"  {cut(shown(person.name), _NAME_CELLS)}",
        (f"  {cut(shown(person.team), _TEAM_CELLS)}", "$quiet"),
    )
    right = Content.styled(page.day.isoformat(), "bold")
    if page.provisional:
        mark = view.words.text("person.provisional")
        right = Content.assemble((f"~ {mark}  ", "$warning"), right)
    return between(left, right, width)


def _present(view: View, row: FloorRow) -> list[Content]:
    words = view.words
    helpless = outlook(row).at(second_of(view.now)) is not Need.NONE
    state = f"{SYMBOLS[row.state]} {words.state(row.state)}"
    reason = f" · {words.reason(row.reason)}" if row.reason is not None else ""
    parts = [
        Content.assemble(
            ("! " if helpless else "", "bold $warning"),
            (state, colour(row.state)),
            reason,
            f"  {duration(view.elapsed(row.since))}",
        )
    ]
    if row.call is not None:
        way = "out" if row.call.direction == "outbound" else "in"
        parts.append(Content(f"{words.text(f'floor.{way}')} {shown(row.call.peer)}"))
    if row.next_state is not None:
        parts.append(Content(words.text("next", state=words.next_state(row.next_state))))
    asked = asked_of(row, words)
    if asked:
        parts.append(Content(asked))
    return parts


class PersonFigures(PersonPart):
    """Calls, and the time in each state with its pattern in the strip."""

    def __init__(self, person: Person) -> None:
        super().__init__(person, classes="person-figures")

    def paint_page(self, view: View, page: PersonDay, zone: str) -> Content:
        """As many to a line as fit."""
        words = view.words
        items = [
            Content.assemble(f"{words.text('day.answered')} ", (str(page.calls_answered), "bold")),
            Content.assemble(f"{words.text('day.missed')} ", (str(page.calls_missed), "bold")),
        ]
        for state, fill in (FILLS | {State.OFFLINE: UNKNOWN_FILL}).items():
            seconds = page.seconds.get(state, 0)
            if seconds:
                items.append(_item(fill, colour(state), words.state(state), seconds))
        if page.unknown_s:
            label = words.text("day.unknown")
            items.append(_item(UNKNOWN_FILL, "$error", label, page.unknown_s))
        return Content("\n").join(flow(items, self.size.width, gap=3))


def _item(fill: str, style: str, label: str, seconds: int) -> Content:
    return Content.assemble((fill * 2, style), f" {label} {duration(seconds)}")
