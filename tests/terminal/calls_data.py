"""Lines of business, calls and messages as a seat tells them, for tests and pictures."""

from datetime import timedelta

import msgspec

from protocol.facts.call import Direction
from protocol.facts.order import OrderKind
from protocol.rules.lines import CodeItem, Line
from protocol.wire.calls import PastCall
from protocol.wire.desk_call import CallRow, LastCall, WrappedUp
from protocol.wire.orders import Order
from tests.terminal.fake_seat import NOW


def _item(code: str, english: str, chinese: str) -> CodeItem:
    return CodeItem(code, {"en": english, "zh_CN": chinese})


LINE = Line(
    "complaints",
    {"en": "Complaints", "zh_CN": "投诉专线"},
    wrap_up_needed=True,
    categories=(
        _item("D01", "Delivery late", "配送延误"),
        _item("D02", "Delivery damaged", "配送破损"),
        _item("D03", "Delivered to somebody else", "误送他人"),
        _item("B01", "Billed twice", "重复扣款"),
        _item("B02", "Invoice missing", "发票缺失"),
        _item("S01", "Rude service", "服务态度"),
        _item("Q01", "Quality of goods", "商品质量"),
        _item("X01", "Something else", "其他"),
    ),
    outcomes=(
        _item("OK", "Resolved in the call", "当场解决"),
        _item("CB", "Call-back promised", "约定回拨"),
        _item("TK", "Ticket opened", "已派单"),
        _item("NO", "Not resolved", "未解决"),
    ),
    actions=(
        _item("refund", "Refund", "退款"),
        _item("voucher", "Voucher", "补偿券"),
        _item("resend", "Send again", "重新发货"),
        _item("note", "Note to the supplier", "通知供应商"),
    ),
)
PLAIN_LINE = Line("sales", {"en": "Sales", "zh_CN": "销售"})

WRAPPED = WrappedUp(
    category="D02",
    outcome="CB",
    actions=("refund", "resend"),
    note="外箱破损，客户要求当天补发；已核对地址。",
    call_back_at=NOW + timedelta(hours=18, minutes=57),
)


def last_call(**changes: object) -> LastCall:
    """The call of `call()` in the fake seat."""
    known = LastCall("c1", "13800138000", LINE.name, WrappedUp(), 1)
    return msgspec.structs.replace(known, **changes)


PAST = (
    PastCall(
        at=NOW - timedelta(days=2, hours=3),
        direction="inbound",
        agent="1004",
        agent_name="欧阳娜娜",
        answered=True,
        talk_s=190,
        line=LINE.name,
        category="D01",
        outcome="TK",
        note="订单 8841 已延误三天，催办物流。",
        promised=NOW + timedelta(hours=1),
    ),
    PastCall(
        at=NOW - timedelta(days=9),
        direction="outbound",
        agent="1002",
        agent_name="Ann-Kathrin Oberländer",
        answered=True,
        talk_s=64,
        line=LINE.name,
        category="B01",
        outcome="OK",
    ),
    PastCall(
        at=NOW - timedelta(days=9, minutes=12),
        direction="inbound",
        agent="1002",
        agent_name="Ann-Kathrin Oberländer",
        answered=False,
        talk_s=None,
    ),
)


def call_row(id: str, minutes: float, **changes: object) -> CallRow:
    """A call so many minutes ago."""
    known = CallRow(
        id=id,
        at=NOW - timedelta(minutes=minutes),
        direction=Direction.INBOUND,
        peer="13800138000",
        peer_name="张先生",
        answered=True,
        missed="",
        ended="bye",
        talk_s=185,
        line=LINE.name,
        wrapped_up=WrappedUp(),
        owed=False,
        due=None,
        can_call_back=True,
    )
    return msgspec.structs.replace(known, **changes)


ROWS = (
    call_row("r1", 8, wrapped_up=msgspec.structs.replace(WRAPPED, call_back_at=None)),
    call_row(
        "r2", 25, peer="02066668888", peer_name="", answered=False, missed="TIMEOUT", talk_s=None
    ),
    call_row("r3", 47, direction=Direction.OUTBOUND, answered=False, ended="failed", talk_s=None),
    call_row(
        "r4",
        95,
        peer="13911112222",
        peer_name="李女士（VIP，常来电）",
        wrapped_up=WRAPPED,
        owed=True,
        due=WRAPPED.call_back_at,
    ),
    call_row("r5", 130, peer="13655556666", ended="phone_fault", owed=True, talk_s=31),
    call_row(
        "r6",
        60 * 26,
        peer="sip:kunde@example.test",
        peer_name="Björk Guðmundsdóttir",
        owed=True,
        due=NOW - timedelta(minutes=33),
        can_call_back=False,
    ),
)


def order(id: str, what: OrderKind, text: str, minutes: float = 2) -> Order:
    """Asked by a lead so many minutes ago."""
    placed_ms = int((NOW - timedelta(minutes=minutes)).timestamp() * 1000)
    return Order(id, what, "2001", "陈静", text, placed_ms, placed_ms + 3_600_000)


ORDERS = (
    order("o1", OrderKind.FORCE_NOT_READY, "请到 3 号会议室，紧急说明新流程", 2),
    order("o2", OrderKind.MESSAGE, "订单系统 15:00–15:10 重启，先记在备注里。", 1),
)
