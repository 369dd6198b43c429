"""What the service tells of training, for tests and pictures."""

from base64 import b64encode

from msgspec.structs import replace

from protocol.facts.document import AssignRule, TrainingContent, TrainingTask, TrainingType
from protocol.facts.training import AssignCause
from protocol.wire import documents, training
from protocol.wire.documents import DocumentRow, Documents, DocumentsDone, DocumentStands
from protocol.wire.errors import Code
from protocol.wire.relayed import RelayedRequest
from protocol.wire.session import Person, Role
from protocol.wire.training import (
    Assigned,
    AssignmentRow,
    Assignments,
    AssignmentsDone,
    ItemRow,
    StatisticsRow,
    Trainees,
    TrainingStatistics,
)
from tests.terminal.fake_seat import FakeSeat
from tests.terminal.requests_scenes import NAMES, ago

TEXT = "# 登录商城\n\n先核对 **店铺编号** [b]x[/b]。\n\n## 下架\n\n- 违规\n- 缺货\n"


def row(
    document: str, number: int, body: documents.AnyBody, days: int, **more: object
) -> DocumentRow:
    """A document that somebody wrote so many days ago and changed later."""
    known: dict[str, object] = {
        "version": 3,
        "enabled": True,
        "author": "2001",
        "created_ms": ago(days=days),
        "changed_by": "1003",
        "changed_ms": ago(hours=days),
    }
    return DocumentRow(document=document, number=number, body=body, **(known | more))  # type: ignore[arg-type] # the row's own fields


TYPES = (
    row("ty1", 1, TrainingType("业务培训", 1, "all lines"), 90, used=3),
    row("ty2", 2, TrainingType("财务培训", 2), 80, used=1, author="1002"),
    row("ty3", 3, TrainingType("Soft skills", 3), 60, enabled=False),
)
CONTENTS = (
    row(
        "co1",
        1,
        TrainingContent("商城上下架流程 [red] 与常见问题", "ty1", "", ("商城", "上架"), 1, "新版"),
        30,
        parent="业务培训",
    ),
    row(
        "co2", 2, TrainingContent("Supplier review", "ty1", "", ("audit",), 2), 20,
        parent="业务培训", author="1002",
    ),
    row("co3", 3, TrainingContent("招投标咨询", "ty1", "", (), 3), 9, parent="业务培训"),
    row(
        "co4", 4, TrainingContent("发票红冲", "ty2", "", (), 10), 2,
        parent="财务培训", enabled=False,
    ),
)  # fmt: skip
TASKS = (
    row(
        "ta2",
        2,
        TrainingTask(
            "供应商审核新规", "ty1", 2, (), 600, 7, (AssignRule.NEW_STAFF,), "before peak"
        ),
        1,
        parent="业务培训",
    ),
    row("ta1", 1, TrainingTask("测试测试1", "", 0, ("co1", "co3"), 240), 40, author="1002"),
)
PEOPLE = (
    Person("1001", "王丽", (Role.AGENT,), "投诉一组"),
    Person("1002", "Ann-Kathrin Oberländer", (Role.AGENT,), "Night shift"),
    Person("1003", "李建国", (Role.AGENT,), "投诉一组"),
    Person("2001", "赵敏", (Role.SUPERVISOR,)),
)
TEAMS = ("Night shift", "投诉一组")
ITEMS = (
    ItemRow("co1", 3, "商城上下架流程", 84, True),
    ItemRow("co3", 1, "招投标咨询", 356),
)


def assignment(name: str, agent: str, task: int, **more: object) -> AssignmentRow:
    """One of a week ago."""
    body = TASKS[task].body
    assert isinstance(body, TrainingTask)
    known: dict[str, object] = {
        "items_done": 0,
        "trained_s": 0,
        "actor": "2001",
        "cause": AssignCause.MANUAL,
        "assigned_ms": ago(days=7),
    }
    return AssignmentRow(
        assignment=name,
        number=TASKS[task].number,
        task=TASKS[task].document,
        name=body.name,
        type=TASKS[task].parent,
        agent=agent,
        items=ITEMS,
        min_seconds=body.min_seconds,
        **(known | more),  # type: ignore[arg-type] # the row's own fields
    )


ASSIGNMENTS = (
    assignment("as1", "1001", 1, items_done=1, trained_s=440, started_ms=ago(days=1)),
    assignment("as2", "1002", 0, due_ms=ago(hours=3), postponed=2, cause=AssignCause.NEW_STAFF),
    assignment(
        "as3",
        "1003",
        0,
        items_done=2,
        trained_s=3723,
        started_ms=ago(days=2),
        done_ms=ago(days=1),
    ),
)
STATISTICS = TrainingStatistics(
    0,
    (
        StatisticsRow("ta1", 1, "测试测试1", 9, 8, 1, 11.11, 84),
        StatisticsRow("ta2", 2, "供应商审核新规", 0, 0, 0, None, 0),
    ),
    b64encode(b"an Excel file").decode(),
)
_LISTED = {"training_type": TYPES, "training_content": CONTENTS, "training_task": TASKS}
_PARENTS = {"ty1": "业务培训", "ty2": "财务培训", "ty3": "Soft skills"}


def answer_training(seat: FakeSeat) -> None:
    """Let the service know all of this, and take what is sent to it."""
    seat.service |= {
        documents.GetDocuments: _listed,
        documents.GetDocument: _whole,
        documents.PutDocument: _put,
        documents.EnableDocuments: _changed,
        documents.RemoveDocuments: _changed,
        training.GetTrainees: lambda _: Trainees(0, PEOPLE, TEAMS),
        training.Assign: lambda _: Assigned(0, ("1002",), ("1001", "1003")),
        training.Redraw: lambda _: AssignmentsDone(0, ("as2",), 1),
        training.WithdrawAssignments: lambda _: AssignmentsDone(0, ("as1",)),
        training.PushTraining: lambda _: AssignmentsDone(0, ("as1",)),
        training.RecallTraining: lambda _: AssignmentsDone(0, ("1001",), 1),
        training.GetAssignments: lambda _: Assignments(0, ASSIGNMENTS, 1, 1, 3, NAMES),
        training.GetTrainingStatistics: lambda _: STATISTICS,
    }


def _listed(message: RelayedRequest) -> Documents:
    assert isinstance(message, documents.GetDocuments)
    rows = _LISTED[message.what]
    pages = 1 if message.enabled_only else 3
    return Documents(0, rows, message.page, pages, 100 + len(rows), NAMES, _PARENTS)


def _whole(message: RelayedRequest) -> DocumentStands:
    """Contents with their text."""
    assert isinstance(message, documents.GetDocument)
    every = {each.document: each for each in (*TYPES, *CONTENTS, *TASKS)}
    found = every[message.document]
    return DocumentStands(0, _with_text(found))


def _with_text(found: DocumentRow) -> DocumentRow:
    if isinstance(found.body, TrainingContent):
        return replace(found, body=replace(found.body, text=TEXT))
    return found


def _put(message: RelayedRequest) -> DocumentStands:
    assert isinstance(message, documents.PutDocument)
    return DocumentStands(0, row(message.document or "new", 9, message.body, 1))


def _changed(message: RelayedRequest) -> DocumentsDone:
    """The first is kept as it is where there are several."""
    assert isinstance(message, documents.EnableDocuments | documents.RemoveDocuments)
    kept = message.documents[:-1]
    return DocumentsDone(0, message.documents[-1:], dict.fromkeys(kept, Code.DOCUMENT_USED))
