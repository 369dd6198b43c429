"""Today's figures: calls, and the time in each state as one strip with its legend."""

from collections.abc import Mapping

from rich.cells import cell_len
from textual.content import Content

from agent_client.terminal.look import FILLS, UNKNOWN_FILL, colour
from agent_client.terminal.strip_of_time import Part, shares
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.wording import duration
from protocol.facts.agent import State

_LEGEND_COLUMN = 30


class DayPanel(Line):
    """Each state has a pattern of its own in the strip, and the same one in the legend."""

    def show(self, view: View) -> None:
        """The heading carries the date. A call may need the room; it is this panel's class and not
        the screen's, since all that lies in what has another class is styled anew."""
        self.set_class(view.status is not None and view.status.call is not None, "-in-call")
        date = view.day.day.date if view.day is not None else ""
        self.entitle(view.words.text("day.heading", date=date))
        super().show(view)

    def paint(self, view: View) -> Content:
        """Figures, strip, legend."""
        width = self.size.width - 1  # what fractions of a width are rounded to may differ by one
        if view.status is None or view.day is None or width < 8:
            return Content("")
        seconds = view.day.seconds(view.status.state, view.now)
        parts = _parts(view, seconds, view.day.day.unknown_s)
        if not parts:
            return Content.styled(view.words.text("day.empty"), "$quiet")
        lines = [_figures(view), *_missed(view), _strip(parts, width), *_legend(parts, width)]
        return Content("\n").join(lines)


def _parts(view: View, seconds: Mapping[State, int], unknown_s: int) -> list[Part]:
    parts = [
        Part(view.words.state(state), fill, colour(state), seconds[state])
        for state, fill in FILLS.items()
        if seconds.get(state, 0) > 0
    ]
    if unknown_s:
        parts.append(Part(view.words.text("day.unknown"), UNKNOWN_FILL, "$error", unknown_s))
    return parts


def _figures(view: View) -> Content:
    assert view.day is not None
    day = view.day.day
    return Content.assemble(
        f"{view.words.text('day.answered')} ",
        (str(day.calls_answered), "bold"),
        f"   {view.words.text('day.missed')} ",
        (str(day.calls_missed), "bold"),
    )


def _missed(view: View) -> list[Content]:
    """Why calls were missed, where any were."""
    causes = [f"{view.words.miss(cause)} {count}" for cause, count in view.missed.items()]
    return [Content.styled(f"  {' · '.join(causes)}", "$quiet")] if causes else []


def _strip(parts: list[Part], width: int) -> Content:
    cells = shares([part.seconds for part in parts], width)
    return Content.assemble(
        *((part.fill * count, part.colour) for part, count in zip(parts, cells, strict=True))
    )


def _legend(parts: list[Part], width: int) -> list[Content]:
    label = max(cell_len(part.label) for part in parts)
    items = [_legend_item(part, label) for part in parts]
    columns = max(1, width // _LEGEND_COLUMN)
    rows = [items[start : start + columns] for start in range(0, len(items), columns)]
    return [Content("   ").join(row) for row in rows]


def _legend_item(part: Part, label: int) -> Content:
    padding = " " * (label - cell_len(part.label))
    return Content.assemble(
        (part.fill * 2, part.colour), f" {part.label}{padding} {duration(part.seconds):>8}"
    )
