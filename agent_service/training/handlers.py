"""What leads and trainers do with assignments: giving, redrawing, withdrawing, calling to them and
back."""

from collections.abc import Callable, Sequence

from agent_service.accounts.directory import Directory
from agent_service.allowance import Allowance
from agent_service.asking import asker
from agent_service.dispatch import Standing, handles
from agent_service.identity import check_key, name_of_act
from agent_service.orders.text import optional_text
from agent_service.session import Conversation
from agent_service.settings import Training
from agent_service.training.permits import chosen, permit
from agent_service.training.register import Outcome, Permit, TrainingRegister
from agent_service.training.studying import Studying
from agent_service.writer import Writer
from protocol.wire.documents import MAX_AT_ONCE
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Person
from protocol.wire.training import (
    Assign,
    Assigned,
    AssignmentsDone,
    PushTraining,
    RecallTraining,
    Redraw,
    WithdrawAssignments,
)


class TrainingHandlers:
    """Assignments of others."""

    def __init__(
        self,
        register: TrainingRegister,
        studying: Studying,
        settings: Training,
        writer: Writer,
        directory: Directory,
        allowance: Allowance,
        now_ms: Callable[[], int],
    ) -> None:
        self._register = register
        self._studying = studying
        self._settings = settings
        self._writer = writer
        self._directory = directory
        self._allowance = allowance
        self._now_ms = now_ms

    @handles(Assign, Standing.PERSON)
    async def assign(self, peer: Conversation, message: Assign) -> Assigned:
        """It is on the disk; whose it is are told."""
        actor = asker(peer, self._allowance)
        agents = chosen(actor, message.agents, message.teams, self._directory.people)
        act, task, due_ms = (
            name_of_act(actor.number, key=message.key),
            message.task,
            message.due_ms,
        )
        given = await self._writer.run(
            lambda connection: self._register.assign(
                connection, act, task, agents, actor.number, due_ms
            )
        )
        return Assigned(message.id, given.assigned, given.passed_over)

    @handles(Redraw, Standing.PERSON)
    async def redraw(self, peer: Conversation, message: Redraw) -> AssignmentsDone:
        """For those who have not begun. The same again comes to the same."""
        actor, names = asker(peer, self._allowance), _bounded(message.assignments)
        check_key(message.key)
        if not names and not message.task:
            raise Refused(Code.NOBODY_CHOSEN)
        done = await self._writer.run(
            lambda connection: self._register.redraw(
                connection, message.task, names, actor.number, self._permit(actor)
            )
        )
        return _done(message.id, done)

    @handles(WithdrawAssignments, Standing.PERSON)
    async def withdraw(self, peer: Conversation, message: WithdrawAssignments) -> AssignmentsDone:
        """Nobody has to do them any more."""
        actor, names = asker(peer, self._allowance), _some(message.assignments)
        text = optional_text(message.text)
        done = await self._writer.run(
            lambda connection: self._register.withdraw(
                connection, names, actor.number, text, self._permit(actor)
            )
        )
        return _done(message.id, done)

    @handles(PushTraining, Standing.PERSON)
    async def push(self, peer: Conversation, message: PushTraining) -> AssignmentsDone:
        """They offer themselves, as soon as callers can spare the agents."""
        actor, names = asker(peer, self._allowance), _some(message.assignments)
        until_ms = self._now_ms() + self._settings.offer_s * 1000
        done = await self._writer.run(
            lambda connection: self._register.push(
                connection,
                names,
                actor.number,
                until_ms,
                self._permit(actor),
                self._studying.is_there,
            )
        )
        return _done(message.id, done)

    @handles(RecallTraining, Standing.PERSON)
    async def recall(self, peer: Conversation, message: RecallTraining) -> AssignmentsDone:
        """Those who are in training are asked back; READY stays their own act."""
        actor, named = asker(peer, self._allowance), _bounded(message.agents)
        if actor.number in named:
            raise Refused(Code.OWN_ORDER)
        teams = (message.team,) if message.team else ()
        agents = chosen(actor, named, teams, self._directory.people)
        others = [agent for agent in agents if agent != actor.number]
        studying = [agent for agent in others if self._studying.is_studying(agent)]
        until_ms = self._now_ms() + self._settings.recall_s * 1000
        await self._writer.run(
            lambda connection: self._register.recall(connection, studying, actor.number, until_ms)
        )
        return AssignmentsDone(message.id, tuple(studying), len(others) - len(studying))

    def _permit(self, actor: Person) -> Permit:
        return lambda agent: permit(actor, agent, self._directory.find)


def _bounded(names: Sequence[str]) -> Sequence[str]:
    if len(names) > MAX_AT_ONCE:
        raise Refused(Code.MALFORMED_MESSAGE, detail="assignments")
    return names


def _some(names: Sequence[str]) -> Sequence[str]:
    """Raises `Refused` with `nobody_chosen`."""
    if not names:
        raise Refused(Code.NOBODY_CHOSEN)
    return _bounded(names)


def _done(re: int, outcome: Outcome) -> AssignmentsDone:
    return AssignmentsDone(re, outcome.done, outcome.kept)
