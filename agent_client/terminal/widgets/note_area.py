"""A field of several lines for what people write. What is pasted can't move the cursor."""

import dataclasses

from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult

from agent_client.terminal.cells import shown_lines


class NoteArea(TextArea):
    """Tab leaves it; control characters are made visible as they enter."""

    def edit(self, edit: Edit) -> EditResult:
        """Every way in leads here: typing, an input method, pasting."""
        return super().edit(dataclasses.replace(edit, text=shown_lines(edit.text)))
