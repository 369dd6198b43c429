"""What all features of the service stand on, and what follows the commits."""

import asyncio
from typing import NamedTuple

from agent_service.accounts.directory import Directory
from agent_service.adherence.news import DayNews
from agent_service.attendance.named import NamedSubstitutes
from agent_service.breaks.places import BreakPlaces
from agent_service.calls.day_counts import DayCounts
from agent_service.exams.news import ExamNews
from agent_service.exceptions.waiting import PendingExceptions
from agent_service.handover.waiting import WaitingHandovers
from agent_service.ledger.append import Appender, Clock
from agent_service.orders.waiting import Waiting
from agent_service.presence.floor import Floor
from agent_service.projections import Projections
from agent_service.reader import Reader
from agent_service.requests.waiting import WaitingRequests
from agent_service.tally import Unread
from agent_service.training.news import TrainingNews
from agent_service.writer import Writer


class Core(NamedTuple):
    """The clock, the ledger, its projections and who may touch the disk."""

    clock: Clock
    loop: asyncio.AbstractEventLoop
    floor: Floor
    counts: DayCounts
    waiting: Waiting
    directory: Directory
    exceptions: PendingExceptions
    requests: WaitingRequests
    handovers: WaitingHandovers
    breaks: BreakPlaces
    projections: Projections
    appender: Appender
    writer: Writer
    reader: Reader
    archive: Reader
    """For what takes longer than anybody who signs in should wait."""
    months: Reader
    """For what reads a month of the ledger, which takes longer still."""
    proposing: Reader
    """For what looks through past days by itself, and for whoever waits for that."""
    following: Reader
    """For what is told to seats and to the floor as it changes."""
    unread: Unread
    day_news: DayNews
    training: TrainingNews
    exams: ExamNews


class Followers(NamedTuple):
    """In the event loop, told by the projections."""

    floor: Floor
    counts: DayCounts
    waiting: Waiting
    directory: Directory
    exceptions: PendingExceptions
    requests: WaitingRequests
    handovers: WaitingHandovers
    breaks: BreakPlaces
    day_news: DayNews
    substitutes: NamedSubstitutes
    training: TrainingNews
    exams: ExamNews
