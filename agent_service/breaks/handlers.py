"""What is asked about breaks: by agents for their own, by leads of their teams'."""

from collections.abc import Callable

from agent_service.allowance import Allowance
from agent_service.asking import asker
from agent_service.breaks.recording import BreakRecorder, new_place
from agent_service.breaks.turns import BreakTurns
from agent_service.dispatch import Standing, handles
from agent_service.session import Conversation
from agent_service.writer import Writer
from protocol.facts.breaks import BreakAsked
from protocol.rules.break_queue import BreakRule
from protocol.rules.permissions import LEADS, has_site, may_plan
from protocol.wire.breaks import (
    AskBreak,
    BreakPlace,
    BreakQueue,
    GetBreakQueue,
    LetGo,
    WithdrawBreak,
)
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Person, Role

_SHOWN = 64
_LONGEST_CALL = 256


class BreakHandlers:
    """The queue for breaks."""

    def __init__(
        self,
        turns: BreakTurns,
        recorder: BreakRecorder,
        writer: Writer,
        find: Callable[[str], Person | None],
        allowance: Allowance,
        now_ms: Callable[[], int],
    ) -> None:
        self._turns = turns
        self._recorder = recorder
        self._writer = writer
        self._find = find
        self._allowance = allowance
        self._now_ms = now_ms

    @handles(AskBreak, Standing.PERSON, (Role.AGENT,))
    async def ask(self, peer: Conversation, message: AskBreak) -> BreakPlace:
        """Where nobody is before the agent, the answer is the turn."""
        actor = asker(peer, self._allowance)
        rule = self._rule(actor.team)
        if message.reason not in rule.reasons:
            raise Refused(Code.NO_QUEUE)
        if len(message.after_call) > _LONGEST_CALL:
            raise Refused(Code.UNKNOWN_CALL)
        if not self._turns.is_there(actor.number):
            raise Refused(Code.AGENT_SIGNED_OUT, agent=actor.number)
        wanted = BreakAsked(
            new_place(), actor.number, actor.team, message.reason, message.after_call
        )
        await self._writer.run(lambda connection: self._recorder.ask(connection, wanted))
        await self._turns.decide()
        return BreakPlace(message.id, self._turns.own(actor.number))

    @handles(WithdrawBreak, Standing.PERSON, (Role.AGENT,))
    async def withdraw(self, peer: Conversation, message: WithdrawBreak) -> BreakPlace:
        """The agent's own place."""
        agent = asker(peer, self._allowance).number
        await self._writer.run(lambda connection: self._recorder.withdraw(connection, agent))
        await self._turns.decide()
        return BreakPlace(message.id, self._turns.own(agent))

    @handles(LetGo, Standing.PERSON, LEADS)
    async def let_go(self, peer: Conversation, message: LetGo) -> BreakQueue:
        """Whoever is led, whatever the cap and the service level are."""
        actor = asker(peer, self._allowance)
        subject = self._find(message.agent)
        if subject is None:
            raise Refused(Code.UNKNOWN_AGENT, agent=message.agent[:_SHOWN])
        if not may_plan(actor, subject):
            raise Refused(Code.NOT_PERMITTED)
        rule, agent = self._rule(subject.team), subject.number
        until_ms = self._now_ms() + rule.grant_s * 1000
        await self._writer.run(
            lambda connection: self._recorder.let_go(connection, agent, until_ms, actor.number)
        )
        await self._turns.decide()
        return self._turns.queue(message.id, subject.team, rule)

    @handles(GetBreakQueue, Standing.PERSON, LEADS)
    async def get(self, peer: Conversation, message: GetBreakQueue) -> BreakQueue:
        """A leader sees the own team's, who has the site any."""
        actor = asker(peer, self._allowance)
        team = message.team[:_SHOWN] or actor.team
        if team != actor.team and not has_site(actor):
            raise Refused(Code.NOT_PERMITTED)
        return self._turns.queue(message.id, team, self._rule(team))

    def _rule(self, team: str) -> BreakRule:
        rule = self._turns.rule_of(team)
        if rule is None:
            raise Refused(Code.NO_QUEUE)
        return rule
