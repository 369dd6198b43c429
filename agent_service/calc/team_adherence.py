"""The figure `team_adherence`: JSON in, the rule `protocol.rules.team_adherence`, JSON out."""

from typing import Annotated

import msgspec
from msgspec import Meta

from agent_service.calc.input import bad_input, decode, decoder
from protocol.rules.rounding import percent
from protocol.rules.team_adherence import TeamRow, team_adherence

_Seconds = Annotated[int, Meta(ge=0, le=(1 << 63) - 1)]


class _Row(msgspec.Struct, frozen=True):
    agent: str
    scheduled_s: _Seconds
    in_s: _Seconds
    excluded_s: _Seconds = 0

    @property
    def counted_s(self) -> int:
        return self.scheduled_s - self.excluded_s


class Input(msgspec.Struct, frozen=True):
    """What is given."""

    rows: tuple[_Row, ...]


class _Output(msgspec.Struct, frozen=True):
    team_adherence_pct: float | None
    agents_counted: int
    scheduled_s: int
    in_s: int


_decoder = decoder(Input)


def figure(given: bytes) -> _Output:
    """The figure of one input. Raises `BadInput`."""
    read = decode(_decoder, given)
    for number, row in enumerate(read.rows):
        if row.in_s > row.counted_s:
            raise bad_input(f"$.rows[{number}].in_s", f"{row.in_s} > {row.counted_s}")
    found = team_adherence(TeamRow(row.agent, row.counted_s, row.in_s) for row in read.rows)
    return _Output(
        team_adherence_pct=percent(found.in_s, found.scheduled_s),
        agents_counted=found.agents_counted,
        scheduled_s=found.scheduled_s,
        in_s=found.in_s,
    )
