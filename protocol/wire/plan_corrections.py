"""Plans corrected after a shift has begun: how they stand, and deciding them."""

import msgspec

from protocol.facts.base import Instant, Int64
from protocol.facts.correction import PlanInstead
from protocol.rules.exception_decisions import Standing
from protocol.wire.session import FromSeat, FromService


class PlanCorrectionRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """One as it stands: what its proposer approved by proposing it waits for a second person."""

    correction: str
    days: tuple[PlanInstead, ...]
    text: str
    """Why."""
    actor: str
    """Who proposed it."""
    proposed_ms: Instant
    standing: Standing
    decided_by: str = ""
    decided_ms: Instant | None = None
    decision: str = ""
    """What whoever decided it said."""
    revision: Int64 = 0
    """Of the roster, that it became."""
    adjusts: str = ""
    """Approved after a month of its days was locked: the month in which it counts instead."""
    evidence: tuple[str, ...] = ()
    undecidable: str = ""
    """In a list, while it is open, why whoever asked for it can't approve it: `own_case` (also of a
    shift that they stand in for), `not_permitted`, or `second_by_same`, who may still reject it."""


class DecidePlanCorrection(FromSeat, frozen=True):
    """Approve or reject one. Refused with `unknown_correction`, `own_case`, `not_permitted`,
    `already_decided`, `second_by_same`, `plan_changed` (a plan is another than when it was
    proposed), `roster_refused`."""

    id: Int64
    correction: str
    approved: bool
    text: str = ""


class PlanCorrectionStands(FromService, frozen=True):
    """It is on the disk, and stands so."""

    re: Int64
    row: PlanCorrectionRow
