"""Reading a training's content: one section a page, by keyboard, with the time that counts."""

from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message

from agent_client.terminal.reading_figures import item_of, row_of
from agent_client.terminal.reading_pages import Pages
from agent_client.terminal.screens.page import Sheet
from agent_client.terminal.view import View
from agent_client.terminal.widgets.key_bar import KeyBar
from agent_client.terminal.widgets.reader_parts import PageText, ReadClock, ReadTitle
from protocol.wire.desk_training import DeskTraining
from protocol.wire.training import TrainingText

_ONWARD, _AT_END = ("␣", "reader.onward"), ("⏎", "reader.read")
_OTHERS = (("PgUp", "reader.back"), ("Esc", "reader.leave"))


class ReaderSheet(Sheet[None]):
    """Its place is the page. What counts of the time, the seat says."""

    CSS_PATH = "reader.tcss"
    AUTO_FOCUS = ""
    HINTS = (_ONWARD, *_OTHERS)
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        ("space,pagedown,right", "onward"),
        ("pageup,left,backspace", "back"),
        ("down", "lines(1)"),
        ("up", "lines(-1)"),
        ("home", "top"),
        ("end", "bottom"),
        ("enter", "finish"),
    ]

    @dataclass
    class Used(Message):
        """A key, or the wheel: the reader is there."""

        section: int

    @dataclass
    class FinishWanted(Message):
        """Read to its end, and confirmed."""

        sheet: "ReaderSheet"

    @dataclass
    class CloseWanted(Message):
        """Enough for the moment."""

        sheet: "ReaderSheet"

    class NotAtEnd(Message):
        """Confirmed before the end was seen."""

    def __init__(self, told: TrainingText, section: int) -> None:
        super().__init__()
        self.assignment, self.content, self.named = told.assignment, told.content, told.name
        self.pages = Pages(told.text)
        self.section = min(max(0, section), len(self.pages) - 1)
        """Counted from 0."""
        self.in_front = True
        """Whether the terminal has the keyboard."""
        self._was_open = False
        self._left = False
        self._view: View | None = None

    def compose_parts(self) -> ComposeResult:
        """Title, clock, and the page."""
        yield ReadTitle(self)
        yield ReadClock(self)
        with _Scroll(id="reader-page", can_focus=False):
            yield PageText(self)

    def closed_by(self, told: DeskTraining | None) -> bool:
        """Whether the seat has it open no more: the state is another, or something else is read."""
        here = told is not None and (told.assignment, told.content) == (
            self.assignment,
            self.content,
        )
        self._was_open = self._was_open or here
        return self._was_open and not here and not self._left

    def leave(self) -> None:
        """Go away, once; while something lies over it, when it is asked again."""
        if self.is_current and not self._left:
            self._left = True
            self.dismiss(None)

    @property
    def at_end(self) -> bool:
        """Whether the last line of the last page is in sight."""
        last = self.section == len(self.pages) - 1
        return last and self._settled and self._scroll.bottom_in_sight

    @property
    def _settled(self) -> bool:
        return any(text.settled for text in self.query(PageText))

    def show(self, view: View) -> None:
        """The present moment; what Enter does depends on the place."""
        self._view = view
        for bar in self.query(KeyBar):
            bar.hint((*self._first_hint(view), *_OTHERS))
        super().show(view)

    def on_resize(self) -> None:
        """Another size has its end elsewhere."""
        self._show_again()

    def _first_hint(self, view: View) -> tuple[tuple[str, str], ...]:
        if not self.at_end:
            return (_ONWARD,)
        return () if self._is_done(view) else (_AT_END,)

    def _is_done(self, view: View) -> bool:
        item = item_of(row_of(view.training, self.assignment), self.content)
        return item is not None and item.done

    def on_key(self, _: events.Key) -> None:
        """Whatever is pressed."""
        self.post_message(self.Used(self.section))

    def on_mouse_scroll_down(self) -> None:
        """The wheel reads on, too."""
        self.post_message(self.Used(self.section))

    def on_mouse_scroll_up(self) -> None:
        """And back."""
        self.post_message(self.Used(self.section))

    def action_onward(self) -> None:
        """A screen down; from the end of a page to the next. A key that is held passes none by."""
        scroll = self._scroll
        if not self._settled:
            return
        if not scroll.bottom_in_sight:
            scroll.scroll_page_down(animate=False)
        elif self.section < len(self.pages) - 1:
            self._turn(self.section + 1)
        self._show_again()

    def action_back(self) -> None:
        """A screen up; from the top of a page to the end of the one before."""
        scroll = self._scroll
        if scroll.scroll_target_y > 0:
            scroll.scroll_page_up(animate=False)
        elif self.section:
            self._turn(self.section - 1)
            scroll.scroll_end(animate=False, immediate=False)
        self._show_again()

    def action_lines(self, lines: int) -> None:
        """Down, or up."""
        self._scroll.scroll_relative(y=lines, animate=False)
        self._show_again()

    def action_top(self) -> None:
        """Of the page."""
        self._scroll.scroll_home(animate=False)
        self._show_again()

    def action_bottom(self) -> None:
        """Of the page."""
        self._scroll.scroll_end(animate=False)
        self._show_again()

    def action_finish(self) -> None:
        """Only at the very end, and once."""
        if not self.at_end:
            self.post_message(self.NotAtEnd())
        elif self._view is not None and self._is_done(self._view):
            self.action_close()
        else:
            self.post_message(self.FinishWanted(self))

    def action_close(self) -> None:
        """The page is kept."""
        self.post_message(self.CloseWanted(self))

    @property
    def _scroll(self) -> "_Scroll":
        return self.query_one(_Scroll)

    def _turn(self, section: int) -> None:
        self.section = section
        self._scroll.scroll_home(animate=False)

    def _show_again(self) -> None:
        """Once it is laid out: only then is known whether the end is in sight."""
        if self._view is not None:
            self.show(self._view)
            self.call_after_refresh(self._show_place)

    def _show_place(self) -> None:
        if self._view is not None and self.is_attached:
            self.show(self._view)


class _Scroll(VerticalScroll):
    @property
    def bottom_in_sight(self) -> bool:
        """Whether nothing of the page stands below."""
        return self.scroll_target_y >= self.max_scroll_y
