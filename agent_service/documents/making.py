"""Putting together the room of documents."""

from collections.abc import Callable
from typing import NamedTuple

from agent_service.allowance import Allowance
from agent_service.core import Core
from agent_service.documents.handlers import DocumentHandlers
from agent_service.documents.register import DocumentRegister, Issued, never_issued


class DocumentRoom(NamedTuple):
    """What it consists of."""

    handlers: DocumentHandlers
    register: DocumentRegister


def make_documents(
    core: Core, allowance: Callable[[], Allowance], issued: Issued = never_issued
) -> DocumentRoom:
    """`issued`: whether a paper may not be removed yet."""
    register = DocumentRegister(core.appender, core.projections.documents, issued)
    return DocumentRoom(
        DocumentHandlers(
            register, core.writer, core.archive, core.directory, allowance(), allowance()
        ),
        register,
    )
