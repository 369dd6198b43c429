"""The floor service without its database: facts are read, judged and acknowledged, and that is
all. Signing in works as ever. It exists to be measured against."""

import asyncio
from pathlib import Path
from sqlite3 import Connection

from agent_service import bootstrap, cli
from agent_service.ledger.append import Appender, Batch
from agent_service.ledger.handlers import AppendJob
from agent_service.writer import Job, Writer


class NullAppender(Appender):
    """Takes every batch as new, and forgets it."""

    def append(self, connection: Connection, batch: Batch) -> int:
        return batch.facts[-1].seq


class NullWriter(Writer):
    """Settles facts on the next turn of the loop; all else goes its usual way."""

    def __init__(self, path: Path, appender: Appender, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(path, appender, loop)
        self._event_loop = loop

    def submit(self, job: Job) -> None:
        if isinstance(job, AppendJob):
            job.work(_NONE)
            self._event_loop.call_soon(job.settle, self.head)
        else:
            super().submit(job)


_NONE: Connection = None  # type: ignore[assignment] # nothing looks at it

if __name__ == "__main__":
    for name, replaced in (("Appender", NullAppender), ("Writer", NullWriter)):
        setattr(bootstrap, name, replaced)
    cli.main()
