"""Who may do what with exams: pure."""

from agent_service.exams.row import StoredIssue, StoredSitting
from protocol.rules.permissions import may_mark, teaches
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Person


def permit_teaching(actor: Person) -> None:
    """Who teaches sees questions and keys. Raises `Refused` with `not_permitted`."""
    if not teaches(actor):
        raise Refused(Code.NOT_PERMITTED)


def may_follow(actor: Person, issue: StoredIssue) -> bool:
    """Whether the actor may see what becomes of an issue, and end it: who gave it, and whoever
    teaches."""
    return actor.number == issue.actor or teaches(actor)


def permit_following(actor: Person, issue: StoredIssue) -> None:
    """Raises `Refused` with `not_permitted`."""
    if not may_follow(actor, issue):
        raise Refused(Code.NOT_PERMITTED)


def permit_judging(actor: Person, issue: StoredIssue) -> None:
    """What changes the results of an exam is for nobody who sat it. Raises `Refused` with
    `own_case`."""
    if issue.begun and actor.number in issue.candidates():
        raise Refused(Code.OWN_CASE)


def permit_marking(actor: Person, sitting: StoredSitting) -> None:
    """Points and time are given by who teaches, and never to oneself. Raises `Refused` with
    `own_case` or `not_permitted`."""
    if actor.number == sitting.agent:
        raise Refused(Code.OWN_CASE)
    if not may_mark(actor, Person(sitting.agent, "", (), "")):
        raise Refused(Code.NOT_PERMITTED)
