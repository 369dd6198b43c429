"""Looking for people on a floor by what is typed: words anywhere, or a word for one column."""

from collections.abc import Callable

from agent_client.terminal.wording import Wording
from protocol.wire.sync import FloorRow

Matches = Callable[[FloorRow], bool]


def matcher(needle: str, words: Wording) -> Matches:
    """Whether each word of the search fits a row, capitals aside. `team:…` looks in the team
    alone, `state:…` for the beginning of a state's or a reason's name or code."""
    parts = [
        _part(part, words) for part in needle.casefold().replace("\N{FULLWIDTH COLON}", ":").split()
    ]
    return lambda row: all(fits(row) for fits in parts)


def _part(part: str, words: Wording) -> Matches:
    column, colon, wanted = part.partition(":")
    if colon and column == words.text("floor.by_team").casefold():
        return lambda row: wanted in row.team.casefold()
    if colon and column == words.text("floor.by_state").casefold():
        return lambda row: any(name.startswith(wanted) for name in _states(row, words))
    return lambda row: part in _everything(row, words)


def _states(row: FloorRow, words: Wording) -> list[str]:
    """Names and codes of a row's state."""
    names = [words.state(row.state), row.state.value]
    if row.reason is not None:
        names += [words.reason(row.reason), row.reason.value]
    return [name.casefold() for name in names]


def _everything(row: FloorRow, words: Wording) -> str:
    reason = words.reason(row.reason) if row.reason is not None else ""
    texts = (row.agent, row.name, row.team, words.state(row.state), reason)
    return "\n".join(texts).casefold()
