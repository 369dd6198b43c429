"""Faults of the organisation's: confirmed, by two where one is not enough, and withdrawn."""

import msgspec

from protocol.facts.base import Instant, Int64
from protocol.rules.exception_decisions import Standing
from protocol.wire.session import FromSeat, FromService


class IncidentRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """One as it stands."""

    incident: str
    start_ms: Instant
    end_ms: Instant
    team: str
    """Empty: the whole site."""
    actor: str
    """Who confirmed it first."""
    text: str
    confirmed_ms: Instant
    standing: Standing
    deciders: tuple[str, ...] = ()
    """Who has confirmed, rejected or withdrawn it, in order."""
    decided_ms: Instant | None = None
    """When it came to stand as it does."""
    decision: str = ""
    """What the last of them said."""
    undecidable: str = ""
    """In a list, while it is open, why whoever asked for it can't approve it: `not_permitted`, or
    `second_by_same`, who may still reject it."""


class ConfirmIncident(FromSeat, frozen=True):
    """Supervisors and above: a fault of the organisation's from `start_ms` to `end_ms`, of a team
    or (empty) the site, that is over, or as far as it has come. Time lost to it is excluded; a
    long or an old one needs a second person first. Refused with `not_permitted`, `unknown_team`,
    `bad_interval`, `incident_ahead`, `bad_text`, `month_locked`."""

    id: Int64
    key: str
    start_ms: Instant
    end_ms: Instant
    text: str
    team: str = ""


class DecideIncident(FromSeat, frozen=True):
    """Supervisors and above: confirm, or reject, what waits for a second person. Refused with
    `not_permitted`, `unknown_incident`, `already_decided`, `second_by_same`, `month_locked`."""

    id: Int64
    incident: str
    approved: bool
    text: str = ""


class WithdrawIncident(FromSeat, frozen=True):
    """Supervisors and above: it excludes nothing any more, and says why. Refused with
    `not_permitted`, `unknown_incident`, `already_decided`, `bad_text`, `month_locked`."""

    id: Int64
    incident: str
    text: str


class IncidentStands(FromService, frozen=True):
    """It is on the disk, and stands so."""

    re: Int64
    row: IncidentRow
