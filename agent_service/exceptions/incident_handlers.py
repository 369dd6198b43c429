"""What is asked about faults of the organisation's, by who has the site."""

from collections.abc import Callable
from datetime import tzinfo

from agent_service.allowance import Allowance
from agent_service.asking import asker
from agent_service.dispatch import Standing, handles
from agent_service.exceptions.deciding import Judgement
from agent_service.exceptions.handlers import Staff
from agent_service.exceptions.incident_recorder import IncidentRecorder
from agent_service.exceptions.proposal import incident
from agent_service.orders.text import check_text, optional_text
from agent_service.session import Conversation
from agent_service.writer import Writer
from protocol.rules.permissions import LEADS, has_site
from protocol.wire.errors import Code, Refused
from protocol.wire.incidents import (
    ConfirmIncident,
    DecideIncident,
    IncidentStands,
    WithdrawIncident,
)

_SHOWN = 64


class IncidentHandlers:
    """Confirmed by one, or by two; withdrawn by anybody who might confirm it."""

    def __init__(
        self,
        recorder: IncidentRecorder,
        writer: Writer,
        staff: Staff,
        allowance: Allowance,
        where: tzinfo,
        now_ms: Callable[[], int],
    ) -> None:
        self._recorder = recorder
        self._writer = writer
        self._staff = staff
        self._allowance = allowance
        self._where = where
        self._now_ms = now_ms

    @handles(ConfirmIncident, Standing.PERSON, LEADS)
    async def confirm(self, peer: Conversation, message: ConfirmIncident) -> IncidentStands:
        """The first word, which may be enough."""
        actor = self._asking(peer)
        if message.team and not self._staff.members(message.team):
            raise Refused(Code.UNKNOWN_TEAM, team=message.team[:_SHOWN])
        fact = incident(message, actor, self._where, self._now_ms())
        row = await self._writer.run(lambda connection: self._recorder.confirm(connection, fact))
        return IncidentStands(message.id, row.row())

    @handles(DecideIncident, Standing.PERSON, LEADS)
    async def decide(self, peer: Conversation, message: DecideIncident) -> IncidentStands:
        """The second person's."""
        actor, name = self._asking(peer), message.incident[:_SHOWN]
        text = optional_text(message.text)
        judgement = Judgement(actor, message.approved, text)
        row = await self._writer.run(
            lambda connection: self._recorder.decide(connection, name, judgement)
        )
        return IncidentStands(message.id, row.row())

    @handles(WithdrawIncident, Standing.PERSON, LEADS)
    async def withdraw(self, peer: Conversation, message: WithdrawIncident) -> IncidentStands:
        """With the reason."""
        actor, name = self._asking(peer), message.incident[:_SHOWN]
        text = check_text(message.text)
        row = await self._writer.run(
            lambda connection: self._recorder.withdraw(connection, name, actor, text)
        )
        return IncidentStands(message.id, row.row())

    def _asking(self, peer: Conversation) -> str:
        """The staff number. Raises `Refused`."""
        actor = asker(peer, self._allowance)
        if not has_site(actor):
            raise Refused(Code.NOT_PERMITTED)
        return actor.number
