"""One's own training as lines: a task a line, for whoever types or listens."""

from collections.abc import Iterator

import msgspec

from agent_client.seat_words import one_line
from agent_client.terminal.clock import at_site
from protocol.i18n import Catalogue
from protocol.rules.training_progress import hms
from protocol.wire.desk_training import DeskTraining
from protocol.wire.training import AssignmentRow


def training_lines(
    told: DeskTraining, zone_name: str, catalogue: Catalogue, *, as_json: bool
) -> Iterator[str]:
    """What is to be studied, the next one due first."""
    for row in told.own.open:
        yield _json(row) if as_json else _line(row, zone_name, catalogue)


def _line(row: AssignmentRow, zone_name: str, catalogue: Catalogue) -> str:
    line = catalogue.text(
        "client.training.line",
        number=row.number,
        task=one_line(row.name),
        done=row.items_done,
        items=len(row.items),
        time=hms(row.trained_s),
        least=hms(row.min_seconds),
    )
    if row.due_ms is None:
        return line
    at = at_site(row.due_ms, zone_name)
    return catalogue.text("client.training.due", line=line, at=f"{at:%Y-%m-%d %H:%M}")


def _json(row: AssignmentRow) -> str:
    return msgspec.json.encode(row).decode()
