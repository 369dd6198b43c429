"""The word on a request: consent or not, approve or reject, or take it back."""

from collections.abc import Sequence

from textual.widget import Widget

from agent_client.terminal.request_answers import AGREEING, TAKING_BACK, Answer
from agent_client.terminal.request_words import says
from agent_client.terminal.screens.form import Form
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from protocol.wire.orders import MAX_TEXT
from protocol.wire.relayed import RelayedRequest
from protocol.wire.requests import ConsentRequest, DecideRequest, RequestRow, WithdrawRequest
from protocol.wire.texts import TextFault, bad_text

_WITH_WORDS = (Answer.DECLINE, Answer.UNCONSENT, Answer.REJECT)
"""Who is refused something is told why."""


class RequestAnswer(Form):
    """Says once more what comes of it; Enter says it."""

    NAMED = "request_answer.title"
    HINTS = (("⏎", "request_answer.do"), ("Esc", "dialog.close"))

    def __init__(self, answer: Answer, row: RequestRow, names: dict[str, str], me: str) -> None:
        super().__init__()
        self._answer, self._row, self._names = answer, row, names
        self._for_other = answer is Answer.CANCEL and row.actor != me
        """A lead cancels somebody's leave, and says why."""

    def fields(self) -> Sequence[Widget]:
        """One's own words; what one takes back oneself needs none."""
        if self._answer in TAKING_BACK and not self._for_other:
            return ()
        return (Field(id="text", compact=True, max_length=MAX_TEXT),)

    def says(self, view: View) -> str:
        """What is asked, and what the answer makes of it."""
        zone = view.status.zone if view.status is not None else "UTC"
        said = says(view.words, self._row.asked, self._names, zone)
        follows = view.words.text(f"request_follows.{self._answer}")
        if self._answer is Answer.CANCEL and self._row.asked.account is not None:
            account = view.words.text(f"account.{self._row.asked.account}")
            follows = view.words.text("requests.hours_back", before=follows, account=account)
        if self._for_other:
            follows = view.words.text("requests.say_why", before=follows)
        answer = view.words.text(f"request_answer.{self._answer}")
        return f"{answer}{view.words.text('colon')}{said}\n{follows}"

    def message(self) -> RelayedRequest:
        """A refusal needs words."""
        text = self.value("text") if self.query("#text") else ""
        request = self._row.request
        if (self._answer in _WITH_WORDS or self._for_other) and not text:
            raise bad_text(TextFault.EMPTY, MAX_TEXT)
        if self._answer in TAKING_BACK:
            return WithdrawRequest(0, request, text)
        if self._answer in AGREEING:
            return ConsentRequest(0, request, self._answer is Answer.CONSENT, text)
        return DecideRequest(0, request, self._answer is Answer.APPROVE, text)
