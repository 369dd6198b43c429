"""Putting together the room of exams."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from agent_service.allowance import Allowance
from agent_service.connections import Connections
from agent_service.core import Core
from agent_service.documents.register import Issued
from agent_service.exams import store
from agent_service.exams.closing import Closing
from agent_service.exams.issue_handlers import IssueHandlers
from agent_service.exams.issuing import IssueRegister
from agent_service.exams.marking import MarkRegister
from agent_service.exams.marking_handlers import MarkingHandlers
from agent_service.exams.own import OwnExamsTeller
from agent_service.exams.papers import Papers
from agent_service.exams.result_handlers import ResultHandlers
from agent_service.exams.sitting import SittingRegister
from agent_service.exams.sitting_handlers import SittingHandlers
from agent_service.exams.statistics_handlers import StatisticsHandlers


class ExamRoom(NamedTuple):
    """What it consists of."""

    rooms: tuple[object, ...]
    """The handlers."""
    own: OwnExamsTeller
    is_issued: Issued
    beside: tuple[Callable[[], Awaitable[None]], ...]
    """What goes on beside the connections."""


def make_exams(
    core: Core, connections: Connections, allowance: Callable[[], Allowance]
) -> ExamRoom:
    """Each kind of question has an allowance of its own. Papers are remembered by thread: these
    are the writer's."""
    kept, writer, archive, now_ms = core.projections, core.writer, core.archive, core.clock.now_ms
    directory, papers = core.directory, Papers()
    issues = IssueRegister(core.appender, kept.exam_issues, kept.documents, papers)
    sittings = SittingRegister(core.appender, kept.exam_issues, kept.exam_sittings, papers)
    marks = MarkRegister(core.appender, sittings)
    own = OwnExamsTeller(
        core.exams, core.following, directory.find, connections.people, connections.push, now_ms
    )
    return ExamRoom(
        (
            IssueHandlers(issues, writer, archive, directory, allowance(), allowance(), now_ms),
            SittingHandlers(sittings, writer, allowance, now_ms),
            MarkingHandlers(marks, writer, archive, allowance(), allowance()),
            ResultHandlers(sittings, writer, archive, directory, allowance(), now_ms),
            StatisticsHandlers(core.months, allowance()),
        ),
        own,
        lambda connection, paper: store.is_issued(connection, paper, now_ms()),
        (own.run, Closing(sittings, core.following, writer, now_ms).run),
    )
