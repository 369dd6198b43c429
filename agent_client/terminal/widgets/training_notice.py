"""Training that offers itself between calls, and the word to come back from it: a quiet line each,
which covers nothing and takes no key away from what is typed."""

from collections.abc import Iterator

from textual.content import Content

from agent_client.terminal.cells import shown
from agent_client.terminal.keys import Mode, behind, key_name
from agent_client.terminal.reading_figures import row_of, task_named
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line, between
from protocol.facts.agent import Reason, State
from protocol.wire.training import MAX_POSTPONED, TrainingOffer

MARK = "»"
_SYSTEM = "system"
_ACCEPT, _PUT_OFF = "a", "p"


class TrainingOfferLine(Line):
    """There only while it may be shown: never from ringing to the end of after-call work."""

    def show(self, view: View) -> None:
        """Take room only with something to offer."""
        self.display = _offer(view) is not None
        super().show(view)

    def paint(self, view: View) -> Content:
        """What is offered and why; the keys."""
        offer = _offer(view)
        if offer is None:
            return Content("")
        words, task = view.words, task_named(row_of(view.training, offer.assignment))
        who = shown(offer.actor)
        text = words.text(f"training_offer.{offer.cause}", task=task, who=who)
        keys = Content("  ").join([Content(""), *_keys(view, offer)])
        return between(Content.assemble(MARK, " ", (text, "bold")), keys, self.size.width)


class RecallLine(Line):
    """Somebody asks back to the line. Nothing is forced: READY stays the reader's own act."""

    def show(self, view: View) -> None:
        """Take room only with something to say."""
        self.display = _recalled(view)
        super().show(view)

    def paint(self, view: View) -> Content:
        """Who, and what to press."""
        if view.training is None or not _recalled(view):
            return Content("")
        who = view.training.own.recalled_by
        if who == _SYSTEM:
            return Content(f"{MARK} {view.words.text('training.callers_wait')}")
        return Content(f"{MARK} {view.words.text('training.asked_back', who=shown(who))}")


def _offer(view: View) -> TrainingOffer | None:
    told, status = view.training, view.status
    if told is None or not told.offered or status is None or status.call is not None:
        return None
    offer = told.own.offer
    over = offer is None or (view.now is not None and offer.until_ms <= view.now.timestamp() * 1000)
    return None if over or view.seat_gone or view.mode is Mode.LOCKED else offer


def _keys(view: View, offer: TrainingOffer) -> Iterator[Content]:
    """None where letters are typed."""
    if view.typing:
        return
    accept, put_off = behind(_ACCEPT, view.offered), behind(_PUT_OFF, view.offered)
    if accept is not None:
        label = view.words.text(f"action.{accept.name}")
        yield Content.assemble((key_name(_ACCEPT), "bold $key"), f" {label}")
    if put_off is not None:
        label = view.words.text(
            "training.put_off_of", number=offer.postponed + 1, most=MAX_POSTPONED
        )
        yield Content.assemble((key_name(_PUT_OFF), "bold $key"), f" {label}")


def _recalled(view: View) -> bool:
    told, status = view.training, view.status
    if told is None or not told.own.recalled_by or status is None or view.mode is Mode.LOCKED:
        return False
    return status.state is State.NOT_READY and status.reason is Reason.TRAINING
