"""What people and networks write is shown as text: never as markup, never as a command."""

import msgspec

from protocol.facts.agent import State
from protocol.wire.desk import CallState, Floor
from protocol.wire.sync import FloorCall
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
