"""What waits for the lead, and the adherence of all and of each team so far."""

from collections.abc import Iterable, Iterator

from textual.content import Content

from agent_client.terminal.cells import shown
from agent_client.terminal.floor_board import FloorBoard
from agent_client.terminal.plan_reminders import waits
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line, flow

_GAP = 3


class TogetherLine(Line):
    """The teams stand in its last line: as many as there is room for, the lowest first, and how
    many more there are."""

    def __init__(self, board: FloorBoard) -> None:
        super().__init__(id="together", classes="summary")
        self._board = board

    def show(self, view: View) -> None:
        """Away where there is nothing to say."""
        self.display = any(self._parts(view))
        super().show(view)

    def paint(self, view: View) -> Content:
        """Lines of the present width."""
        lines = flow(list(self._parts(view)), self.size.width, _GAP)
        teams = [Content(f"{shown(name)} {it.said()}") for name, it in self._board.together.teams()]
        more = [view.words.text("floor.more_teams", count=left) for left in range(len(teams) + 1)]
        if lines:
            lines[-1] = _with_teams(lines[-1], teams, more, self.size.width)
        return Content("\n").join(lines)

    def _parts(self, view: View) -> Iterator[Content]:
        if view.own_day is not None:
            for text in waits(view.words, view.own_day):
                yield Content.styled(text, "bold $key")
        together = self._board.together.all
        if together.counted_s:
            yield Content.styled(view.words.text("floor.together", share=together.said()), "bold")


def _with_teams(line: Content, teams: list[Content], more: list[str], width: int) -> Content:
    """`more` says how many are left out, by their number."""
    left = len(teams)
    for team in teams:
        longer, rest = _joined((line, team)), [Content(more[left - 1])] if left > 1 else []
        if _joined((longer, *rest)).cell_length > width:
            return _joined((line, Content(more[left])))
        line, left = longer, left - 1
    return line


def _joined(items: Iterable[Content]) -> Content:
    return Content(" " * _GAP).join(items)
