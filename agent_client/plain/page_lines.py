"""One person's day as lines."""

from agent_client.seat_words import one_line, time_at
from agent_client.terminal.clock import whole_seconds
from agent_client.terminal.wording import Wording, duration
from protocol.i18n import Catalogue
from protocol.wire.person import DayCall, PersonDay, Segment


def page_lines(page: PersonDay, zone: str, catalogue: Catalogue) -> list[str]:
    """Who and when, the figures, every stretch, every call."""
    words = Wording(catalogue)
    person = one_line(f"{page.person.number} {page.person.name}")
    lines = [
        catalogue.text("plain.page", who=person, day=page.day.isoformat()),
        catalogue.text("plain.figures", answered=page.calls_answered, missed=page.calls_missed),
    ]
    if page.provisional:
        lines.append(words.text("person.provisional"))
    lines += _left_off(words, page.segments_left_off)
    lines += [_stretch(words, segment, zone) for segment in page.segments]
    lines += _left_off(words, page.calls_left_off)
    lines += [_call(words, call, zone) for call in page.calls]
    if not page.segments and not page.calls:
        lines.append(words.text("person.nothing"))
    return lines


def _left_off(words: Wording, count: int) -> list[str]:
    return [words.text("person.left_off", count=count)] if count else []


def _stretch(words: Wording, segment: Segment, zone: str) -> str:
    state = words.state(segment.state) if segment.state else words.text("day.unknown")
    reason = words.reason(segment.reason) if segment.reason else ""
    end = time_at(segment.end, zone) if segment.end else words.text("person.now")
    lasts = duration(whole_seconds(segment.start, segment.end)) if segment.end else ""
    cause = words.named(f"person_cause.{segment.trigger}", segment.trigger)
    times = f"{time_at(segment.start, zone)}–{end}"
    return _joined(words, times, state, reason, lasts, cause, one_line(segment.text))


def _call(words: Wording, call: DayCall, zone: str) -> str:
    way = words.text("floor.out" if call.direction == "outbound" else "floor.in")
    talk = duration(call.talk_s) if call.talk_s is not None else ""
    missed = words.named(f"person_missed.{call.missed}", call.missed) if call.missed else ""
    return _joined(words, time_at(call.at, zone), f"{way} {one_line(call.peer)}", talk, missed)


def _joined(words: Wording, *parts: str) -> str:
    return words.text("comma").join(part for part in parts if part)
