"""The floor as lines: who begins to need help and who does not any more, and rows when asked."""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import datetime

from agent_client.seat_words import one_line
from agent_client.terminal.clock import whole_seconds
from agent_client.terminal.floor_board import FloorBoard
from agent_client.terminal.floor_columns import asked_of
from agent_client.terminal.floor_need import Need, second_of
from agent_client.terminal.wording import Wording, duration
from protocol.i18n import Catalogue
from protocol.wire.desk_floor import Floor
from protocol.wire.sync import FloorRow

MOST_ROWS = 50
"""Rows told at once; more are counted."""


class FloorLines:
    """What a lead hears of a floor."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._words = Wording(catalogue)
        self._board = FloorBoard()
        self._told: dict[str, Need] = {}
        """Of whom it was said that they need help."""
        self._orders: dict[str, str] = {}
        """What was asked of each and what became of it, as it was last known."""
        self.heard = asyncio.Event()
        """The service has told who is on the floor."""

    def take(self, floor: Floor, now: datetime | None) -> list[str]:
        """Rows came: the lines that tell of help needed, and of the link."""
        stale, heard = self._board.stale, self._board.heard
        self._board.take(floor)
        lines: list[str] = []
        if not self._board.heard:
            return lines
        self.heard.set()
        if not heard and not floor.rows:
            lines.append(self._words.text("floor.empty"))
        if floor.stale and not stale:
            lines.append(self._words.text("floor.stale_unknown"))
        return [*lines, *self._settled(floor.rows), *self.look(now)]

    def _settled(self, rows: Iterable[FloorRow]) -> Iterator[str]:
        """What became of what was asked, as soon as a seat tells; what was before is no news."""
        for row in rows:
            asked = asked_of(row, self._words)
            before = self._orders.get(row.agent)
            self._orders[row.agent] = asked
            if before not in (None, asked) and row.order_outcome is not None:
                who = one_line(f"{row.agent} {row.name}")
                yield self._text("order_told", who=who, asked=asked)

    def look(self, now: datetime | None) -> list[str]:
        """Who needs help since this was asked last, and who does not any more."""
        second = second_of(self._board.time(now))
        lines = []
        for agent, each in self._board.rows.items():
            need = each.outlook.at(second)
            before = self._told.get(agent, Need.NONE)
            if need is before:
                continue
            self._told[agent] = need
            row = self._row(each.row, now)
            lines.append(
                self._text("well_again", row=row)
                if need is Need.NONE
                else self._text("needs_help", row=row, why=self._why(need))
            )
        return lines

    def _why(self, need: Need) -> str:
        return self._catalogue.text(f"plain.need.{need.name.lower()}")

    def rows(self, needle: str, now: datetime | None) -> list[str]:
        """The counts, and the rows that match; without a search those who need help."""
        self._board.search(needle, self._words)
        self._board.sort(now)
        comma = self._words.text("comma")
        counts = comma.join(
            f"{self._words.state(state)} {count}" for state, count in self._board.counts()
        )
        agents: Iterable[str] = self._board.order.agents
        if not needle:
            agents = [agent for agent in agents if self._told.get(agent, Need.NONE) != Need.NONE]
        chosen = [self._board.rows[agent].row for agent in agents]
        lines = [counts] + [self._row(row, now) for row in chosen[:MOST_ROWS]]
        if len(chosen) > MOST_ROWS:
            lines.append(self._text("more_rows", count=len(chosen) - MOST_ROWS))
        if not chosen:
            lines.append(self._text("nobody_needs_help" if not needle else "nobody_matches"))
        return lines

    def _row(self, row: FloorRow, now: datetime | None) -> str:
        words = self._words
        reason = words.reason(row.reason) if row.reason is not None else ""
        call = one_line(row.call.peer) if row.call is not None else ""
        lasts = duration(whole_seconds(row.since, self._board.time(now)))
        parts = (one_line(f"{row.agent} {row.name}"), words.state(row.state), reason, lasts, call)
        return words.text("comma").join(part for part in parts if part)

    def _text(self, key: str, **params: object) -> str:
        return self._catalogue.text(f"plain.{key}", **params)
