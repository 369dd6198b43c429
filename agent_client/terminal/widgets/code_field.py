"""A field for codes that describe a call: found by typing code or label."""

from collections.abc import Sequence

from agent_client.terminal.codes import found, meant, named
from agent_client.terminal.widgets.field import Field
from protocol.rules.lines import CodeItem


class CodeField(Field):
    """One code of a list; with `many`, several. While it is not searched in, a field for one code
    shows what is chosen."""

    def __init__(self, items: Sequence[CodeItem], *, many: bool, id: str) -> None:
        super().__init__(id=id, compact=True)
        self.items = items
        self.many = many
        self.chosen: tuple[str, ...] = ()
        self._language = ""

    def fill(self, chosen: tuple[str, ...], language: str) -> None:
        """Show what is chosen, in a language. What is being typed stays."""
        typing = self.needle
        self.chosen, self._language = chosen, language
        if not typing:
            self._write(self._label())

    @property
    def needle(self) -> str:
        """What is searched for; empty while the field shows what is chosen."""
        return "" if self.value == self._label() else self.value.strip()

    def candidates(self) -> list[CodeItem]:
        """The codes that fit what is typed."""
        return found(self.items, self.needle, self._language)

    def pick(self, item: CodeItem) -> None:
        """Choose a code; where there may be many, choosing it again takes it back."""
        if not self.many:
            self.chosen = (item.code,)
        elif item.code in self.chosen:
            self.chosen = tuple(code for code in self.chosen if code != item.code)
        else:
            self.chosen = (*self.chosen, item.code)
        self._write(self._label())

    def settle(self) -> None:
        """The field is left: a text that can only mean one code chooses it, an emptied field
        chooses none, anything else changes nothing."""
        needle = self.needle
        item = meant(self.items, needle, self._language) if needle else None
        if item is not None and not (self.many and item.code in self.chosen):
            self.pick(item)
        elif not self.many and not self.value.strip():
            self.chosen = ()
        self._write(self._label())

    def _label(self) -> str:
        if self.many or not self.chosen:
            return ""
        code = self.chosen[0]
        return f"{code} {named(self.items, code, self._language)}".strip()

    def _write(self, text: str) -> None:
        if self.value != text:
            with self.prevent(Field.Changed):
                self.value = text
