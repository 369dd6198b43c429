"""What people and networks write is shown as text: never as markup, never as a command."""

import msgspec
import pytest
from textual import events
from textual.widgets import Input, TextArea

from protocol.facts.agent import State
from protocol.facts.order import OrderKind
from protocol.rules.lines import CodeItem, Line
from protocol.wire.calls import PastCall
from protocol.wire.desk import Notice
from protocol.wire.desk_call import CallState, Consultation, WrappedUp
from protocol.wire.desk_floor import Floor
from protocol.wire.orders import Order
from protocol.wire.sync import FloorCall
from tests.terminal.calls_data import call_row, last_call
from tests.terminal.desk_scenes import AFTER
from tests.terminal.fake_seat import NOW, FakeSeat, call
from tests.terminal.scenes import row, status
from tests.terminal.showing import opened, text_of
from tests.terminal.waiting import until

HOSTILE = (
    "[red]x[/x]",
    "[@click=app.exit]x[/]",
    "\x1b]0;title\x07\x1b[2J",
    "\u202eevil\u2066",
    "שלום עולם",
    "王" * 300,
    "x" * 4000,
    "e" + "\u0301" * 200,
    "👩‍👩‍👧‍👦" * 20,
    "{name} %s \\n",
    "\ud800".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "",
)


async def test_at_the_desk(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.READY)
    app = terminal()
    async with opened(app) as pilot:
        for text in HOSTILE:
            for state in (CallState.RINGING, CallState.TALK):
                seat.tell(
                    name=text,
                    state=State[state.name],
                    call=call(state, peer=text, peer_name=text),
                    owed=(text,) * 6,
                    next_state=text,
                    link_fault=text,
                    phone_fault=text,
                )
                await pilot.pause()
        seat.tell(call=call(CallState.TALK, peer="[red]x[/x]", peer_name="[b]"))
        await until(lambda: "[red]x[/x]" in text_of(app))


async def test_on_the_floor(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.NOT_READY)
    app = terminal(supervisor=True)
    rows = tuple(
        row(
            str(number),
            State.TALK,
            1,
            name=text,
            team=text,
            next_state=text,
            call=FloorCall(direction=text, peer=text, since=NOW),
        )
        for number, text in enumerate(HOSTILE)
    )
    async with opened(app, (160, 40)) as pilot:
        seat.send(Floor(rows, NOW, reset=True))
        await until(lambda: "[red]x[/x]" in text_of(app))
        assert "\x1b" not in text_of(app)
        await pilot.press("down", "end")


async def test_at_sign_in(terminal, seat: FakeSeat) -> None:
    seat.status = msgspec.structs.replace(seat.status, agent="[/x]", name="[red]x[/x]")
    app = terminal()
    async with opened(app):
        await until(lambda: "[red]x[/x]" in text_of(app))


def _lines(text: str) -> tuple[Line, ...]:
    """A line of business with nothing but a text in it."""
    item = CodeItem("code", {"en": text or "x", "zh_CN": text})
    labels = {"en": text or "x"}
    return (Line("line", labels, categories=(item,), outcomes=(item,), actions=(item,)),)


def _wrapped(text: str) -> WrappedUp:
    return WrappedUp("code", text, (text, "code"), f"{text}\n{text}", NOW)


async def test_in_what_is_known_of_calls_and_asked_by_leads(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.READY)
    app = terminal()
    async with opened(app) as pilot:
        for text in HOSTILE:
            past = PastCall(NOW, text, text, text, True, 3, "line", text, text, text, NOW)
            second = Consultation(text, answered=True, joined=False)
            ringing = call(CallState.CONSULT, line=text, past=(past,), consultation=second)
            last = last_call(peer=text, line="line", wrapped_up=_wrapped(text))
            asked = Order("o", OrderKind.MESSAGE, text, text, text, 1_000, 2_000)
            told = Notice(text or "x", {"desk": text})
            seat.tell(
                state=State.CONSULT,
                call=ringing,
                last_call=last,
                lines=_lines(text),
                orders=(asked,),
                notices=(told,),
            )
            await pilot.pause()
            await pilot.press("w")
            await pilot.pause()
            await pilot.press("escape", "i")
            await pilot.pause()
            await pilot.press("escape")
            seat.tell(state=State.ACW, call=None)
            await pilot.pause()
            assert "\x1b" not in text_of(app)
        seat.tell(last_call=last_call(peer="[red]x[/x]"))
        await until(lambda: "[red]x[/x]" in text_of(app))


async def test_in_the_list_of_calls(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.READY)
    seat.calls = tuple(
        call_row(
            str(number),
            number,
            peer=text,
            peer_name=text,
            line=text,
            missed=text,
            ended=text,
            wrapped_up=_wrapped(text),
            owed=bool(number % 2),
        )
        for number, text in enumerate(HOSTILE)
    )
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("c")
        await until(lambda: "[red]x[/x]" in text_of(app))
        for _ in HOSTILE:
            await pilot.press("down")
            assert "\x1b" not in text_of(app)


async def test_what_is_pasted_into_a_note_moves_no_cursor(terminal, seat: FakeSeat) -> None:
    seat.status = AFTER
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("w", "shift+tab")
        for text in HOSTILE:
            app.screen.query_one(TextArea).insert(f"{text}\n")
            await pilot.pause()
            assert "\x1b" not in text_of(app)


@pytest.mark.parametrize("keys", [("f9",), ("f12",), ("w",)])
async def test_what_is_pasted_into_a_field_moves_no_cursor(
    terminal, seat: FakeSeat, keys: tuple[str, ...]
) -> None:
    seat.status = status(State.READY) if keys == ("f9",) else AFTER
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press(*keys)
        field = app.screen.query(Input).first()
        await until(lambda: field.has_focus)
        field.post_message(events.Paste("\x1b[2J\u202e138\x07"))
        await until(lambda: field.value == "[2J138")
        assert "\x1b" not in text_of(app)
