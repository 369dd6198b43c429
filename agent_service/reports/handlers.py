"""Reports on the wire."""

import sqlite3
from base64 import b64encode
from collections.abc import Callable, Sequence
from datetime import tzinfo

import msgspec

from agent_service.adherence.basis import Moment
from agent_service.allowance import Allowance
from agent_service.asking import asker
from agent_service.attendance.month import Wanted
from agent_service.dispatch import Standing, handles
from agent_service.reader import Reader
from agent_service.reports import shown
from agent_service.reports.asked import Asked
from agent_service.reports.making import check_grouped, check_name, check_span, make
from agent_service.reports.table import Table
from agent_service.session import Conversation
from protocol.i18n import LANGUAGES, load
from protocol.rules.permissions import has_site, may_see, scope
from protocol.wire.errors import Code, Refused
from protocol.wire.report import GetReport, Report, Value
from protocol.wire.session import Person

_SHOWN = 64
_ROWS_BYTES = 384 << 10
_WORKBOOK_BYTES = 512 << 10
"""Both together leave room in a frame for the rest."""
_OF_THE_SITE = frozenset({"exceptions", "adjustments", "training"})
"""What each lead has decided, and what tasks come to, is told to those who have the site."""

_encoder = msgspec.json.Encoder()


class ReportHandlers:
    """Statistics over business dates."""

    def __init__(
        self,
        find: Callable[[str], Person | None],
        reader: Reader,
        allowance: Allowance,
        where: tzinfo,
        now_ms: Callable[[], int],
    ) -> None:
        self._find = find
        self._reader = reader
        self._allowance = allowance
        self._where = where
        self._now_ms = now_ms

    @handles(GetReport, Standing.PERSON, aside=True)
    async def get(self, peer: Conversation, message: GetReport) -> Report:
        """A leader's own team, everybody for a supervisor, oneself for all. Refused with
        `unknown_report`, `single_cases`, `bad_span`, `unknown_agent`, `not_permitted`,
        `workbook_too_large`."""
        actor = asker(peer, self._allowance)
        check_name(message.name)
        check_grouped(message.name, message.by_team)
        check_span(message.first_day, message.last_day)
        wanted = self._wanted(actor, message)
        asked = Asked(message.first_day, message.last_day, wanted, message.by_team)
        moment = Moment(self._where, self._now_ms())

        def read(connection: sqlite3.Connection) -> Report:
            return _report(message, make(connection, message.name, asked, moment))

        return await self._reader.run(read)

    def _wanted(self, actor: Person, message: GetReport) -> Wanted:
        """Raises `Refused`."""
        seen = scope(actor)
        if message.name in _OF_THE_SITE and not has_site(actor):
            raise Refused(Code.NOT_PERMITTED)
        if message.agent or seen is None:
            subject = self._find(message.agent or actor.number)
            if subject is None:
                raise Refused(Code.UNKNOWN_AGENT, agent=message.agent[:_SHOWN])
            if not may_see(actor, subject):
                raise Refused(Code.NOT_PERMITTED)
            return Wanted(agent=subject.number)
        team = message.team or seen.team
        if team is not None and not seen.covers(team):
            raise Refused(Code.NOT_PERMITTED)
        return Wanted(team=team)


def _report(message: GetReport, table: Table) -> Report:
    rows = _first_within(table.rows, _ROWS_BYTES)
    return Report(
        message.id,
        table.name,
        table.first_day,
        table.last_day,
        table.columns,
        rows,
        table.total,
        table.provisional,
        table.rule_versions,
        _workbook(message, table),
        len(table.rows) - len(rows),
    )


def _workbook(message: GetReport, table: Table) -> str:
    """Empty where none was asked for. Raises `Refused` with `workbook_too_large` for one that no
    answer can hold: some 3,500 rows."""
    if not message.file:
        return ""
    language = message.language if message.language in LANGUAGES else LANGUAGES[0]
    content = b64encode(shown.excel(table, load(language))).decode()
    if len(content) > _WORKBOOK_BYTES:
        first, last = (each.isoformat() for each in (table.first_day, table.last_day))
        rows = len(table.rows)
        raise Refused(Code.WORKBOOK_TOO_LARGE, rows=rows, report=table.name, first=first, last=last)
    return content


def _first_within(
    rows: Sequence[tuple[Value, ...]], most_bytes: int
) -> tuple[tuple[Value, ...], ...]:
    left = most_bytes
    for number, row in enumerate(rows):
        left -= len(_encoder.encode(row)) + 1  # with its comma
        if left < 0:
            return tuple(rows[:number])
    return tuple(rows)
