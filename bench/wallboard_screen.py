"""The screens that `bench.wallboard` measures: the terminal's floor, or a `DataTable` of the same
rows. Writes each second how much processor time it has used."""

import gc
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from textual import work
from textual.app import App, ComposeResult
from textual.widgets import DataTable

from agent_client.desk_client import DeskClient
from agent_client.seat.place import Contact
from agent_client.terminal import app, theme
from agent_client.terminal.app import TerminalApp
from agent_client.terminal.floor_columns import Moment, columns, place
from agent_client.terminal.wording import Wording
from protocol.i18n import load
from protocol.wire import desk, desk_floor

WIDTH = 118


def note(used: Path) -> None:
    """One more line: a monotonic second, and the CPU seconds used so far."""
    with used.open("a") as file:
        file.write(f"{time.monotonic()} {time.process_time()}\n")


class Ours(TerminalApp, inherit_bindings=False):
    """The lead's floor."""

    CSS_PATH = str(Path(app.__file__).with_name("app.tcss"))

    def __init__(self, socket: Path, used: Path) -> None:
        super().__init__(lambda: connected(socket), language="en", supervisor=True)
        self._used = used

    def on_mount(self) -> None:
        self.set_interval(1.0, lambda: note(self._used))


class Table(App[None]):
    """The same rows and columns in the toolkit's table."""

    def __init__(self, socket: Path, used: Path) -> None:
        super().__init__()
        self._socket, self._used = socket, used
        self._words = Wording(load("en"))
        self._columns = [each.column for each in place(WIDTH, columns(self._words))]
        for each in theme.THEMES.values():
            self.register_theme(each)
        self.theme = theme.THEMES["dark"].name

    def compose(self) -> ComposeResult:
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        for column in self._columns:
            table.add_column(column.name, key=column.name, width=column.most)
        table.focus()
        self.set_interval(1.0, lambda: note(self._used))
        self.live()

    @work
    async def live(self) -> None:
        client = await connected(self._socket)
        client.listen(self.take)
        await client.ask(desk_floor.WatchFloor)
        await client.closed()

    def take(self, told: desk.Status | desk_floor.Floor) -> None:
        if isinstance(told, desk_floor.Floor):
            self.show(told)

    def show(self, floor: desk_floor.Floor) -> None:
        table = self.query_one(DataTable)
        moment = Moment(self._words, floor.now)
        for row in floor.rows:
            cells = [column.say(row, moment).text for column in self._columns]
            if row.agent not in table.rows:
                table.add_row(*cells, key=row.agent)
            else:
                self._update(table, row.agent, cells)

    def _update(self, table: "DataTable[str]", agent: str, cells: Iterable[str]) -> None:
        for column, cell in zip(self._columns, cells, strict=True):
            table.update_cell(agent, column.name, cell)


async def connected(socket: Path) -> DeskClient:
    """A terminal's connection."""
    return await DeskClient.connect(Contact("", "1001", 1, str(socket)), terminal=True)


def main(shown: str, socket: str, used: str) -> None:
    """Show it until somebody ends this process."""
    made = {"ours": Ours, "table": Table}[shown](Path(socket), Path(used))
    gc.freeze()  # as the terminal does; the table has the good of it, too
    made.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
