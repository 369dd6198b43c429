"""The words for what the seat tells: states, reasons, times and faults, in one language."""

from collections.abc import Mapping
from datetime import UTC, datetime

from agent_client.terminal.cells import shown
from agent_client.terminal.clock import zone_of
from protocol.facts.agent import Reason, State
from protocol.i18n import Catalogue
from protocol.wire.desk import ExchangeState, PhoneState, Status
from protocol.wire.errors import Refused
from protocol.wire.sync import Link

UNKNOWN_TIME = "--:--"
GONE = "asked_in_vain"
"""Stands for a refusal where no seat answered."""


class Wording:
    """What is said, in one language."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.language = catalogue.language
        self._catalogue = catalogue
        self._keys = catalogue.keys()

    def text(self, key: str, **params: object) -> str:
        """A text of the terminal: `terminal.<key>`."""
        return self._catalogue.text(f"terminal.{key}", **params)

    def error(self, code: str, params: Mapping[str, object] | None = None) -> str:
        """Why something was refused."""
        return shown(self._catalogue.error(code, params))

    def refusal(self, refusal: Refused) -> str:
        """Why something was refused; `GONE` says that the seat went away before it answered."""
        if refusal.code == GONE:
            return self.text(GONE)
        return self.error(refusal.code, refusal.params)

    def state(self, state: State) -> str:
        """A state's name."""
        return self._catalogue.text(f"state.{state}")

    def present(self, status: Status) -> str:
        """What somebody is doing: the state's name, and where three speak, that."""
        second = status.call.consultation if status.call is not None else None
        if status.state is State.CONSULT and second is not None and second.joined:
            return self.text("consultation.three")
        return self.state(status.state)

    def reason(self, reason: Reason) -> str:
        """A reason's name."""
        return self._catalogue.text(f"reason.{reason}")

    def next_state(self, code: str) -> str:
        """What `READY`, `LOGGED_OFF` or `NOT_READY:<reason>` means; another version's code as it
        is."""
        state, _, reason = code.partition(":")
        key = f"reason.{reason}" if reason else f"state.{state}"
        return self._catalogue.text(key) if key in self._keys else shown(code)

    def named(self, key: str, code: str) -> str:
        """The words of a code, `terminal.<key>`; a code of another version as it is."""
        return self.text(key) if f"terminal.{key}" in self._keys else shown(code)

    def term(self, key: str, code: str) -> str:
        """The field's word for a code, such as `activity.MEAL`; a code of another version as it
        is."""
        return self._catalogue.text(key) if key in self._keys else shown(code)

    def link(self, link: Link, fault: str | None) -> str:
        """Whether the service hears the seat, and if not, why."""
        if link is Link.ONLINE:
            return self.text("link.online")
        if fault is None:
            return self.text("link.connecting")
        return self._fault("link_fault", fault)

    def phone(self, status: Status) -> str:
        """What the phone can do, and if it can't, why."""
        if status.phone is PhoneState.REGISTERED and not status.microphone:
            return self.text("phone.no_microphone")
        if status.phone_fault is None or status.phone is PhoneState.REGISTERED:
            return self.text(f"phone.{status.phone.value}")
        return self._fault("phone_fault", status.phone_fault)

    def exchange(self, status: Status) -> str:
        """What the exchange was told, and what it said to that; empty where it was not told."""
        if status.exchange is ExchangeState.NOT_TOLD:
            return ""
        answer = status.exchange_status
        if status.exchange is ExchangeState.REFUSED and answer is not None:
            return self.text("exchange_refused_with", answer=answer)
        return self.text(f"exchange.{status.exchange}")

    def miss(self, cause: str) -> str:
        """Why a call was missed."""
        return self.named(f"miss.{cause}", cause)

    def ended(self, cause: str) -> str:
        """How a call ended; empty while it goes on."""
        return self.named(f"ended.{cause}", cause) if cause else ""

    def _fault(self, family: str, code: str) -> str:
        key = f"terminal.{family}.{code}"
        if key in self._keys:
            return self._catalogue.text(key)
        return self.text(f"{family}.unknown", code=shown(code))


def duration(seconds: int | None) -> str:
    """`4:05` or `1:02:03`; `--:--` where it is not known."""
    if seconds is None:
        return UNKNOWN_TIME
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}" if hour else f"{minute}:{second:02}"


def clock_time(instant: datetime | None, zone: str) -> str:
    """The time of day at the site; `--:--` where it is not known."""
    if instant is None:
        return UNKNOWN_TIME
    site = zone_of(zone)
    unknown = " UTC" if site is UTC else ""
    return f"{instant.astimezone(site):%H:%M:%S}{unknown}"
