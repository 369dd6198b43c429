"""A field of one line for what is shown. What is pasted can't move the cursor."""

from textual.widgets import Input

from agent_client.terminal.cells import visible


class Field(Input):
    """Control characters and marks that turn the order of text are left out as they enter."""

    def replace(self, text: str, start: int, end: int) -> None:
        """Every way in leads here: typing, an input method, pasting."""
        super().replace(visible(text), start, end)
