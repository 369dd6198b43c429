"""Attendance: a month's rows, what leads say of them, the leader's signature and the lock."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Protocol

from agent_service.accounts.projector import staff_rows
from agent_service.adherence.basis import Moment
from agent_service.adherence.proposals import LateProposals
from agent_service.adherence.snapshot import snapshot
from agent_service.allowance import Allowance
from agent_service.asking import asker
from agent_service.attendance import store
from agent_service.attendance.lockable import Lockable, check_settled, look_at
from agent_service.attendance.month import (
    Rows,
    Wanted,
    check_month,
    check_over,
    check_windows,
    digest_of,
    rows_by_team,
)
from agent_service.attendance.recording import AttendanceRecorder, looked_at
from agent_service.dispatch import Standing, handles
from agent_service.locking.store import lock_of
from agent_service.orders.text import check_text, optional_text
from agent_service.persons.bounded import newest_within
from agent_service.reader import Reader
from agent_service.rosters.whose import acting
from agent_service.session import Conversation
from agent_service.writer import Writer
from protocol.facts.attendance import (
    MonthLocked,
    MonthSigned,
    PresenceEvidenced,
    SubstituteNamed,
)
from protocol.rules.local_day import day_bounds
from protocol.rules.permissions import (
    LEADS,
    has_site,
    may_decide,
    may_plan,
    may_see,
    may_sign_month,
    scope,
)
from protocol.wire.attendance import (
    MAX_REMARK,
    AttendanceMonth,
    AttendanceRecorded,
    GetAttendance,
    LockMonth,
    NameSubstitute,
    RecordPresence,
    SignMonth,
)
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Person

_SHOWN = 64
_ROWS_BYTES = 768 << 10
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Staff(Protocol):
    """Who works here today (`accounts.directory`)."""

    def find(self, number: str) -> Person | None:
        """Somebody by staff number."""


class AttendanceHandlers:
    """What concerns who came."""

    def __init__(
        self,
        staff: Staff,
        reader: Reader,
        writer: Writer,
        recorder: AttendanceRecorder,
        late: LateProposals,
        allowance: Allowance,
        where: tzinfo,
        now_ms: Callable[[], int],
    ) -> None:
        self._staff = staff
        self._reader = reader
        self._writer = writer
        self._recorder = recorder
        self._late = late
        self._allowance = allowance
        self._where = where
        self._now_ms = now_ms

    @handles(GetAttendance, Standing.PERSON, aside=True)
    async def get(self, peer: Conversation, message: GetAttendance) -> AttendanceMonth:
        """A month up to now: of a team, of one person, or, where neither is named, of the
        leader's own team or of oneself."""
        actor = asker(peer, self._allowance)
        check_month(message.month)
        wanted = self._wanted(actor, message)
        moment = self._moment()

        def read(connection: sqlite3.Connection) -> AttendanceMonth:
            with snapshot(connection):
                return _month(connection, message, wanted, moment)

        return await self._reader.run(read)

    @handles(RecordPresence, Standing.PERSON, LEADS)
    async def see(self, peer: Conversation, message: RecordPresence) -> AttendanceRecorded:
        """Record that somebody was seen."""
        actor = asker(peer, self._allowance)
        self._check_subject(actor, message.agent, may_decide)
        text = check_text(message.text)
        self._check_times(message)
        fact = PresenceEvidenced(
            message.agent,
            message.day,
            message.arrived_ms,
            message.left_ms,
            actor.number,
            text,
            message.for_agent,
        )
        await self._writer.run(lambda connection: self._recorder.see(connection, fact))
        return AttendanceRecorded(message.id)

    @handles(NameSubstitute, Standing.PERSON, LEADS)
    async def substitute(self, peer: Conversation, message: NameSubstitute) -> AttendanceRecorded:
        """Record who worked somebody's shift. Nobody names themselves, nor takes back that they
        were named."""
        actor = asker(peer, self._allowance)
        self._check_subject(actor, message.agent, may_plan)
        if message.substitute:
            self._check_subject(actor, message.substitute, may_plan)
        if message.substitute == message.agent:
            raise Refused(Code.MALFORMED_MESSAGE, detail="substitute")
        text = check_text(message.text)
        self._check_day(message.day)
        fact = SubstituteNamed(message.agent, message.day, message.substitute, actor.number, text)
        by = acting(actor, self._staff.find)
        await self._writer.run(lambda connection: self._recorder.substitute(connection, fact, by))
        return AttendanceRecorded(message.id)

    @handles(SignMonth, Standing.PERSON, LEADS, aside=True)
    async def sign(self, peer: Conversation, message: SignMonth) -> AttendanceRecorded:
        """Record the signature under what was shown."""
        actor, moment = asker(peer, self._allowance), self._moment()
        if not may_sign_month(actor, message.team):
            raise Refused(Code.NOT_PERMITTED)
        text = optional_text(message.text, MAX_REMARK)
        check_over(message.month, moment)
        wanted = Wanted(team=message.team)

        def read(connection: sqlite3.Connection) -> Rows:
            with snapshot(connection):
                check_windows(connection, message.month, moment, wanted)
                found = rows_by_team(connection, message.month, moment, wanted)
            return found.get(message.team, ())

        rows = await self._reader.run(read)
        check_settled(message.month, rows)
        if digest_of(rows) != message.digest:
            raise Refused(Code.DIGEST_DIFFERS)
        fact = MonthSigned(message.month, message.team, message.digest, actor.number, text)
        await self._writer.run(lambda connection: self._recorder.sign(connection, fact))
        return AttendanceRecorded(message.id)

    @handles(LockMonth, Standing.PERSON, LEADS, aside=True)
    async def lock(self, peer: Conversation, message: LockMonth) -> AttendanceRecorded:
        """Record that the month stays, if every team that has rows has signed them as they
        are, and nothing that was asked about others' days, or follows from their facts, waits for
        a decision: after the lock it would count in another month."""
        actor, moment = asker(peer, self._allowance), self._moment()
        if not has_site(actor):
            raise Refused(Code.NOT_PERMITTED)
        check_over(message.month, moment)
        span, looked = check_month(message.month), await self._look_at(actor, message.month)
        if looked.lacking:
            await self._late.record(looked.lacking)
            looked = await self._look_at(actor, message.month)
        if looked.lacking:
            raise Refused(Code.DIGEST_DIFFERS)
        until_ms = day_bounds(span[1] + timedelta(days=1), self._where)[1]
        since = looked_at(looked.position, span, until_ms)
        fact = MonthLocked(message.month, looked.digest, actor.number)
        await self._writer.run(lambda connection: self._recorder.lock(connection, fact, since))
        return AttendanceRecorded(message.id)

    async def _look_at(self, actor: Person, month: str) -> Lockable:
        moment = self._moment()

        def read(connection: sqlite3.Connection) -> Lockable:
            return look_at(connection, month, moment, actor.number)

        return await self._reader.run(read)

    def _moment(self) -> Moment:
        return Moment(self._where, self._now_ms())

    def _wanted(self, actor: Person, message: GetAttendance) -> Wanted:
        """Raises `Refused`."""
        seen = scope(actor)
        if message.agent or seen is None:
            subject = self._find(message.agent or actor.number)
            if not may_see(actor, subject):
                raise Refused(Code.NOT_PERMITTED)
            return Wanted(agent=subject.number)
        team = message.team or (seen.team or "")
        if not may_sign_month(actor, team):
            raise Refused(Code.NOT_PERMITTED)
        return Wanted(team=team)

    def _find(self, number: str) -> Person:
        person = self._staff.find(number)
        if person is None:
            raise Refused(Code.UNKNOWN_AGENT, agent=number[:_SHOWN])
        return person

    def _check_subject(
        self, actor: Person, number: str, may: Callable[[Person, Person], bool]
    ) -> None:
        subject = self._find(number)
        if subject.number == actor.number:
            raise Refused(Code.OWN_CASE)
        if not may(actor, subject):
            raise Refused(Code.NOT_PERMITTED)

    def _check_day(self, day: date) -> tuple[int, int]:
        try:
            around = day - timedelta(days=1), day + timedelta(days=1)
            return day_bounds(around[0], self._where)[0], day_bounds(around[1], self._where)[1]
        except (OverflowError, ValueError) as error:
            raise Refused(Code.MALFORMED_MESSAGE, detail="day") from error

    def _check_times(self, message: RecordPresence) -> None:
        """At least one of them, in order, near the day, and over. Raises `Refused`."""
        from_ms, until_ms = self._check_day(message.day)
        told = [each for each in (message.arrived_ms, message.left_ms) if each is not None]
        if not told or told != sorted(told) or told[0] < from_ms or told[-1] >= until_ms:
            start, end = _shown(message.arrived_ms), _shown(message.left_ms)
            raise Refused(Code.BAD_INTERVAL, start=start, end=end)
        now_ms = self._now_ms()
        ahead = next((each for each in told if each > now_ms), None)
        if ahead is not None:
            at, now = (self._at_site(each) for each in (ahead, now_ms))
            raise Refused(Code.PRESENCE_AHEAD, at=at, now=now)

    def _at_site(self, ms: int) -> str:
        moment = _EPOCH + timedelta(milliseconds=ms)
        return moment.astimezone(self._where).isoformat(" ", "minutes")


def _shown(ms: int | None) -> str:
    if ms is None:
        return "-"
    return (_EPOCH + timedelta(milliseconds=ms)).isoformat(" ", "minutes")


def _month(
    connection: sqlite3.Connection, message: GetAttendance, wanted: Wanted, moment: Moment
) -> AttendanceMonth:
    by_team = rows_by_team(connection, message.month, moment, wanted)
    rows = tuple(row for rows in by_team.values() for row in rows)
    newest = newest_within(rows, _ROWS_BYTES)
    people = {
        who for row in newest for who in (row.agent, row.substitute, row.for_agent, row.named_by)
    }
    signature = None
    if wanted.team is not None:
        signature = store.signatures_of(connection, message.month).get(wanted.team)
    return AttendanceMonth(
        message.id,
        message.month,
        wanted.team or "",
        newest,
        {row.number: row.name for row in staff_rows(connection) if row.number in people},
        digest_of(rows),
        "" if signature is None else signature.actor,
        "" if signature is None else signature.digest,
        None if signature is None else signature.signed_ms,
        "" if signature is None else signature.text,
        lock_of(connection, message.month) is not None,
        len(rows) - len(newest),
    )
