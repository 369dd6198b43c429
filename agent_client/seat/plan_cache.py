"""What the service told this seat of its person's plan, kept on the disk: what the figures of the
day are computed with, also without the service."""

import logging

import msgspec

from agent_client.seat.place import SeatPlace, write_private
from protocol.facts.base import UNREADABLE
from protocol.wire.codec import MAX_FRAME_BYTES
from protocol.wire.handover import OwnNotices
from protocol.wire.roster import OwnPlan

_log = logging.getLogger(__name__)


class PlanCache:
    """The last `OwnPlan` and `OwnNotices`. A copy: the ledger has what it was made of."""

    def __init__(self, place: SeatPlace) -> None:
        self._file = place.plan
        self._agent = place.agent
        self.plan: OwnPlan | None = self._read()
        self.notices: OwnNotices | None = None
        """Of the present connection: what waits is asked anew at each sign-in."""
        self.fresh = False
        """Whether the plan was told since the person signed in."""

    def take(self, plan: OwnPlan) -> None:
        """The service told another one. Where the disk refuses it, it holds until the seat
        ends."""
        if plan.agent != self._agent:
            return
        self.plan, self.fresh = plan, True
        try:
            write_private(self._file, msgspec.json.encode(plan))
        except OSError as error:
            _log.error("the plan could not be kept: %s", error)

    def take_notices(self, notices: OwnNotices) -> None:
        """What waits for the person."""
        self.notices = notices

    def signed_off(self) -> None:
        """Whoever it was for has signed out. The plan stays: without the service the next sign-in
        needs it."""
        self.notices, self.fresh = None, False

    def _read(self) -> OwnPlan | None:
        try:
            if self._file.stat().st_size > MAX_FRAME_BYTES:
                raise msgspec.DecodeError("larger than anything the service tells")
            plan = msgspec.json.decode(self._file.read_bytes(), type=OwnPlan)
            return plan if plan.agent == self._agent else None
        except FileNotFoundError:
            return None
        except (OSError, *UNREADABLE) as error:
            _log.warning("the kept plan could not be read: %s", error)
            return None
