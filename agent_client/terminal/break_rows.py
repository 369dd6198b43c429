"""A team's queue for breaks as lines."""

from textual.content import Content

from agent_client.terminal.break_words import until
from agent_client.terminal.cells import fit, shown
from agent_client.terminal.clock import at_site
from agent_client.terminal.wording import Wording
from protocol.wire.breaks import BreakQueue, WaitingAgent

_PERSON, _PERSON_WIDE = 16, 28
_WIDE = 96
_REASON = 12


def heading(words: Wording, queue: BreakQueue) -> Content:
    """Who is away, what the service level is, and whether it holds breaks back."""
    away = words.text("break_queue.away_of", away=queue.away, cap=queue.cap)
    lines = [Content.assemble((away, "bold"), f" · {_level(words, queue)}")]
    if queue.held:
        lines.append(Content.styled(words.text("break_queue.holds"), "$warning"))
    return Content("\n").join(lines)


def _level(words: Wording, queue: BreakQueue) -> str:
    if not queue.target:
        return words.text("break_queue.no_target")
    if queue.service_level is None:
        return words.text("break_queue.no_level")
    level = f"{queue.service_level:.2f}"
    return words.text("break_queue.level", level=level, target=queue.target)


def line(words: Wording, number: int, each: WaitingAgent, zone: str, width: int) -> Content:
    """Place, person, reason, since when, and what is special."""
    wide = width >= _WIDE
    name = f"{shown(each.agent)} {shown(each.name)}"
    person = fit(name, _PERSON_WIDE if wide else _PERSON)
    asked = words.text("break_queue.asked", time=f"{at_site(each.asked_ms, zone):%H:%M}")
    marks = [Content.styled(_turn(words, each, zone), "bold $success")] if each.granted else []
    if each.first or each.rest_due:
        key = "after_abusive_call" if each.first else "after_long_work"
        mark = words.text(f"break_queue.{key if wide else 'goes_first'}")
        marks.append(Content.styled(mark, "bold"))
    return Content.assemble(
        f"{number:>2}  {person}  {fit(words.reason(each.reason), _REASON)}  ",
        (asked, "$quiet"),
        *(part for mark in marks for part in ("  ", mark)),
    ).truncate(width, ellipsis=True)


def _turn(words: Wording, each: WaitingAgent, zone: str) -> str:
    if each.granted_until_ms is None:
        return words.text("break_queue.turn_in_call")
    return words.text("break_queue.turn_until", until=until(each.granted_until_ms, zone))
