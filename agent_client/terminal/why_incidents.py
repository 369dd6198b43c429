"""The incidents that touched a day's planned time, and what each changed in its figure."""

from collections.abc import Iterator

from textual.content import Content

from agent_client.terminal.cells import shown
from agent_client.terminal.plan_words import length
from agent_client.terminal.why_rows import Row, heading, times
from agent_client.terminal.why_words import confirmed
from agent_client.terminal.wording import Wording
from protocol.rules.adherence import Verdict
from protocol.rules.incident import Incident
from protocol.wire.adherence import AdherenceDay


def incident_rows(words: Wording, page: AdherenceDay, width: int) -> Iterator[Row]:
    """Also those that changed nothing; what lies wholly outside planned time is left out."""
    found = [each for each in page.incidents if _touched_s(page, each)]
    if found:
        yield heading("incidents", words.text("why.incidents", count=len(found)))
    for each in found:
        yield _incident(words, page, each, width)


def _incident(words: Wording, page: AdherenceDay, each: Incident, width: int) -> Row:
    excluded_s = _excluded_s(page, each)
    changed = (
        words.text("why.incident_excludes", length=length(words, excluded_s))
        if excluded_s
        else words.text("why.incident_nothing")
    )
    when, whom = times(each.start_ms, each.end_ms, page.zone), _whom(words, each)
    line = Content.assemble((f"{when} ", "$quiet"), f"{whom}  ", changed)
    parts = [Content.styled(words.text("comma").join((whom, changed)), "bold")]
    parts.append(Content(confirmed(words, page, each)))
    if not excluded_s:
        own = "own" if not each.helps(page.person.number) else "no_fault"
        parts.append(Content(words.text(f"why_incident.{own}")))
    return Row(f"incident-{each.incident}", line.truncate(width, ellipsis=True), tuple(parts))


def _whom(words: Wording, each: Incident) -> str:
    return words.text("why.team", team=shown(each.team)) if each.team else words.text("why.site")


def _touched_s(page: AdherenceDay, incident: Incident) -> int:
    """How much planned time so far lies in it."""
    start_s, end_s = incident.start_ms / 1000, incident.end_ms / 1000
    shares = (min(end_s, each.end_s) - max(start_s, each.start_s) for each in page.slices)
    return int(sum(share for share in shares if share > 0))


def _excluded_s(page: AdherenceDay, incident: Incident) -> int:
    """How much of it the figure leaves out because of this incident."""
    return sum(
        each.end_s - each.start_s
        for each in page.slices
        if each.verdict is Verdict.EXCLUDED
        and each.exception is not None
        and each.exception.exception_id == incident.incident
    )
