"""Too few people at the post: a line for everybody; when it lasts, a page for whoever leads."""

from agent_client.terminal.own_view import OwnView
from agent_client.terminal.plan_words import length
from protocol.rules.permissions import LEADS
from protocol.wire.handover import PAGE_AFTER_S, OwnNotices, PostState


def short_line(view: OwnView) -> str:
    """How many are here, and how many should be; empty where there are enough, and during a
    call. A lead who is paged is told for how long as well."""
    notices = _short(view)
    if notices is None:
        return ""
    heads = {"present": notices.present, "required": notices.required}
    if paged_since_ms(view) is None:
        return view.words.text("plan.heads_short", **heads)
    lasted = length(view.words, (_lasted_s(view, notices) or 0) // 60 * 60)
    return view.words.text("plan.heads_paged", length=lasted, **heads)


def paged_since_ms(view: OwnView) -> int | None:
    """Since when there are too few (server time), for a lead whom that concerns by now; null for
    all others, before `PAGE_AFTER_S`, and during a call."""
    notices, status = _short(view), view.status
    if notices is None or status is None or set(LEADS).isdisjoint(status.roles):
        return None
    lasted_s = _lasted_s(view, notices)
    return notices.short_since_ms if lasted_s is not None and lasted_s >= PAGE_AFTER_S else None


def _short(view: OwnView) -> OwnNotices | None:
    own, status = view.own_day, view.status
    if own is None or own.notices is None or status is None or status.call is not None:
        return None
    return own.notices if own.notices.heads is PostState.SHORT else None


def _lasted_s(view: OwnView, notices: OwnNotices) -> int | None:
    if view.now is None or notices.short_since_ms is None:
        return None
    return (int(view.now.timestamp() * 1000) - notices.short_since_ms) // 1000
