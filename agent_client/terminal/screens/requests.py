"""Requests for another roster: leave, swaps, moved hours, overtime, going home early."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.message import Message

from agent_client.terminal.request_answers import Answer
from agent_client.terminal.request_rows import request_rows
from agent_client.terminal.request_words import OPEN, waits_for
from agent_client.terminal.screens.listing import Listed, Listing
from agent_client.terminal.view import View
from protocol.wire.requests import RequestRow, Requests, SeenRequest


class RequestsSheet(Listing[Requests, RequestRow]):
    """For the person's own and for those whom they lead."""

    NAMED = "action.requests"
    NOTHING = "requests.none"
    HINTS: ClassVar[Sequence[tuple[str, str]]] = (
        ("n", "requests.new"),
        ("c", "request_answer.consent"),
        ("x", "request_answer.decline"),
        ("w", "request_answer.withdraw"),
        ("h", "requests.hours"),
        ("o", "requests.also_over"),
        ("Esc", "dialog.close"),
    )
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        ("n", "want('new')"),
        ("h", "want('hours')"),
        ("o", "over"),
        ("c", "answer('consent')"),
        ("x", "answer('decline')"),
        ("w", "answer('withdraw')"),
    ]

    @dataclass
    class Wanted(Message):
        """Something is to be opened: `new` or `hours`."""

        what: str

    class Reread(Message):
        """Others are to be listed."""

    @dataclass
    class Read(Message):
        """The person has read what became of these."""

        seen: tuple[SeenRequest, ...]

    @dataclass
    class Answered(Message):
        """The highlighted request is to be answered so."""

        answer: Answer
        row: RequestRow | None

    def __init__(self, me: str) -> None:
        super().__init__()
        self._me = me
        self.open_only = True
        """Without those that are over."""

    def rows(self, view: View, told: Requests, width: int) -> Iterable[Listed[RequestRow]]:
        """Group by group."""
        return request_rows(view, told, self._me, width)

    def summary(self, view: View, told: Requests) -> str:
        """How many wait, and how many are not shown."""
        words = view.words
        waiting = sum(waits_for(row) == self._me for row in told.rows)
        parts = [words.text("requests.waiting", count=waiting)] if waiting else []
        parts.append(words.text("requests.open", count=sum(_open(row) for row in told.rows)))
        if told.left_off:
            parts.append(words.text("listing.left_off", count=told.left_off))
        return " · ".join(parts)

    def action_close(self) -> None:
        """What was news has been shown."""
        rows = self.told.rows if self.told is not None else ()
        seen = tuple(SeenRequest(row.request, row.standing) for row in rows if row.unread)
        if seen:
            self.app.post_message(self.Read(seen))  # the sheet itself goes away
        super().action_close()

    def action_want(self, what: str) -> None:
        """Open something."""
        self.post_message(self.Wanted(what))

    def action_over(self) -> None:
        """With those that are over, or without."""
        self.open_only = not self.open_only
        self.post_message(self.Reread())

    def action_answer(self, answer: str) -> None:
        """Answer the highlighted one."""
        self.post_message(self.Answered(Answer(answer), self.chosen()))


class LedRequestsSheet(RequestsSheet):
    """With the keys of whoever decides."""

    HINTS = (
        ("n", "requests.new"),
        ("a", "request_answer.approve"),
        ("r", "request_answer.reject"),
        *RequestsSheet.HINTS[1:],
    )
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        ("a", "answer('approve')"),
        ("r", "answer('reject')"),
    ]


def _open(row: RequestRow) -> bool:
    return row.standing in OPEN
