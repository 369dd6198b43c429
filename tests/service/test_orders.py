"""What leads ask of seats: who may ask what of whom, each order once, and all of it is sent."""

from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_service import database
from agent_service.commands.ledger import verify
from agent_service.orders.placing import Act, OrderPlacer
from agent_service.orders.text import check_text
from protocol.facts.agent import State, StateEntered
from protocol.facts.order import OrderKind, OrderOutcome, OrderSettled
from protocol.wire.errors import Refused
from protocol.wire.orders import MAX_TEXT, MAX_WAITING, OrderAccepted, OrdersWaiting, PlaceOrder
from tests.service.client import Client
from tests.service.conftest import Serve, SignedIn, make_token
from tests.service.lead import Lead
from tests.service.ledgers import new_ledger

Desks = Callable[..., Awaitable[Client]]
READY = StateEntered(State.READY, "ready", "1001")
FORCE = OrderKind.FORCE_NOT_READY
MESSAGE = OrderKind.MESSAGE


async def place(
    lead: Client, what: OrderKind, text: str = "please", **whom: str
) -> tuple[str, ...]:
    """The identities of the orders placed. Raises `Refused`."""
    reply = await lead.request(PlaceOrder(lead.next_id(), what, text, **whom))
    assert isinstance(reply, OrderAccepted)
    return reply.orders


async def refusal(lead: Client, what: OrderKind, text: str = "please", **whom: str) -> str:
    """The code of what must be refused."""
    with pytest.raises(Refused) as refused:
        await place(lead, what, text, **whom)
    return refused.value.code


async def waiting(agent: Client) -> list[tuple[OrderKind, str, str]]:
    """What comes to a seat next."""
    pushed = await agent.expect(OrdersWaiting)
    return [(order.what, order.actor_name, order.text) for order in pushed.orders]


async def test_an_order_reaches_the_seat_and_the_lead_sees_what_became_of_it(
    signed_in: SignedIn, data: Path
) -> None:
    agent, client = await signed_in("1001"), await signed_in("2001")
    lead = await Lead(client).subscribe()
    await agent.record(READY)
    (order,) = await place(client, FORCE, "  too loud here ", agent="1001")
    assert await waiting(agent) == [(FORCE, "Chen Jing", "too loud here")]
    row = await lead.until("1001", lambda row: row.order is FORCE)
    assert row.order_outcome is None
    await agent.record(OrderSettled(order, OrderOutcome.APPLIED), first=2)
    row = await lead.until("1001", lambda row: row.order_outcome is not None)
    assert row.order_outcome is OrderOutcome.APPLIED
    verify(data)


async def test_what_waits_is_sent_after_signing_in_and_what_is_settled_is_not(
    signed_in: SignedIn,
) -> None:
    lead = await signed_in("3001")
    first = await place(lead, MESSAGE, "one", agent="1001")
    await place(lead, MESSAGE, "two\nlines", agent="1001")
    agent = await signed_in("1001")
    assert await waiting(agent) == [(MESSAGE, "Sun Lei", "one"), (MESSAGE, "Sun Lei", "two\nlines")]
    await agent.record(READY, OrderSettled(first[0], OrderOutcome.SEEN))
    await place(lead, MESSAGE, "three", agent="1001")
    assert [text for _, _, text in await waiting(agent)] == ["two\nlines", "three"]


async def test_what_waits_outlives_the_service(serve: Serve, desks: Desks, data: Path) -> None:
    async with serve() as service:
        lead = await desks(service.server.address)
        await lead.resume(make_token(data, lead.key.desk, "3001"), "lead")
        await place(lead, MESSAGE, "after the restart", agent="1002")
    async with serve() as service:
        agent = await desks(service.server.address)
        await agent.resume(make_token(data, agent.key.desk, "1002"), "agent")
        assert [text for _, _, text in await waiting(agent)] == ["after the restart"]


async def test_a_repetition_places_nothing(signed_in: SignedIn) -> None:
    lead = await signed_in("3001")
    once = await place(lead, MESSAGE, agent="1001", key="k")
    again = await place(lead, MESSAGE, agent="1001", key="k")
    of_another = await place(await signed_in("2001"), MESSAGE, agent="1001", key="k")
    another = await place(lead, MESSAGE, agent="1001", key="l")
    assert once == again
    assert len({*once, *of_another, *another}) == 3


async def test_a_message_to_a_team_reaches_all_but_the_one_who_wrote_it(
    signed_in: SignedIn,
) -> None:
    agent, lead = await signed_in("1001"), await signed_in("2001")
    orders = await place(lead, MESSAGE, "meeting at five", team="A", key="k")
    assert len(orders) == 1
    assert await place(lead, MESSAGE, "meeting at five", team="A", key="k") == orders
    assert await waiting(agent) == [(MESSAGE, "Chen Jing", "meeting at five")]
    of_both = await place(await signed_in("3001"), MESSAGE, team="A")
    assert len(of_both) == 2


@pytest.mark.parametrize(
    ("actor", "what", "whom", "code"),
    [
        ("1001", MESSAGE, {"agent": "1002"}, "not_permitted"),
        ("2001", FORCE, {"agent": "1002"}, "not_permitted"),
        ("2001", MESSAGE, {"agent": "1002"}, "not_permitted"),
        ("2001", MESSAGE, {"team": "B"}, "not_permitted"),
        ("2002", FORCE, {"agent": "1003"}, "not_permitted"),
        ("2001", MESSAGE, {"agent": "2001"}, "own_order"),
        ("3001", MESSAGE, {"agent": "9999"}, "unknown_agent"),
        ("3001", MESSAGE, {"team": "Z"}, "unknown_team"),
        ("3001", FORCE, {"agent": "1002"}, "agent_signed_out"),
        ("3001", OrderKind.FORCE_SIGN_OUT, {"agent": "1002"}, "agent_signed_out"),
        ("3001", FORCE, {"team": "A"}, "malformed_message"),
        ("3001", MESSAGE, {"team": "A", "agent": "1001"}, "malformed_message"),
        ("3001", MESSAGE, {}, "malformed_message"),
        ("3001", MESSAGE, {"agent": "1001", "key": "k" * 65}, "malformed_message"),
    ],
)
async def test_who_may_ask_what_of_whom(
    signed_in: SignedIn, actor: str, what: OrderKind, whom: dict[str, str], code: str
) -> None:
    assert await refusal(await signed_in(actor), what, **whom) == code


def test_a_seat_has_so_many_orders_and_no_more_until_one_is_settled_or_expires(
    tmp_path: Path,
) -> None:
    with new_ledger(tmp_path / "data") as ledger:
        ledger.begin("1001", "a")
        projections = ledger.projections
        placer = OrderPlacer(ledger.appender, projections.orders, projections.presence)

        def message(now_ms: int) -> str:
            act = Act("3001", "", MESSAGE, "text", ("1001",))
            return placer.place(ledger.connection, act, now_ms, now_ms + 100)[0]

        with ledger.committed():
            orders = [message(1_000) for _ in range(MAX_WAITING // 2)]
        with ledger.committed():
            orders += [message(1_000) for _ in range(MAX_WAITING - MAX_WAITING // 2)]
            with pytest.raises(Refused, match="too_many_orders"):
                message(1_100)
            message(1_101)
        ledger.append("a", [OrderSettled(order, OrderOutcome.SEEN) for order in orders])
        ledger.verify()


async def test_asking_again_and_again_has_a_limit(signed_in: SignedIn) -> None:
    lead = await signed_in("3001")
    with pytest.raises(Refused, match="too_many_requests"):
        for _ in range(MAX_WAITING):
            await place(lead, MESSAGE, agent="1001")
    await place(await signed_in("2001"), MESSAGE, agent="1001")


async def test_a_seat_settles_its_own_orders_only(signed_in: SignedIn) -> None:
    lead, agent, other = [await signed_in(number) for number in ("3001", "1001", "1002")]
    (order,) = await place(lead, MESSAGE, "one", agent="1001")
    await waiting(agent)
    await other.record(OrderSettled(order, OrderOutcome.SEEN))
    await place(lead, MESSAGE, "two", agent="1001")
    assert [text for _, _, text in await waiting(agent)] == ["one", "two"]


@pytest.mark.parametrize(
    ("told", "stands"),
    [
        (("queued", "applied"), "applied"),
        (("queued", "lapsed"), "lapsed"),
        (("queued", "applied", "lapsed"), "applied"),
        (("applied", "queued"), "applied"),
        (("seen", "expired"), "seen"),
    ],
)
async def test_what_was_queued_is_told_of_again_and_anything_else_stands(
    signed_in: SignedIn, data: Path, told: tuple[str, ...], stands: str
) -> None:
    lead, agent = [await signed_in(number) for number in ("3001", "1001")]
    (order,) = await place(lead, MESSAGE, "one", agent="1001")
    for number, outcome in enumerate(told, start=1):
        await agent.record(OrderSettled(order, OrderOutcome(outcome)), first=number)
    with closing(database.open_reader(data / database.FILE)) as disk:
        shown = disk.execute("SELECT outcome FROM placed_order").fetchall()
        row = disk.execute("SELECT order_outcome FROM presence WHERE agent = '1001'").fetchall()
    assert (shown, row) == ([(stands,)], [(stands,)])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("x" * 1001, "too_long"),
        ("\x1b[2J", "unreadable"),
        ("a\x00", "unreadable"),
        ("\u202e", "unreadable"),
        ("\ud800", "unreadable"),
    ],
)
def test_a_text_that_a_terminal_could_obey_is_none(text: str, fault: str) -> None:
    with pytest.raises(Refused) as refused:
        check_text(text)
    assert (refused.value.code, refused.value.params) == (
        "bad_text",
        {"fault": fault, "most": MAX_TEXT},
    )


@given(st.text(st.sampled_from("a好 \n\u3000?"), max_size=MAX_TEXT - 2))
def test_any_other_text_is_kept_but_for_what_surrounds_it(text: str) -> None:
    assert check_text(f" \n.{text}.\n") == f".{text}."
