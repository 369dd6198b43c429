"""A supervisor's terminal, as the rig has one."""

from agent_client.desk_client import DeskClient
from protocol.wire import desk, desk_floor
from protocol.wire.sync import FloorRow


class Lead:
    """A supervisor's terminal: the floor as it is told of it."""

    def __init__(self, client: DeskClient) -> None:
        self._client = client
        self.rows: dict[str, FloorRow] = {}
        self.stale = True
        client.listen(self._take)

    async def leave(self) -> None:
        """Stop watching."""
        await self._client.close()

    def _take(self, push: desk.Pushed) -> None:
        if isinstance(push, desk_floor.Floor):
            self.rows.update((row.agent, row) for row in push.rows)
            self.stale = push.stale
