"""Asking for another roster: what, which day, which times, in one's own words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from agent_client.terminal.cells import shown
from agent_client.terminal.clock import zone_of
from agent_client.terminal.request_draft import (
    Draft,
    Plans,
    asked,
    changes,
    first_day,
    impossible,
    lacking,
    suggested,
)
from agent_client.terminal.request_words import of_account, said_day, says, signed_hours
from agent_client.terminal.screens.form import Form
from agent_client.terminal.typed_time import clock
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from agent_client.terminal.widgets.pick import Pick
from agent_client.terminal.widgets.typed_fields import ClockField, DayField
from agent_client.terminal.wording import Wording
from protocol.facts.request import Account, RequestKind, RosterRequest
from protocol.wire.errors import Code, Refused
from protocol.wire.orders import MAX_TEXT
from protocol.wire.requests import Hours, MakeRequest
from protocol.wire.roster import Roster
from protocol.wire.texts import TextFault, bad_text

_NO_ACCOUNT = "none"
_BY_LEADS = (RequestKind.RELEASE, RequestKind.OVERTIME)
_ALWAYS = frozenset({"what", "day", "text"})
_FIELDS: Mapping[RequestKind, frozenset[str]] = {
    RequestKind.LEAVE: frozenset({"start", "end", "account"}),
    RequestKind.SWAP: frozenset({"partner", "partner_day"}),
    RequestKind.MOVE: frozenset({"start", "end", "to_day", "to_start"}),
    RequestKind.OVERTIME: frozenset({"agent", "start", "end", "account"}),
    RequestKind.RELEASE: frozenset({"agent", "start"}),
}
_TIMES = ("start", "end", "to_start")


@dataclass(frozen=True)
class Asker:
    """Who asks, and when."""

    number: str
    leads: bool
    """Whether it may be for somebody else."""
    today: date
    zone: str
    day_words: Mapping[str, int]
    subject: str
    """For whom it is, unless another number is typed."""


class RequestForm(Form):
    """Times suggest themselves from the plan, and stay as soon as somebody has typed them."""

    NAMED = "requests.title_new"
    HINTS = (("←→ ↑↓", "form.change"), ("⏎ ⇥", "form.next"), ("Esc", "dialog.close"))

    @dataclass
    class SubjectWanted(Message):
        """Plan and hours of somebody are needed."""

        agent: str

    def __init__(self, asker: Asker) -> None:
        super().__init__()
        self._asker = asker
        self._plans = Plans("", {}, zone_of(asker.zone))
        self._names: dict[str, str] = {}
        self._hours: Hours | None = None
        self._suggested: dict[str, str] = {}
        self._account_chosen = False
        self._wanted = ""

    def fields(self) -> Sequence[Widget]:
        """Those of all kinds; what does not belong to the present kind is away."""
        asker = self._asker
        day = first_day(RequestKind.LEAVE, asker.today)
        self._suggested = dict.fromkeys(("day", "to_day", "partner_day"), day.isoformat())
        return (
            Pick([*RequestKind], _said_kind, id="what"),
            Field(asker.subject, id="agent", compact=True, max_length=32),
            DayField(asker.today, asker.day_words, day, id="day"),
            ClockField(id="start"),
            ClockField(id="end"),
            DayField(asker.today, asker.day_words, day, id="to_day"),
            ClockField(id="to_start"),
            Field(id="partner", compact=True, max_length=32),
            DayField(asker.today, asker.day_words, day, id="partner_day"),
            Pick([*Account, _NO_ACCOUNT], _said_account, id="account"),
            Field(id="text", compact=True, max_length=MAX_TEXT),
        )

    def on_mount(self) -> None:
        """The person's own plan suggests times."""
        super().on_mount()
        self._want_subject()

    def applies(self, field: str) -> bool:
        """By the kind of request."""
        if field == "agent" and not self._asker.leads:
            return False
        return field in _ALWAYS or field in _FIELDS[self._kind()]

    def take_plan(self, agent: str, roster: Roster) -> None:
        """What is planned for somebody."""
        if agent == self._subject():
            by_day = {plan.day: plan.segments for plan in roster.published}
            self._plans = Plans(agent, by_day, zone_of(roster.zone))
            self._names = {person.number: person.name for person in roster.people}
            self._suggest()

    def take_hours(self, hours: Hours) -> None:
        """What is in somebody's accounts."""
        if hours.agent == self._subject():
            self._hours = hours
            if self._view is not None:
                self.show(self._view)

    def changed_field(self, event: Message) -> None:
        """Another kind or day suggests other times; what somebody typed stays."""
        name = _changed(event)
        self._account_chosen = self._account_chosen or name == "account"
        if name == "what":
            self._suggest_for_kind()
        if name in ("what", "agent"):
            self._want_subject()
        if name in ("what", "day"):
            self._suggest()

    def says(self, view: View) -> str:
        """What is lacking, or what will be another thing than before."""
        words, draft = view.words, self._draft()
        lacks = lacking(draft)
        if lacks:
            return words.text(f"request_lacks.{lacks}")
        wanted = asked(draft, self._plans)
        parts = [says(words, wanted, self._names, self._asker.zone)]
        if self._plans.agent == draft.agent:
            parts.append(self._effect(words, wanted))
        parts.append(words.text(f"request_next.{self._next(draft)}"))
        return "\n".join(part for part in parts if part)

    def message(self) -> MakeRequest:
        """Refused where a field is lacking or can't be read."""
        draft = self._draft()
        if lacking(draft):
            raise (
                bad_text(TextFault.EMPTY, MAX_TEXT)
                if draft.day
                else Refused(Code.BAD_DATE, text=self.value("day"))
            )
        return MakeRequest(0, "", asked(draft, self._plans), self.value("text"))

    def _effect(self, words: Wording, wanted: RosterRequest) -> str:
        """Planned work and hours, before and after."""
        if impossible(wanted, self._plans):
            return words.text("requests.does_not_fit")
        found = changes(wanted, self._plans)
        parts = [
            words.text(
                "requests.work",
                day=said_day(words, change.day),
                before=signed_hours(change.before_s),
                after=signed_hours(change.after_s),
            )
            for change in found
        ]
        if wanted.account is not None:
            added = sum(change.after_s - change.before_s for change in found)
            parts.append(self._account(words, wanted, wanted.account, added))
        return "  ".join(parts)

    def _account(
        self, words: Wording, wanted: RosterRequest, account: Account, added_s: int
    ) -> str:
        """Leave takes hours, overtime gives them: by as much as the planned work changes."""
        if self._hours is None or self._hours.agent != wanted.agent:
            return of_account(words, wanted)
        held = self._hours.balances.get(account, 0)
        if added_s < 0 and held + added_s < 0:
            return words.text("requests.too_few_hours", before=signed_hours(held))
        return words.text(
            "requests.hours_then",
            account=words.text(f"account.{account}"),
            before=signed_hours(held),
            after=signed_hours(held + added_s),
        )

    def _next(self, draft: Draft) -> str:
        """Who has the next word."""
        if draft.what is RequestKind.SWAP:
            return "partner"
        return "lead" if draft.agent == self._asker.number else "agent"

    def _draft(self) -> Draft:
        account = self.value("account")
        has_account = "account" in _FIELDS[self._kind()] and account != _NO_ACCOUNT
        return Draft(
            self._kind(),
            self._subject(),
            self._day("day"),
            self._clock("start"),
            self._clock("end"),
            self._day("to_day"),
            self._clock("to_start"),
            self.value("partner"),
            self._day("partner_day"),
            Account(account) if has_account and account else None,
        )

    def _kind(self) -> RequestKind:
        return RequestKind(self.value("what") or RequestKind.LEAVE)

    def _subject(self) -> str:
        """Whose plan it is about."""
        if self._asker.leads and self._kind() in _BY_LEADS:
            return self.value("agent") or self._asker.number
        return self._asker.number

    def _want_subject(self) -> None:
        if self._wanted != self._subject():
            self._wanted = self._subject()
            self.post_message(self.SubjectWanted(self._wanted))

    def _suggest_for_kind(self) -> None:
        """Its day, and the account that it is about."""
        kind = self._kind()
        self._offer("day", first_day(kind, self._asker.today).isoformat())
        if not self._account_chosen:
            account = Account.OVERTIME if kind is RequestKind.OVERTIME else Account.OWED_LEAVE
            for pick in self.query("#account").results(Pick):
                pick.value = account

    def _offer(self, name: str, text: str) -> None:
        """Put it into a field that still holds what was put into it before."""
        if self.value(name) == self._suggested.get(name, ""):
            self._suggested[name] = text
            self.write(name, text)

    def _suggest(self) -> None:
        """Times that nobody typed follow kind and day."""
        day, now = self._day("day"), self._view.now if self._view is not None else None
        if day is None:
            return
        for name in ("to_day", "partner_day"):
            self._offer(name, day.isoformat())
        now_ms = round(now.timestamp() * 1000) if now is not None else None
        times = suggested(self._kind(), day, self._plans, now_ms)
        for name in _TIMES:
            self._offer(name, clock(times[name]) if name in times else "")
        if self._view is not None:
            self.show(self._view)

    def _day(self, name: str) -> date | None:
        return next((field.day for field in self.query(f"#{name}").results(DayField)), None)

    def _clock(self, name: str) -> int | None:
        return next((field.minutes for field in self.query(f"#{name}").results(ClockField)), None)


def _changed(event: Message) -> str:
    """The name of the field that changed."""
    if isinstance(event, Pick.Changed):
        return event.pick.id or ""
    return (event.input.id or "") if isinstance(event, Input.Changed) else ""


def _said_kind(words: Wording, kind: str) -> str:
    return words.text(f"request_kind.{kind}")


def _said_account(words: Wording, account: str) -> str:
    return shown(words.text(f"account.{account}"))
