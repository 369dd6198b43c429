"""What leads ask about plans that were not as agreed."""

from collections.abc import Callable, Mapping

from agent_service.allowance import Allowance
from agent_service.asking import asker
from agent_service.dispatch import Standing, handles
from agent_service.exceptions.proposal import check_evidence
from agent_service.exceptions.waiting import subject_of
from agent_service.identity import name_of_act
from agent_service.orders.text import check_text, optional_text
from agent_service.plan_corrections import store
from agent_service.plan_corrections.register import CorrectionRegister, Said, Verdict
from agent_service.reader import Reader
from agent_service.rosters import whose
from agent_service.rosters.asked_changes import asked_changes
from agent_service.rosters.book import RosterBook
from agent_service.rosters.checking import Change
from agent_service.session import Conversation
from agent_service.writer import Writer
from protocol.rules.local_day import local_date
from protocol.rules.permissions import LEADS, may_decide
from protocol.wire.errors import Code, Refused
from protocol.wire.plan_corrections import DecidePlanCorrection, PlanCorrectionStands
from protocol.wire.roster import MAX_CORRECTED, DraftRoster, ProposePlanCorrection
from protocol.wire.session import Person

_SHOWN = 64


class PlanCorrectionHandlers:
    """One lead proposes, another decides."""

    def __init__(
        self,
        register: CorrectionRegister,
        book: RosterBook,
        writer: Writer,
        archive: Reader,
        people: Mapping[str, Person],
        allowance: Allowance,
        now_ms: Callable[[], int],
    ) -> None:
        """`people` are those who work here today, by staff number, and follow the commits."""
        self._register = register
        self._book = book
        self._writer = writer
        self._archive = archive
        self._people = people
        self._allowance = allowance
        self._now_ms = now_ms

    @handles(ProposePlanCorrection, Standing.PERSON, LEADS)
    async def propose(
        self, peer: Conversation, message: ProposePlanCorrection
    ) -> PlanCorrectionStands:
        """It is on the disk, and waits for another lead."""
        actor, text = asker(peer, self._allowance), check_text(message.text)
        check_evidence(message.evidence)
        name = name_of_act("plan_correction", actor.number, key=message.key)
        agents = {each.agent for each in message.days}
        if actor.number in agents:
            raise Refused(Code.OWN_CASE)
        whose.check_planned(self._people, actor, agents)
        changes, acting = self._changes(message), whose.acting(actor, self._people.get)
        said = Said(text, message.evidence)
        row = await self._writer.run(
            lambda connection: self._register.propose(connection, name, changes, acting, said)
        )
        return PlanCorrectionStands(message.id, row.row())

    @handles(DecidePlanCorrection, Standing.PERSON, LEADS)
    async def decide(
        self, peer: Conversation, message: DecidePlanCorrection
    ) -> PlanCorrectionStands:
        """With the plan that comes of it in the same commit. Whose plans they are never changes,
        so that it is read beforehand; nobody decides what can't be read yet."""
        actor, name = asker(peer, self._allowance), message.correction[:_SHOWN]
        text = optional_text(message.text)
        known = await self._archive.run(lambda connection: store.find(connection, name))
        people = known.people() if known is not None else ()
        leads = bool(people) and all(
            may_decide(actor, subject_of(each, self._people.get)) for each in people
        )
        verdict = Verdict(whose.acting(actor, self._people.get), message.approved, text)
        row = await self._writer.run(
            lambda connection: self._register.decide(connection, name, leads, verdict)
        )
        return PlanCorrectionStands(message.id, row.row())

    def _changes(self, message: ProposePlanCorrection) -> tuple[Change, ...]:
        """Raises `Refused`."""
        if not message.days:
            raise Refused(Code.MALFORMED_MESSAGE, detail="days")
        if len(message.days) > MAX_CORRECTED:
            raise Refused(Code.TOO_MANY_DAYS, days=len(message.days), limit=MAX_CORRECTED)
        today = local_date(self._now_ms(), self._book.zone)
        asked = asked_changes(self._book, DraftRoster(message.id, message.days), today)
        if asked.dropped:
            raise Refused(Code.MALFORMED_MESSAGE, detail="days")
        return asked.changes
