"""Booking hours into or out of somebody's account."""

from collections.abc import Mapping, Sequence
from datetime import date

from textual.widget import Widget

from agent_client.terminal.cells import shown
from agent_client.terminal.request_words import signed_hours
from agent_client.terminal.screens.form import Form
from agent_client.terminal.typed_time import read_length
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from agent_client.terminal.widgets.pick import Pick
from agent_client.terminal.widgets.typed_fields import DayField
from agent_client.terminal.wording import Wording
from protocol.facts.request import Account
from protocol.wire.errors import Code, Refused
from protocol.wire.orders import MAX_TEXT
from protocol.wire.requests import BookHours
from protocol.wire.texts import TextFault, bad_text


class BookingForm(Form):
    """A mistake is mended by another booking: none is ever changed."""

    NAMED = "hours.title_book"

    def __init__(self, agent: str, today: date, day_words: Mapping[str, int]) -> None:
        super().__init__()
        self._agent, self._today, self._day_words = agent, today, day_words

    def fields(self) -> Sequence[Widget]:
        """Which account, how much, for which day, why."""
        return (
            Pick([*Account], _said, id="account"),
            Field(id="hours", compact=True, max_length=8),
            DayField(self._today, self._day_words, self._today, id="day"),
            Field(id="text", compact=True, max_length=MAX_TEXT),
        )

    def says(self, view: View) -> str:
        """What the account gets or loses."""
        words, seconds = view.words, read_length(self.value("hours"))
        if seconds is None:
            return words.text("hours.how")
        key = "hours.gives" if seconds > 0 else "hours.takes"
        account = words.text(f"account.{self.value('account')}")
        length = signed_hours(abs(seconds))
        return words.text(key, who=shown(self._agent), account=account, hours=length)

    def message(self) -> BookHours:
        """Hours, a day and a reason are needed."""
        seconds, text = read_length(self.value("hours")), self.value("text")
        day = self.query_one("#day", DayField).day
        if day is None:
            raise Refused(Code.BAD_DATE, text=self.value("day"))
        if not text or seconds is None:
            raise bad_text(TextFault.EMPTY, MAX_TEXT)
        account = Account(self.value("account"))
        return BookHours(0, "", self._agent, account, seconds, day, text)


def _said(words: Wording, account: str) -> str:
    return words.text(f"account.{account}")
