"""Who may read which documents: pure."""

from protocol.facts.document import DocumentKind
from protocol.facts.staff import Role
from protocol.rules.permissions import teaches
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Person

_TRAINING = (
    DocumentKind.TRAINING_TYPE,
    DocumentKind.TRAINING_CONTENT,
    DocumentKind.TRAINING_TASK,
)


def permit_writing(actor: Person) -> None:
    """Whoever teaches. Raises `Refused` with `not_permitted`."""
    if not teaches(actor):
        raise Refused(Code.NOT_PERMITTED)


def permit_reading(actor: Person, what: DocumentKind) -> None:
    """Whoever teaches, and leaders what is studied: questions and papers have keys. Raises
    `Refused` with `not_permitted`."""
    if Role.LEADER in actor.roles and what in _TRAINING:
        return
    permit_writing(actor)
