"""When what an entry tells of happened."""

from agent_service.ledger.chain import Entry


def occurred_ms(entry: Entry) -> int | None:
    """What the seat said, but never after it was received; null where it did not know."""
    return not_after(entry.occurred_ms, entry.received_ms)


def not_after(occurred_ms: int | None, received_ms: int) -> int | None:
    """An instant, or that of the receipt when it is said to be later than that."""
    if occurred_ms is None or 0 <= occurred_ms <= received_ms:
        return occurred_ms
    return max(0, min(occurred_ms, received_ms))
