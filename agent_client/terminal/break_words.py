"""The words for the queue for breaks: where somebody stands, and what a break needs."""

from agent_client.terminal.clock import at_site
from agent_client.terminal.plan_words import left
from agent_client.terminal.wording import Wording
from protocol.facts.agent import Reason
from protocol.wire.breaks import OwnQueue


def standing(words: Wording, queue: OwnQueue | None, zone: str) -> str:
    """Where somebody stands, in a line; empty for who neither waits nor may go."""
    if queue is None or queue.asked is None:
        return ""
    if not queue.granted:
        key = "first" if queue.first else "waits"
        place = words.text(
            f"break_queue.{key}", reason=words.reason(queue.asked), place=queue.place
        )
        return f"{place}{_wait(words, queue)}"
    if queue.granted_until_ms is None:
        return words.text("break_queue.turn_after_call")
    return words.text("break_queue.turn", until=until(queue.granted_until_ms, zone))


def until(ms: int, zone: str) -> str:
    """The minute in which a turn passes."""
    return f"{at_site(ms, zone):%H:%M}"


def need(words: Wording, queue: OwnQueue | None, reason: Reason) -> str:
    """What a break for a reason needs; empty where it needs no turn."""
    if queue is None or reason not in queue.reasons:
        return ""
    return words.text("break_queue.need", away=queue.away, cap=queue.cap)


def _wait(words: Wording, queue: OwnQueue) -> str:
    if queue.wait_s is not None:
        return words.text("break_queue.about", time=left(words, queue.wait_s))
    if queue.held:
        return words.text("break_queue.held")
    return words.text("break_queue.away", away=queue.away, cap=queue.cap)
