"""All projections of the ledger: the writer keeps them, and a command that appends keeps its
own."""

from typing import NamedTuple

from agent_service.accounts.projector import MembershipProjector, StaffProjector
from agent_service.calls.projector import CallProjector
from agent_service.orders.projector import OrderProjector
from agent_service.presence.projector import PresenceProjector


class Projections(NamedTuple):
    """One of each. Memberships are told before people, so that who joins the staff and a team at
    once is never seen without the team."""

    memberships: MembershipProjector
    staff: StaffProjector
    calls: CallProjector
    orders: OrderProjector
    presence: PresenceProjector
