"""Asking for an exception of a stretch: what it was in truth, the reason, and one's own words."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from agent_client.terminal.plan_words import doing, length
from agent_client.terminal.screens.field_fault import FieldFault
from agent_client.terminal.screens.page import Dialog
from agent_client.terminal.view import View
from agent_client.terminal.why_rows import times
from agent_client.terminal.widgets.choices import Choices
from agent_client.terminal.widgets.field import Field
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.wording import Wording
from protocol.facts.agent import Reason, State
from protocol.facts.correction import Overlay
from protocol.rules.adherence import Slice
from protocol.wire.errors import Refused
from protocol.wire.exceptions import MAX_EVIDENCE_TEXT, MAX_EXCEPTION_TEXT, ProposeException
from protocol.wire.texts import TextFault, bad_text

CODES = (
    "WRONG_STATE",
    "COACHING",
    "TRAINING_TASK",
    "MEETING",
    "HELPING",
    "ABUSIVE_CALL",
    "REST_DUE",
    "NETWORK_OUTAGE",
    "SYSTEM_FAULT",
    "LEAVE",
    "SENT_HOME",
    "WRONG_PLAN",
    "OTHER",
)
"""The reasons that people give; others come of facts."""

_STATES = (State.READY, State.TALK, State.ACW)
_REASONS = (
    Reason.COACHING,
    Reason.TRAINING,
    Reason.MEETING,
    Reason.EXAM,
    Reason.BACKOFFICE,
    Reason.OUTBOUND_PREP,
    Reason.ONLINE,
    Reason.HANDOVER,
    Reason.REST,
    Reason.MEAL,
    Reason.PERSONAL,
    Reason.SYSTEM_FAULT,
)


@dataclass(frozen=True)
class Meant:
    """What a stretch should be: an overlay, and with a correction what the state was."""

    what: Overlay
    state: State | None = None
    reason: Reason | None = None


MEANT = (
    Meant(Overlay.EXCUSE),
    Meant(Overlay.EXCLUDE),
    *(Meant(Overlay.CORRECT, State.NOT_READY, reason) for reason in _REASONS),
    *(Meant(Overlay.CORRECT, state) for state in _STATES),
)
"""In the order in which they are offered."""


@dataclass
class AskDraft:
    """What was entered about a stretch and not sent: it stands there when one comes back."""

    meant: int = 0
    code: int = 0
    """Places in the lists."""
    text: str = ""
    evidence: str = ""


class AskException(Dialog[None]):
    """Stays with all that was entered until it is on the disk. Left by Escape, it leaves its draft
    to whoever opened it."""

    CSS_PATH = ["dialog.tcss", "ask_exception.tcss"]  # noqa: RUF012 - Textual's own form
    AUTO_FOCUS = "#meant"
    HINTS = (("⇥", "ask_exception.next"), ("⏎", "ask_exception.send"), ("Esc", "dialog.close"))

    @dataclass
    class Submitted(Message):
        """It is to be asked for."""

        proposal: ProposeException

    def __init__(self, agent: str, day: date, zone: str, stretch: Slice, draft: AskDraft) -> None:
        super().__init__()
        self._draft = draft
        self._agent, self._day = agent, day
        self._stretch = stretch
        self._zone = zone
        self._view: View | None = None
        self._sent: ProposeException | None = None

    def compose_parts(self) -> ComposeResult:
        """What it was, why, in one's own words, and what shows it."""
        with Vertical(classes="dialog", id="ask-exception"):
            yield _Title(self._stretch, self._zone)
            with Horizontal(id="ask-lists"):
                yield Choices(_meant_options, self._draft.meant, id="meant")
                yield Choices(_code_options, self._draft.code, id="code")
            yield _field("text", self._draft.text, MAX_EXCEPTION_TEXT)
            yield _field("evidence", self._draft.evidence, MAX_EVIDENCE_TEXT)
            yield FieldFault(id="ask-fault")

    def show(self, view: View) -> None:
        """The lists and the field are in the reader's language."""
        self._view = view
        for field in self.query(Input):
            field.placeholder = view.words.text(f"ask_exception.{field.id}")
        super().show(view)

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Kept from the first letter on."""
        event.stop()
        if event.input.id == "evidence":
            self._draft.evidence = event.value
        else:
            self._draft.text = event.value

    @on(OptionList.OptionHighlighted)
    def moved(self, event: OptionList.OptionHighlighted) -> None:
        """Likewise."""
        event.stop()
        if event.option_list.has_focus:
            self._draft.meant, self._draft.code = self._place("#meant"), self._place("#code")

    def refuse(self, refusal: Refused) -> None:
        """Say why it was not taken. Nothing that was entered is lost."""
        for fault in self.query(FieldFault):
            fault.say(refusal, self._view)

    @on(OptionList.OptionSelected)
    def selected(self, event: OptionList.OptionSelected) -> None:
        """Enter in a list goes on to the next question."""
        event.stop()
        self.focus_next()

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """From either field. The same again has the same key, so that it is asked once however
        often it is sent."""
        event.stop()
        text, evidence = self._draft.text.strip(), " ".join(self._draft.evidence.split())
        if not text:
            self.refuse(bad_text(TextFault.EMPTY, MAX_EXCEPTION_TEXT))
            return
        proposal = self._proposal(text, (evidence,) if evidence else ())
        if self._sent is None or proposal != _unkeyed(self._sent):
            self._sent = _keyed(proposal)
        self.post_message(self.Submitted(self._sent))

    def _proposal(self, text: str, evidence: tuple[str, ...]) -> ProposeException:
        meant = MEANT[self._place("#meant")]
        return ProposeException(
            0,
            "",
            self._agent,
            self._day,
            self._stretch.start_s * 1000,
            self._stretch.end_s * 1000,
            meant.what,
            CODES[self._place("#code")],
            text,
            evidence,
            meant.state,
            meant.reason,
        )

    def _place(self, name: str) -> int:
        return self.query_one(name, OptionList).highlighted or 0


def _field(name: str, text: str, most: int) -> Field:
    return Field(text, id=name, compact=True, max_length=most)


def _unkeyed(proposal: ProposeException) -> ProposeException:
    return msgspec.structs.replace(proposal, key="")


def _keyed(proposal: ProposeException) -> ProposeException:
    return msgspec.structs.replace(proposal, key=uuid.uuid4().hex)


def _meant_options(words: Wording) -> Iterable[Option]:
    for meant in MEANT:
        if meant.state is None:
            yield Option(Content(words.text(f"ask_exception.{meant.what}")))
        else:
            state = doing(words, meant.state, meant.reason)
            yield Option(Content(words.text("ask_exception.it_was", state=state)))


def _code_options(words: Wording) -> Iterable[Option]:
    return (Option(Content(words.term(f"exception_code.{code}", code))) for code in CODES)


class _Title(Line):
    """Which stretch is meant, and what comes of asking."""

    def __init__(self, stretch: Slice, zone: str) -> None:
        super().__init__(classes="question")
        self._stretch, self._zone = stretch, zone

    def paint(self, view: View) -> Content:
        words, each = view.words, self._stretch
        stretch = words.text(
            "why.stretch",
            planned=words.term(f"activity.{each.planned}", each.planned),
            actual=doing(words, each.state, each.reason),
            length=length(words, each.end_s - each.start_s),
        )
        when = times(each.start_s * 1000, each.end_s * 1000, self._zone)
        return Content.assemble(
            (words.text("ask_exception.title"), "bold"),
            f"  {when}\n{stretch}\n",
            (words.text("ask_exception.follows"), "$quiet"),
        )
