"""All tables of the service: bringing them up to this version, and opening them only if they are
of it."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import sqlite_utils

from agent_service import database
from agent_service.accounts import schema as accounts_schema
from agent_service.accounts.carrying import carry_over
from agent_service.accounts.membership_decisions import MembershipDecisions
from agent_service.accounts.projector import MembershipProjector, StaffProjector
from agent_service.adherence import schema as adherence_schema
from agent_service.attendance import schema as attendance_schema
from agent_service.attendance.projector import (
    EvidenceProjector,
    SignatureProjector,
    SubstituteProjector,
)
from agent_service.breaks import schema as breaks_schema
from agent_service.breaks.projector import BreakProjector
from agent_service.calls import schema as calls_schema
from agent_service.calls.projector import CallProjector
from agent_service.database import Schema
from agent_service.day_rules import schema as day_rules_schema
from agent_service.day_rules.projector import RulesProjector
from agent_service.documents import schema as documents_schema
from agent_service.documents.projector import DocumentProjector, VersionProjector
from agent_service.exams import schema as exams_schema
from agent_service.exams.projector import IssueProjector, SittingProjector
from agent_service.exceptions import schema as exceptions_schema
from agent_service.exceptions.incidents import IncidentProjector
from agent_service.exceptions.projector import ExceptionProjector
from agent_service.handover import schema as handover_schema
from agent_service.handover.projector import HandoverProjector
from agent_service.ledger import replay
from agent_service.ledger import schema as ledger_schema
from agent_service.ledger.rebuild import Told, rebuild
from agent_service.locking import schema as locking_schema
from agent_service.locking.projector import LockProjector
from agent_service.orders import schema as orders_schema
from agent_service.orders.projector import OrderProjector
from agent_service.plan_corrections import schema as plan_corrections_schema
from agent_service.plan_corrections.projector import CorrectionProjector
from agent_service.presence import schema as presence_schema
from agent_service.presence.projector import PresenceProjector
from agent_service.projections import Projections
from agent_service.requests import schema as requests_schema
from agent_service.requests.projector import BookingProjector, RequestProjector
from agent_service.rosters import schema as rosters_schema
from agent_service.rosters.projector import PlanProjector, RevisionProjector
from agent_service.training import schema as training_schema
from agent_service.training.projector import training_projections
from protocol.wire.errors import Code, Refused

SCHEMAS: tuple[Schema, ...] = (
    ledger_schema.SCHEMA,
    accounts_schema.SCHEMA,
    calls_schema.SCHEMA,
    orders_schema.SCHEMA,
    rosters_schema.SCHEMA,
    exceptions_schema.SCHEMA,
    plan_corrections_schema.SCHEMA,
    locking_schema.SCHEMA,
    day_rules_schema.SCHEMA,
    attendance_schema.SCHEMA,
    adherence_schema.SCHEMA,
    requests_schema.SCHEMA,
    handover_schema.SCHEMA,
    breaks_schema.SCHEMA,
    documents_schema.SCHEMA,
    training_schema.SCHEMA,
    exams_schema.SCHEMA,
    presence_schema.SCHEMA,
)


def empty_projections() -> Projections:
    """One of each projection of the ledger, to be folded from its beginning."""
    return Projections(
        MembershipProjector(),
        MembershipDecisions(),
        StaffProjector(),
        CallProjector(),
        OrderProjector(),
        PlanProjector(),
        RevisionProjector(),
        ExceptionProjector(),
        IncidentProjector(),
        CorrectionProjector(),
        LockProjector(),
        RulesProjector(),
        EvidenceProjector(),
        SubstituteProjector(),
        SignatureProjector(),
        RequestProjector(),
        BookingProjector(),
        HandoverProjector(),
        BreakProjector(),
        DocumentProjector(),
        VersionProjector(),
        *training_projections(),
        IssueProjector(),
        SittingProjector(),
        PresenceProjector(),
    )


def upgrade(opened: sqlite_utils.Database, folder: Path, told: Told) -> list[str]:
    """Run the migrations that are lacking, and fold the ledger anew into the tables that come of
    it: all of it or nothing. Returns the names of what was run. Raises `Refused` with
    `database_newer`, or `ledger_broken`."""
    with opened.atomic():
        applied = database.migrate(opened, SCHEMAS, folder)
        ledger = replay.ledger_id(opened.conn)
        if applied and ledger is not None:
            rebuild(opened.conn, ledger, empty_projections(), told)
            carry_over(opened.conn, ledger, empty_projections())
    return applied


def open_current(folder: Path) -> sqlite_utils.Database:
    """The database of a ledger, to be written. Raises `Refused` with `no_database`,
    `database_older` or `database_newer`."""
    opened = database.open_writer(database.find(folder))
    try:
        ledger_of(opened.conn, folder)
    except BaseException:
        opened.close()
        raise
    return opened


class Reading(NamedTuple):
    """A database as it is at one moment."""

    connection: sqlite3.Connection
    ledger: str


@contextlib.contextmanager
def reading(path: Path) -> Iterator[Reading]:
    """A database file in one read transaction, also while the service writes. Raises `Refused`
    as `open_current` does."""
    with contextlib.closing(database.open_reader(path)) as connection:
        connection.execute("BEGIN")
        yield Reading(connection, ledger_of(connection, path.parent))


def ledger_of(connection: sqlite3.Connection, folder: Path) -> str:
    """The ledger's identity. Raises `Refused` as `open_current` does."""
    database.check_version(connection, SCHEMAS, folder)
    ledger = replay.ledger_id(connection)
    if ledger is None:
        raise Refused(Code.NO_DATABASE, data=str(folder))
    return ledger
