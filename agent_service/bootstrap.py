"""Putting the service together, starting it and ending it in good order."""

import asyncio
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from agent_service import database
from agent_service.accounts.attempts import Attempts
from agent_service.accounts.authentication import Authenticator
from agent_service.accounts.directory import Directory
from agent_service.accounts.handlers import AccountHandlers
from agent_service.accounts.membership_decisions import MembershipDecisions
from agent_service.accounts.password_handlers import PasswordHandlers
from agent_service.accounts.passwords import Passwords
from agent_service.accounts.projector import MembershipProjector, StaffProjector
from agent_service.accounts.register import Register
from agent_service.accounts.sign_in import SessionRegistry
from agent_service.adherence.making import Figures, make_figures
from agent_service.adherence.news import DayNews
from agent_service.allowance import Allowance
from agent_service.attendance.named import NamedSubstitutes
from agent_service.attendance.projector import (
    EvidenceProjector,
    SignatureProjector,
    SubstituteProjector,
)
from agent_service.breaks.making import make_breaks
from agent_service.breaks.places import BreakPlaces
from agent_service.breaks.projector import BreakProjector
from agent_service.calls.day_counts import DayCounts
from agent_service.calls.handlers import CallHandlers
from agent_service.calls.projector import CallProjector
from agent_service.checkpoint import Checkpointer
from agent_service.connections import Connections
from agent_service.core import Core, Followers
from agent_service.day_rules.adopting import RulesAdopter
from agent_service.day_rules.projector import RulesProjector
from agent_service.dispatch import Dispatch
from agent_service.documents.making import make_documents
from agent_service.documents.projector import DocumentProjector, VersionProjector
from agent_service.exams.making import make_exams
from agent_service.exams.news import ExamNews
from agent_service.exams.projector import IssueProjector, SittingProjector
from agent_service.exceptions.deciding import ExceptionDecider
from agent_service.exceptions.handlers import ExceptionHandlers
from agent_service.exceptions.incident_handlers import IncidentHandlers
from agent_service.exceptions.incident_recorder import IncidentRecorder
from agent_service.exceptions.incidents import IncidentProjector
from agent_service.exceptions.projector import ExceptionProjector
from agent_service.exceptions.waiting import PendingExceptions
from agent_service.greeting import GreetingHandlers
from agent_service.handover.making import make_asking
from agent_service.handover.projector import HandoverProjector
from agent_service.handover.waiting import WaitingHandovers
from agent_service.health import Health
from agent_service.ledger.append import Appender, Clock
from agent_service.ledger.handlers import LedgerHandlers
from agent_service.ledger.neighbours import Neighbours
from agent_service.lock import Lock
from agent_service.locking.adjusting import Adjusting
from agent_service.locking.projector import LockProjector
from agent_service.metrics import FloorMetrics, LedgerMetrics, Metrics
from agent_service.opening import Opened, open_database
from agent_service.orders.handlers import OrderHandlers
from agent_service.orders.placing import OrderPlacer
from agent_service.orders.projector import OrderProjector
from agent_service.orders.waiting import Waiting
from agent_service.persons.handlers import PersonHandlers
from agent_service.plan_corrections.handlers import PlanCorrectionHandlers
from agent_service.plan_corrections.projector import CorrectionProjector
from agent_service.plan_corrections.register import CorrectionRegister
from agent_service.presence.feed import Feed
from agent_service.presence.floor import Floor
from agent_service.presence.handlers import PresenceHandlers
from agent_service.presence.link_recorder import LinkRecorder
from agent_service.presence.projector import PresenceProjector
from agent_service.presence.watch import Watch
from agent_service.projections import Projections
from agent_service.reader import Reader
from agent_service.requests.projector import BookingProjector, RequestProjector
from agent_service.requests.waiting import WaitingRequests
from agent_service.rosters.book import make_book
from agent_service.rosters.handlers import RosterHandlers
from agent_service.rosters.planning import Planner
from agent_service.rosters.projector import PlanProjector, RevisionProjector
from agent_service.rounds import Rounds
from agent_service.server import Server
from agent_service.server_clock import ServerClock
from agent_service.service import Service
from agent_service.settings import Settings, day_rules
from agent_service.tally import Unread
from agent_service.training.making import make_training
from agent_service.training.news import TrainingNews
from agent_service.training.projector import training_projections
from agent_service.writer import Writer

_AT_ONCE, _PER_S = 30, 1.0
"""What one person, or desk, may ask of each kind."""
R = TypeVar("R")


def now_ms() -> int:
    """The server's clock."""
    return time.time_ns() // 1_000_000


def mono_ms() -> int:
    """The server's monotonic clock."""
    return time.monotonic_ns() // 1_000_000


def make_service(settings: Settings, folder: Path) -> Service:
    """The service, ready to start in the running event loop. Raises `Refused` when the folder
    holds no database, a newer one, or one that is in use."""
    database.find(folder)
    lock = Lock(folder)
    try:
        opened = open_database(folder, now_ms())
        return _make_service(settings, lock, opened, _make_core(settings, opened))
    except BaseException:
        lock.release()
        raise


def _make_core(settings: Settings, opened: Opened) -> Core:
    clock = Clock(ServerClock(now_ms, mono_ms).now_ms, mono_ms)
    loop, zone = asyncio.get_running_loop(), ZoneInfo(settings.site.zone)
    counts = DayCounts(zone, clock.now_ms)
    floor = Floor(settings.state, settings.lines, counts)
    counts.take(opened.calls)
    floor.update(opened.rows)
    directory = Directory(counts.today)
    waiting = Waiting(opened.orders, directory.find, clock.now_ms)
    substitutes = NamedSubstitutes()
    exceptions = PendingExceptions(opened.exceptions, directory.find, substitutes.in_force)
    requests, handovers = (
        WaitingRequests(directory.find, clock.now_ms, substitutes.in_force),
        WaitingHandovers(),
    )
    breaks, day_news = BreakPlaces(opened.calls), DayNews()
    followers = Followers(
        floor,
        counts,
        waiting,
        directory,
        exceptions,
        requests,
        handovers,
        breaks,
        day_news,
        substitutes,
        TrainingNews(),
        ExamNews(),
    )
    projections = _make_projections(loop, followers)
    appender = Appender(opened.ledger, str(uuid.uuid4()), clock, projections)
    writer = Writer(opened.path, appender, loop)
    return Core(
        clock,
        loop,
        floor,
        counts,
        waiting,
        directory,
        exceptions,
        requests,
        handovers,
        breaks,
        projections,
        appender,
        writer,
        Reader(opened.path),
        Reader(opened.path),
        Reader(opened.path),
        Reader(opened.path),
        Reader(opened.path),
        Unread(),
        day_news,
        followers.training,
        followers.exams,
    )


def _make_projections(loop: asyncio.AbstractEventLoop, followers: Followers) -> Projections:
    """The writer's own, which tell the event loop of what changed."""

    def tell(*takes: Callable[[R], None]) -> Callable[[R], None]:
        def publish(rows: R) -> None:
            for take in takes:
                loop.call_soon_threadsafe(take, rows)

        return publish

    breaks, news, pending = followers.breaks, followers.day_news, followers.exceptions
    training = followers.training
    return Projections(
        MembershipProjector(tell(followers.directory.take_memberships)),
        MembershipDecisions(),
        StaffProjector(tell(followers.directory.take_staff)),
        CallProjector(tell(followers.counts.take, breaks.levels.take)),
        OrderProjector(tell(followers.waiting.take)),
        PlanProjector(tell(news.take_plans)),
        RevisionProjector(),
        ExceptionProjector(tell(pending.take, news.take_exceptions)),
        IncidentProjector(tell(pending.take_incidents, news.take_incidents)),
        CorrectionProjector(tell(pending.take_corrections)),
        LockProjector(tell(news.take_locks)),
        RulesProjector(),
        EvidenceProjector(),
        SubstituteProjector(tell(followers.substitutes.take, news.take_substitutes)),
        SignatureProjector(),
        RequestProjector(tell(followers.requests.take)),
        BookingProjector(),
        HandoverProjector(tell(followers.handovers.take)),
        BreakProjector(tell(breaks.take)),
        DocumentProjector(tell(training.take_documents)),
        VersionProjector(),
        *training_projections(tell(training.take_trainees), tell(training.take_assignments)),
        IssueProjector(tell(followers.exams.take_issues)),
        SittingProjector(tell(followers.exams.take_sittings)),
        PresenceProjector(tell(followers.floor.update, lambda rows: breaks.presence_changed())),
    )


def _make_service(settings: Settings, lock: Lock, opened: Opened, core: Core) -> Service:
    silence_s = settings.site.offline_after_s
    feed = Feed(core.floor, opened.ledger, core.clock.now_ms, settings.feed.interval_ms / 1000)
    recorder = LinkRecorder(core.writer, core.appender, core.projections.presence)
    signout_s = settings.site.offline_signout_s
    watch = Watch(core.floor, recorder, silence_s, signout_s, core.clock, core.loop.time)
    connections = Connections(core.floor, feed, watch, silence_s, core.loop.time)
    core.directory.changed = connections.hear_news
    core.waiting.push = connections.push
    planner = _make_planner(settings, core)
    asking = make_asking(
        core,
        planner,
        settings.adherence.work_reasons,
        connections,
        lambda: _make_allowance(core),
    )
    zone = ZoneInfo(settings.site.zone)
    figures = make_figures(
        core, planner, settings.site.zone, connections, lambda: _make_allowance(core)
    )
    turns, breaks = make_breaks(
        core, settings.breaks, zone, connections, _make_allowance(core), figures.live.is_rest_due
    )
    training = make_training(core, settings, connections, lambda: _make_allowance(core))
    exams = make_exams(core, connections, lambda: _make_allowance(core))
    connections.welcomed = _each(
        core.waiting.greet,
        asking.notices.greet,
        turns.greet,
        figures.own_plans.greet,
        training.own.greet,
        exams.own.greet,
    )
    documents = make_documents(core, lambda: _make_allowance(core), exams.is_issued)
    passwords = Passwords()
    rooms = (
        GreetingHandlers(opened.ledger),
        *_make_accounts(settings, core, passwords, connections),
        PresenceHandlers(feed, core.clock.now_ms),
        *_make_asked(settings, core),
        *_make_rosters(planner, core),
        *asking.rooms,
        *_make_exceptions(settings, core, figures),
        *figures.rooms,
        breaks,
        documents.handlers,
        *training.rooms,
        *exams.rooms,
    )
    metrics = Metrics(
        (
            FloorMetrics(connections, core.floor, feed, core.loop.time),
            LedgerMetrics(core.writer, core.unread, opened.path),
        )
    )
    health = Health(opened.ledger, core.writer, connections)
    pages = {"/healthz": health.answer, "/metrics": metrics.answer}
    neighbours = Neighbours(core.reader, core.writer)
    return Service(
        lock=lock,
        writer=core.writer,
        readers=(core.reader, core.archive, core.months, core.proposing, core.following),
        checkpointer=Checkpointer(opened.path),
        passwords=passwords,
        connections=connections,
        server=Server(settings, Dispatch(rooms), connections, pages),
        at_start=_make_adopter(settings, core).adopt,
        beside=(
            feed.run,
            neighbours.run,
            core.directory.run,
            asking.notices.run,
            turns.run,
            figures.own_plans.run,
            figures.live.run,
            figures.late.run,
            asking.stays.run,
            training.own.run,
            training.recalls.run,
            training.rules.run,
            *exams.beside,
            Rounds(watch, connections, core.counts, silence_s).run,
        ),
    )


def _make_asked(settings: Settings, core: Core) -> tuple[object, ...]:
    """The rooms that answer what people and seats ask again and again."""
    people = core.projections
    placer = OrderPlacer(core.appender, people.orders, people.presence)
    find, archive, now_ms = core.directory.find, core.archive, core.clock.now_ms
    return (
        LedgerHandlers(
            core.appender, core.writer, core.reader, _make_allowance(core), core.unread, now_ms
        ),
        CallHandlers(archive, _make_allowance(core), find),
        OrderHandlers(
            settings.orders, placer, core.writer, core.directory, _make_allowance(core), now_ms
        ),
        PersonHandlers(
            core.floor,
            find,
            archive,
            _make_allowance(core),
            ZoneInfo(settings.site.zone),
            now_ms,
        ),
    )


def _make_exceptions(
    settings: Settings, core: Core, figures: Figures
) -> tuple[ExceptionHandlers, IncidentHandlers]:
    people, writer, directory = core.projections, core.writer, core.directory
    zone, now_ms = ZoneInfo(settings.site.zone), core.clock.now_ms
    adjusting = Adjusting(people.locks, zone, now_ms)
    decider = ExceptionDecider(core.appender, people.exceptions, people.incidents, adjusting)
    recorder = IncidentRecorder(core.appender, people.incidents, people.exceptions, adjusting, zone)
    allowance = _make_allowance(core)
    return (
        ExceptionHandlers(
            decider,
            writer,
            core.archive,
            directory,
            figures.propose,
            core.exceptions,
            allowance,
            zone,
            now_ms,
        ),
        IncidentHandlers(recorder, writer, directory, _make_allowance(core), zone, now_ms),
    )


def _make_adopter(settings: Settings, core: Core) -> RulesAdopter:
    return RulesAdopter(core.appender, day_rules(settings), core.counts.today)


def _make_planner(settings: Settings, core: Core) -> Planner:
    kept, book = core.projections, make_book(settings)
    book.calendar.load(core.counts.today().year)
    return Planner(
        book, core.appender, kept.plans, kept.revisions, kept.substitutes, core.clock.now_ms
    )


def _make_rosters(planner: Planner, core: Core) -> tuple[RosterHandlers, PlanCorrectionHandlers]:
    people, now_ms, book = core.directory.people, core.clock.now_ms, planner.book
    adjusting = Adjusting(core.projections.locks, book.zone, now_ms)
    corrections = core.projections.plan_corrections
    register = CorrectionRegister(core.appender, corrections, planner, adjusting, now_ms)
    writer, archive, allowance = core.writer, core.archive, _make_allowance(core)
    return (
        RosterHandlers(planner, writer, archive, people, allowance, now_ms),
        PlanCorrectionHandlers(
            register, book, writer, archive, people, _make_allowance(core), now_ms
        ),
    )


def _each(*calls: Callable[[str], None]) -> Callable[[str], None]:
    def call(agent: str) -> None:
        for each in calls:
            each(agent)

    return call


def _make_allowance(core: Core) -> Allowance:
    return Allowance(_AT_ONCE, _PER_S, core.loop.time)


def _make_accounts(
    settings: Settings, core: Core, passwords: Passwords, connections: Connections
) -> tuple[AccountHandlers, PasswordHandlers]:
    sign_in, people, now_ms = settings.sign_in, core.projections, core.clock.now_ms
    attempts = Attempts(sign_in.attempts, sign_in.wait_s, core.loop.time)
    authenticator = Authenticator(core.reader, passwords, attempts, now_ms)
    register = Register(core.appender, people.staff, people.memberships)
    registry = SessionRegistry(core.appender, people.presence)
    return (
        AccountHandlers(
            settings,
            core.writer,
            core.reader,
            authenticator,
            registry,
            register,
            core.directory,
            connections,
            now_ms,
        ),
        PasswordHandlers(
            core.writer,
            authenticator,
            register,
            core.directory,
            _make_allowance(core),
            sign_in.reset_minutes,
            now_ms,
        ),
    )
