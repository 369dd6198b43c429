"""All projections of the ledger: the writer keeps them, and a command that appends keeps its
own."""

from typing import NamedTuple

from agent_service.accounts.membership_decisions import MembershipDecisions
from agent_service.accounts.projector import MembershipProjector, StaffProjector
from agent_service.attendance.projector import (
    EvidenceProjector,
    SignatureProjector,
    SubstituteProjector,
)
from agent_service.breaks.projector import BreakProjector
from agent_service.calls.projector import CallProjector
from agent_service.day_rules.projector import RulesProjector
from agent_service.documents.projector import DocumentProjector, VersionProjector
from agent_service.exams.projector import IssueProjector, SittingProjector
from agent_service.exceptions.incidents import IncidentProjector
from agent_service.exceptions.projector import ExceptionProjector
from agent_service.handover.projector import HandoverProjector
from agent_service.locking.projector import LockProjector
from agent_service.orders.projector import OrderProjector
from agent_service.plan_corrections.projector import CorrectionProjector
from agent_service.presence.projector import PresenceProjector
from agent_service.requests.projector import BookingProjector, RequestProjector
from agent_service.rosters.projector import PlanProjector, RevisionProjector
from agent_service.training.projector import AssignmentProjector, TraineeProjector


class Projections(NamedTuple):
    """One of each. Memberships are told before people, so that who joins the staff and a team at
    once is never seen without the team."""

    memberships: MembershipProjector
    membership_decisions: MembershipDecisions
    staff: StaffProjector
    calls: CallProjector
    orders: OrderProjector
    plans: PlanProjector
    revisions: RevisionProjector
    exceptions: ExceptionProjector
    incidents: IncidentProjector
    plan_corrections: CorrectionProjector
    locks: LockProjector
    rules: RulesProjector
    evidence: EvidenceProjector
    substitutes: SubstituteProjector
    signatures: SignatureProjector
    requests: RequestProjector
    bookings: BookingProjector
    handovers: HandoverProjector
    breaks: BreakProjector
    documents: DocumentProjector
    document_versions: VersionProjector
    trainees: TraineeProjector
    assignments: AssignmentProjector
    exam_issues: IssueProjector
    exam_sittings: SittingProjector
    presence: PresenceProjector
