"""What is said of a training assignment."""

from agent_client.terminal.wording import Wording
from protocol.wire.training import AssignmentRow


def length(seconds: int) -> str:
    """`00:01:24`."""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def standing(words: Wording, row: AssignmentRow) -> str:
    """Completed, not completed, or withdrawn."""
    if row.withdrawn:
        return words.text("assigned_is.withdrawn")
    return words.text("assigned_is.done" if row.done_ms is not None else "assigned_is.open")
