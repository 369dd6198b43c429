"""What `GET /healthz` answers."""

from http import HTTPStatus

import msgspec

from agent_service.connections import Connections
from agent_service.page import Answer
from agent_service.writer import Writer


class Report(msgspec.Struct, frozen=True):
    """The state of the service, as JSON."""

    status: str
    """`ok`, `failing` (the disk refuses) or `draining`."""
    ledger: str
    position: int
    connections: int


class Health:
    """Asks those who know."""

    def __init__(self, ledger: str, writer: Writer, connections: Connections) -> None:
        self._ledger = ledger
        self._writer = writer
        self._connections = connections

    def answer(self) -> Answer:
        """200 if all is well, else 503: nothing is lost, but somebody should look."""
        report = Report(
            self._status(), self._ledger, self._writer.head.position, len(self._connections)
        )
        status = HTTPStatus.OK if report.status == "ok" else HTTPStatus.SERVICE_UNAVAILABLE
        return Answer(status, "application/json", msgspec.json.encode(report).decode())

    def _status(self) -> str:
        if self._connections.draining:
            return "draining"
        return "failing" if self._writer.failing else "ok"
