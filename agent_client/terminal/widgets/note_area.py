"""A field of several lines for what people write. What is pasted can't move the cursor."""

import dataclasses
from typing import ClassVar

from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult

from agent_client.terminal.cells import shown_lines
from protocol.wire.desk_call import MAX_NOTE


class NoteArea(TextArea):
    """Tab leaves it; control characters are made visible as they enter. What is longer than a
    note may be does not enter at all."""

    MOST: ClassVar[int] = MAX_NOTE
    """Characters that it holds."""

    class Cut(Message):
        """Some of it did not enter."""

    cut = False
    """Whether some of what was entered last is left out."""

    def edit(self, edit: Edit) -> EditResult:
        """Every way in leads here: typing, an input method, pasting."""
        text = shown_lines(edit.text)
        kept = len(self.text) - len(self.get_text_range(edit.top, edit.bottom))
        room = max(0, self.MOST - kept)
        self.cut = len(text) > room
        if self.cut:
            self.post_message(self.Cut())
        return super().edit(dataclasses.replace(edit, text=text[:room]))
