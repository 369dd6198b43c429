"""Handing over: written once, taken over by whom it is for, settled item by item, and seen."""

from pathlib import Path

import pytest

from agent_service.commands.ledger import verify
from protocol.facts.handover import HandoverItem, ItemKind
from protocol.wire import handover
from protocol.wire.handover import MAX_ITEMS, HandoverRow, Handovers, HandoverStands
from tests.service.client import Client
from tests.service.conftest import SignedIn
from tests.service.people import hire
from tests.service.roster_requests import COLLEAGUE, Time, refusal

OPEN = HandoverItem(ItemKind.OPEN, "call Mr Li back")
DAY_MS = 86_400_000
LATER = HandoverItem(ItemKind.FOLLOW_UP, " at five ", due_ms=5_000, call="c1")


@pytest.fixture
def data(data: Path) -> Path:
    """With two agents in team A."""
    hire(data, [COLLEAGUE], "-")
    return data


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """The clock of the service that is started after this."""
    return Time(monkeypatch)


async def write(client: Client, *items: HandoverItem, to: str = "", key: str = "") -> HandoverRow:
    """Raises `Refused`."""
    return await _row(client, handover.WriteHandover(client.next_id(), key, to, items))


async def confirm(client: Client, name: str) -> HandoverRow:
    """Raises `Refused`."""
    return await _row(client, handover.ConfirmHandover(client.next_id(), name, "seen"))


async def settle(client: Client, name: str, item: int) -> HandoverRow:
    """Raises `Refused`."""
    return await _row(client, handover.SettleItem(client.next_id(), name, item))


async def listed(client: Client, open_only: bool = True) -> Handovers:
    """Raises `Refused`."""
    reply = await client.request(handover.GetHandovers(client.next_id(), open_only))
    assert isinstance(reply, Handovers)
    return reply


async def names(client: Client, open_only: bool = True) -> list[str]:
    """The handovers that somebody sees."""
    return [row.handover for row in (await listed(client, open_only)).rows]


async def _row(
    client: Client,
    message: handover.WriteHandover | handover.ConfirmHandover | handover.SettleItem,
) -> HandoverRow:
    reply = await client.request(message)
    assert isinstance(reply, HandoverStands)
    return reply.row


async def test_it_is_written_taken_over_and_settled_once(signed_in: SignedIn, data: Path) -> None:
    outgoing, incoming = await signed_in("1001"), await signed_in("1004")
    row = await write(outgoing, OPEN, LATER, key="k")
    assert [item.text for item in row.items] == ["call Mr Li back", "at five"]
    assert await write(outgoing, OPEN, LATER, key="k") == row
    assert await refusal(confirm(outgoing, row.handover)) == "own_case"
    taken = await confirm(incoming, row.handover)
    assert (taken.confirmed_by, taken.confirmation) == ("1004", "seen")
    assert await confirm(incoming, row.handover) == taken
    assert await refusal(confirm(await signed_in("2001"), row.handover)) == "already_decided"
    first = await settle(incoming, row.handover, 0)
    assert await settle(incoming, row.handover, 0) == first
    assert await refusal(settle(outgoing, row.handover, 0)) == "unknown_item"
    assert await refusal(settle(outgoing, row.handover, 2)) == "unknown_item"
    assert await refusal(settle(outgoing, row.handover, -1)) == "unknown_item"
    assert await names(incoming) == [row.handover]
    done = await settle(outgoing, row.handover, 1)
    assert done.settled == {0: "1004", 1: "1001"}
    assert await names(incoming) == []
    assert await names(incoming, open_only=False) == [row.handover]
    assert (await listed(incoming, open_only=False)).names == {"1001": "王芳", "1004": "Qian Yu"}
    verify(data)


async def test_it_is_for_whom_it_names(signed_in: SignedIn) -> None:
    numbers = ("1001", "1002", "1004", "2001", "2002", "3001")
    people = {number: await signed_in(number) for number in numbers}
    row = await write(people["1001"], OPEN, to="1002")
    refused = [await refusal(confirm(people[number], row.handover)) for number in ("1004", "2002")]
    assert refused == ["not_permitted"] * 2
    assert await refusal(settle(people["2002"], row.handover, 0)) == "not_permitted"
    seen = {number: await names(client) for number, client in people.items()}
    assert [number for number in numbers if not seen[number]] == ["2002"]
    assert (await confirm(people["1002"], row.handover)).confirmed_by == "1002"


async def test_the_lead_takes_over_for_somebody_who_does_not_come(signed_in: SignedIn) -> None:
    row = await write(await signed_in("1001"), OPEN, to="1002")
    assert (await confirm(await signed_in("2001"), row.handover)).confirmed_by == "2001"


@pytest.mark.parametrize(
    ("actor", "items", "to", "code"),
    [
        ("1001", [OPEN], "9999", "unknown_agent"),
        ("1001", [OPEN], "1001", "own_order"),
        ("1003", [OPEN], "", "unknown_team"),
        ("1001", [], "1004", "malformed_message"),
        ("1001", [OPEN] * (MAX_ITEMS + 1), "1004", "malformed_message"),
        ("1001", [HandoverItem(ItemKind.ISSUE, "x" * 1001)], "", "bad_text"),
        ("1001", [OPEN, HandoverItem(ItemKind.ISSUE, " ")], "", "bad_text"),
        ("1001", [HandoverItem(ItemKind.ISSUE, "\x1b[2J")], "", "bad_text"),
        ("1001", [HandoverItem(ItemKind.ISSUE, "x", call="c" * 257)], "", "malformed_message"),
        ("1001", [HandoverItem(ItemKind.ISSUE, "x", call="\x1b]0;c\x07")], "", "bad_text"),
        ("1001", [HandoverItem(ItemKind.ISSUE, "x", call="c\u202e")], "", "bad_text"),
    ],
)
async def test_what_is_no_handover(
    signed_in: SignedIn, actor: str, items: list[HandoverItem], to: str, code: str
) -> None:
    assert await refusal(write(await signed_in(actor), *items, to=to)) == code


async def test_one_that_nobody_wrote(signed_in: SignedIn) -> None:
    client = await signed_in("1001")
    assert await refusal(confirm(client, "nothing")) == "unknown_handover"
    assert await refusal(settle(client, "nothing", 0)) == "unknown_handover"


async def test_a_long_list_fits_a_frame_and_says_what_it_leaves_off(signed_in: SignedIn) -> None:
    client = await signed_in("1001")
    long = [HandoverItem(ItemKind.OPEN, "好" * 1000)] * MAX_ITEMS
    written = [await write(client, *long) for _ in range(5)]
    told = await listed(client)
    assert 0 < len(told.rows) < len(written)
    assert told.left_off == len(written) - len(told.rows)
    assert told.rows[0] == written[-1]


async def test_what_is_open_stays_listed_however_old_it_is(time: Time, signed_in: SignedIn) -> None:
    outgoing, incoming = await signed_in("1001"), await signed_in("1004")
    row, done = await write(outgoing, OPEN), await write(outgoing, OPEN)
    await confirm(incoming, row.handover)
    await confirm(incoming, done.handover)
    await settle(incoming, done.handover, 0)
    time.go_to(row.written_ms + 60 * DAY_MS)
    assert await names(incoming) == [row.handover]
    assert await names(incoming, open_only=False) == [row.handover]


async def test_the_number_of_a_call_is_kept_masked(signed_in: SignedIn) -> None:
    item = HandoverItem(ItemKind.OPEN, "call back", None, "c1", 1, "13800138000")
    row = await write(await signed_in("1001"), item)
    (kept,) = row.items
    assert (kept.call, kept.call_ms, kept.call_peer) == ("c1", 1, "138****8000")
