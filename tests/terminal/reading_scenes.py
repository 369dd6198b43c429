"""A person with something to study, for tests and pictures: the fake seat opens and closes it."""

from datetime import timedelta

import msgspec

from protocol.facts.agent import Reason, State
from protocol.facts.training import AssignCause
from protocol.wire import desk, desk_training, training
from protocol.wire.desk_training import DeskTraining
from protocol.wire.relayed import RelayedRequest
from protocol.wire.training import (
    AssignmentRow,
    Assignments,
    ItemRow,
    OfferCause,
    OwnTraining,
    TrainingOffer,
    TrainingText,
)
from tests.terminal.fake_seat import NOW, FakeSeat
from tests.terminal.requests_scenes import NAMES, ago
from tests.terminal.scenes import status

READING = status(State.NOT_READY, reason=Reason.TRAINING)

REFUNDS = """# Refunds 退款

Ask for the **order number** first. [red]Nothing[/red] here is markup, <b>nor</b> HTML.

- within 7 days: refund at once
- later:
  1. look at the payment
  2. hand over to the 二线

![where the number stands](order.png)

## What to say 标准话术

> 您好，我这边先帮您核对一下订单信息，请您稍等，核对完成后我会马上告诉您退款的时间和金额。

| days | who | how long |
|---|---|---|
| 0–7 | 一线 | 10 min |
| 8–30 | 二线 | 2 h |

[a good call](calls/4711.mp3), and the [rules](https://example.invalid/rules).

# The end

One more word.
"""

OPEN = AssignmentRow(
    assignment="a1",
    number=7,
    task="t1",
    name="商城退款新规 Refund rules",
    type="业务培训",
    agent="1001",
    items=(
        ItemRow("k1", 3, "开场白", credited_s=84, done=True, section=1),
        ItemRow("k2", 1, "Refunds 退款"),
        ItemRow("k3", 2, "投诉升级 Escalation", credited_s=30, section=2),
    ),
    items_done=1,
    trained_s=114,
    min_seconds=420,
    actor="2001",
    cause=AssignCause.MANUAL,
    assigned_ms=ago(days=2),
    started_ms=ago(days=1),
    due_ms=ago(days=-2),
)
LATE = msgspec.structs.replace(
    OPEN,
    assignment="a2",
    number=8,
    name="Headsets",
    type="",
    items=(ItemRow("k9", 1, "Care of headsets"),),
    items_done=0,
    trained_s=0,
    min_seconds=0,
    started_ms=None,
    due_ms=ago(hours=3),
)
COMPLETED = msgspec.structs.replace(
    OPEN,
    assignment="a0",
    number=3,
    name="入职培训",
    items=(ItemRow("k0", 1, "欢迎", credited_s=500, done=True),),
    trained_s=500,
    done_ms=ago(hours=30),
)
OFFER = TrainingOffer("a1", OfferCause.PUSHED, "2001", ago(minutes=-10), postponed=0)
OWN = OwnTraining((OPEN, LATE))
TOLD = DeskTraining(OWN)


def offered(postponed: int = 0, cause: OfferCause = OfferCause.PUSHED) -> DeskTraining:
    """It offers itself."""
    offer = msgspec.structs.replace(OFFER, postponed=postponed, cause=cause)
    return DeskTraining(msgspec.structs.replace(OWN, offer=offer), offered=True)


def reading(content: str, **changes: object) -> DeskTraining:
    """What the seat tells while a content of the first task is open, its clock running for 10 s."""
    known = DeskTraining(
        OWN,
        assignment="a1",
        content=content,
        running=True,
        since_ms=round((NOW - timedelta(seconds=10)).timestamp() * 1000),
    )
    return msgspec.structs.replace(known, **changes)


def recalled(content: str, who: str) -> DeskTraining:
    """The same, and somebody asks back to the line."""
    own = msgspec.structs.replace(OWN, recalled_by=who, recalled_ms=ago(seconds=5))
    return reading(content, own=own)


def prepare(seat: FakeSeat, text: str = REFUNDS) -> None:
    """The service has a text for every content, and the seat opens what it is asked to."""
    seat.training = TOLD

    def told(message: RelayedRequest) -> TrainingText:
        assert isinstance(message, training.GetTrainingText)
        return TrainingText(0, message.assignment, message.content, "Refunds 退款", text)

    def react(request: desk.AnyRequest) -> None:
        if isinstance(request, desk_training.OpenItem):
            seat.tell(state=State.NOT_READY, reason=Reason.TRAINING)
            seat.send(reading(request.content))
        if isinstance(request, desk_training.CloseItem):
            seat.send(TOLD)

    def every(message: RelayedRequest) -> Assignments:
        assert isinstance(message, training.GetAssignments)
        rows = (LATE, OPEN, COMPLETED)[message.page - 1 :]
        return Assignments(0, rows, message.page, 2, 53, NAMES)

    seat.service[training.GetTrainingText] = told
    seat.service[training.GetAssignments] = every
    seat.react = react
