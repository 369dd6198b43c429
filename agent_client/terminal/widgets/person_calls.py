"""One person's calls of a day. The service has masked the numbers already."""

from textual.content import Content

from agent_client.terminal.cells import cut, fit, shown
from agent_client.terminal.codes import label, named
from agent_client.terminal.view import View
from agent_client.terminal.widgets.person_part import PersonPart, left_off
from agent_client.terminal.wording import Wording, clock_time, duration
from protocol.rules.lines import line_named
from protocol.wire.person import DayCall, PersonDay

_PEER = 18


class PersonCalls(PersonPart):
    """The newest call first."""

    def has_something(self, page: PersonDay) -> bool:
        """There only with calls."""
        return bool(page.calls)

    def show(self, view: View) -> None:
        """The heading counts them."""
        page = self._person.page
        count = len(page.calls) + page.calls_left_off if page is not None else 0
        self.entitle(view.words.text("person.calls", count=count))
        super().show(view)

    def paint_page(self, view: View, page: PersonDay, zone: str) -> Content:
        """A line a call."""
        newest_first = sorted(
            page.calls, key=lambda call: call.at.timestamp() if call.at else 0.0, reverse=True
        )
        lines = [_line(view, call, zone, self.size.width) for call in newest_first]
        return Content("\n").join([*lines, *left_off(view.words, page.calls_left_off)])


def _line(view: View, call: DayCall, zone: str, width: int) -> Content:
    words = view.words
    way = words.text("floor.out" if call.direction == "outbound" else "floor.in")
    about = "  ".join(part for part in _about(view, call) if part)
    left = width - 8 - _PEER - 12
    return Content.assemble(
        (f"{clock_time(call.at, zone)}  ", "$quiet"),
        f"{fit(f'{way} {shown(call.peer)}', _PEER)}  ",
        (f"{duration(call.talk_s) if call.talk_s is not None else '–':>8}  ", "bold"),
        cut("  ".join(part for part in (_fate(words, call), about) if part), max(0, left)),
    )


def _about(view: View, call: DayCall) -> tuple[str, str]:
    """The line of business and the outcome, as people call them."""
    lines, language = view.status.lines if view.status is not None else (), view.words.language
    line = line_named(lines, call.line)
    if line is None:
        return shown(call.line), shown(call.outcome)
    return label(line, language), named(line.outcomes, call.outcome, language)


def _fate(words: Wording, call: DayCall) -> str:
    """Why it was missed or how it ended, where that is worth a word."""
    if call.missed:
        return words.named(f"person_missed.{call.missed}", call.missed)
    if call.ended:
        return words.named(f"person_end.{call.ended}", call.ended)
    return ""
