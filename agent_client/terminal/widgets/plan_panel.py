"""The plan on the desk: planned above actual, what comes next, and the figure with its reason."""

from collections.abc import Iterator, Sequence

from textual.content import Content

from agent_client.terminal.clock import at_site
from agent_client.terminal.keys import behind, key_name
from agent_client.terminal.plan_moment import RESTS, SOON_S, moment, ran_over
from agent_client.terminal.plan_reminders import Reminder, reminders
from agent_client.terminal.plan_said import next_shift, now_said, then_said
from agent_client.terminal.plan_strip import strips
from agent_client.terminal.plan_words import biggest, figure, length
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import ALERT, Line, between, flow
from protocol.wire.desk_plan import OwnDay

ROOMY = 36
"""Lines of a terminal from which on there is room for axis and legend."""
_GAP = 3
_MARGINS = 6
"""Cells beside the panel at the most."""
_SOON = "▸ "
_WITH_REASON = 2
"""How many of the lengths in which the figure is told have its reason beside it."""


class PlanPanel(Line):
    """Two strips and a line where there is little room; a line alone during a call."""

    def show(self, view: View) -> None:
        """There as soon as the seat has told of the day."""
        own = view.own_day
        self.display = own is not None and own.day is not None
        roomy = self._roomy()
        self.set_class(roomy, "-roomy")
        if roomy and own is not None and own.day is not None:
            self.entitle(view.words.text("plan.heading", hours=_shift(own)))
        super().show(view)

    def paint(self, view: View) -> Content:
        """As much as there is room for."""
        own, width = view.own_day, self._width() - 1
        if own is None or own.day is None or view.status is None or width < 8:
            return Content("")
        if not own.plan:
            return Content("\n").join([_unplanned(view, own), *_said(_reminders(view, own), width)])
        if self._roomy():
            return Content("\n").join(_in_full(view, own, width))
        return Content("\n").join(_compact(view, own, width))

    def _width(self) -> int:
        """Before it was ever laid out, what it will have, so that its height is right at once."""
        return self.size.width or self.screen.size.width - _MARGINS

    def _roomy(self) -> bool:
        return self.screen.size.height >= ROOMY


def _compact(view: View, own: OwnDay, width: int) -> list[Content]:
    """The strips yield to a call, and to what else has to be seen."""
    assert view.status is not None
    owed = bool(view.status.owed)
    said = _said(_reminders(view, own), width)[: 1 if owed else 2]
    crowded = view.status.call is not None or (owed and (said or view.status.unsent))
    above = [] if crowded else _strips(view, own, width)[:2]
    return [*above, _in_a_line(view, own, width), *said]


def _in_a_line(view: View, own: OwnDay, width: int) -> Content:
    """What comes next and the figure; the reason is worth more than where one is now."""
    figures = list(_figures(view, own)) or [Content("")]
    whole, short = _next(view, own), _next(view, own, short=True)
    best, rest = figures[:_WITH_REASON], figures[_WITH_REASON:]
    pairs = [(now, each) for now in (whole, short) for each in best]
    pairs += [(now, each) for now in (whole, short) for each in rest]
    fitting = (pair for pair in pairs if sum(each.cell_length for each in pair) + _GAP <= width)
    now, of_day = next(fitting, (short, Content("")))
    return between(now, of_day, width)


def _in_full(view: View, own: OwnDay, width: int) -> list[Content]:
    figures = (each for each in _figures(view, own) if each.cell_length <= width)
    beside = flow([_next(view, own), next(figures, Content(""))], width, 2 * _GAP)
    return [*_strips(view, own, width), *beside, *_said(_reminders(view, own), width)]


def _strips(view: View, own: OwnDay, width: int) -> list[Content]:
    return strips(view.words, own.plan, own.counted, view.now, own.zone, width)


def _next(view: View, own: OwnDay, *, short: bool = False) -> Content:
    """Where one is in the plan, and what comes when; `short`: what comes alone."""
    if view.now is None:
        return Content("")
    at = moment(own.plan, int(view.now.timestamp() * 1000))
    if at.over:
        return Content(f"{view.words.text('plan.over')}{next_shift(view, own)}")
    then = then_said(view.words, at)
    said = Content(then if short else f"{now_said(view.words, at, own.zone)} · {then}")
    in_call = view.status is not None and view.status.call is not None
    if in_call:
        return said.stylize("$quiet")
    if at.now is not None and at.now.activity in RESTS and ran_over(own.counted, at.now.start_ms):
        return Content.assemble(said, f" · {view.words.text('plan.moves')}")
    if at.left_s is not None and at.left_s <= SOON_S:
        return Content.assemble(_SOON, said).stylize("bold $warning")
    return said


def _figures(view: View, own: OwnDay) -> Iterator[Content]:
    """The figure so far in several lengths, the longest first."""
    if own.figure is None or not own.figure.counted_s:
        return
    words, value = view.words, figure(own.figure)
    why = biggest(words, own.figure, own.plan[0].start_ms // 1000)
    if own.figure.provisional:
        unknown = length(words, own.figure.unknown_s)
        why = words.text("plan.provisional", length=unknown)
    label, hint = words.text("plan.so_far"), _hint(view)
    bold = (value, "bold")
    if why:
        yield Content.assemble(f"{label} ", bold, f"  {why}", hint)
        yield Content.assemble(bold, f"  {why}", hint)
    yield Content.assemble(f"{label} ", bold, hint)
    mark = f" {words.text('plan.provisional_mark')}" if own.figure.provisional else ""
    yield Content.assemble(bold, mark, hint)
    yield Content.assemble(bold, mark)


def _hint(view: View) -> Content:
    action = behind("u", view.offered)
    if action is None or view.typing:
        return Content("")
    label = view.words.text(f"action.{action.name}")
    return Content.assemble("  ", (key_name("u"), "bold $key"), f" {label}")


def _unplanned(view: View, own: OwnDay) -> Content:
    """What to do without a plan, and on a day off."""
    if own.planned:
        return Content(f"{view.words.text('plan.day_off')}{next_shift(view, own)}")
    return Content(view.words.text("plan.not_told" if own.alone else "plan.none"))


def _shift(own: OwnDay) -> str:
    """`2026-11-22  09:00–18:00`."""
    if not own.plan:
        return str(own.day)
    start, end = at_site(own.plan[0].start_ms, own.zone), at_site(own.plan[-1].end_ms, own.zone)
    return f"{own.day}  {start:%H:%M}–{end:%H:%M}"


def _reminders(view: View, own: OwnDay) -> list[Reminder]:
    return reminders(view, own, training=view.training)


def _said(told: Sequence[Reminder], width: int) -> list[Content]:
    texts = [
        Content.styled(f"{ALERT}{each.text}", "bold $warning")
        if each.urgent
        else Content.styled(each.text, "bold")
        for each in told
    ]
    return flow([text.truncate(width, ellipsis=True) for text in texts], width, _GAP)
