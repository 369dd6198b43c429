"""Lists of types, contents and tasks: paging, ticks, deleting, enabling, and the forms."""

import pytest
from textual.widgets import Input, OptionList, TextArea

from agent_client.terminal.screens.document_form import DocumentForm
from agent_client.terminal.screens.documents import DocumentsSheet
from agent_client.terminal.screens.field_fault import FieldFault
from agent_client.terminal.screens.help import HelpSheet
from agent_client.terminal.screens.markdown_preview import MarkdownPreview
from agent_client.terminal.screens.palette import Palette
from agent_client.terminal.screens.training_content import ContentForm, keywords_in
from agent_client.terminal.screens.training_lists import ContentsSheet, TasksSheet
from agent_client.terminal.screens.training_menu import TrainingMenu
from agent_client.terminal.screens.training_task import TaskForm
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.widgets.pick import Pick
from protocol.facts.document import AssignRule, TrainingContent, TrainingTask, TrainingType
from protocol.wire.documents import (
    DocumentFault,
    DocumentField,
    DocumentOrder,
    DocumentRow,
    DocumentStands,
    EnableDocuments,
    GetDocument,
    GetDocuments,
    PutDocument,
    RemoveDocuments,
    bad_document,
)
from protocol.wire.errors import Code, Refused
from protocol.wire.relayed import RelayedRequest
from protocol.wire.session import Role
from tests.terminal.fake_seat import FakeSeat
from tests.terminal.scenes import status
from tests.terminal.sheets import AGENT, LEADER, sent, signed_in
from tests.terminal.showing import reads, text_of
from tests.terminal.training_scenes import CONTENTS, answer_training, row
from tests.terminal.waiting import until

TRAINER = status(AGENT.state, agent="2001", roles=(Role.TRAINER,))


def asked(seat: FakeSeat) -> list[GetDocuments]:
    """The pages that were asked for, not the choices of forms."""
    return [each for each in sent(seat, GetDocuments) if not each.enabled_only]


@pytest.fixture
async def contents(terminal, seat: FakeSeat):
    """The list of contents, of a trainer at a desk."""
    answer_training(seat)
    async with signed_in(terminal, seat, TRAINER) as (app, pilot):
        await pilot.press("1")
        await until(lambda: isinstance(app.screen, TrainingMenu))
        await pilot.press("3")
        await reads(app, "Supplier review")
        yield app, pilot


@pytest.fixture
async def tasks(terminal, seat: FakeSeat):
    """The list of tasks, of a trainer at a desk."""
    answer_training(seat)
    async with signed_in(terminal, seat, TRAINER) as (app, pilot):
        await pilot.press("1")
        await until(lambda: isinstance(app.screen, TrainingMenu))
        await pilot.press("2")
        await reads(app, "测试测试1")
        yield app, pilot


async def test_an_agent_is_offered_none_of_it(terminal, seat: FakeSeat) -> None:
    async with signed_in(terminal, seat) as (app, pilot):
        await pilot.press("1")
        assert not isinstance(app.screen, TrainingMenu)
        await pilot.press("f12")
        await until(lambda: isinstance(app.screen, Palette) and app.screen.query(OptionList))
        await until(lambda: app.screen.query_one(OptionList).option_count)
        names = {option.id for option in app.screen.query_one(OptionList).options}
        assert "calls" in names
        assert "teaching" not in names
        await pilot.press("escape", "f1")
        await until(lambda: isinstance(app.screen, HelpSheet))
        assert not any("Training…" in str(line.visual) for line in app.screen.query(Line))


async def test_a_leader_assigns_tasks_and_writes_none(terminal, seat: FakeSeat) -> None:
    answer_training(seat)
    async with signed_in(terminal, seat, LEADER, supervisor=True) as (app, pilot):
        await pilot.press("1")
        await reads(app, "Training centre")
        assert "Training contents" not in text_of(app)
        await pilot.press("2")
        await reads(app, "测试测试1")
        await pilot.press("n", "d", "e")
        assert isinstance(app.screen, TasksSheet)
        await pilot.press("enter")
        await reads(app, "Assign training")


async def test_pages_orders_and_types_are_asked_for(contents, seat: FakeSeat) -> None:
    app, pilot = contents
    await reads(app, "104 in all · page 1 of 3")
    await pilot.press("greater_than_sign")
    await reads(app, "page 2 of 3")
    await pilot.press("full_stop", "full_stop", "full_stop")
    await reads(app, "page 3 of 3")
    await pilot.press("less_than_sign")
    await reads(app, "page 2 of 3")
    await pilot.press("o")
    await reads(app, "↓ newest first")
    await pilot.press("f", "down", "down", "enter")
    await reads(app, "财务培训 · ↓ newest first")
    last = asked(seat)[-1]
    assert (last.page, last.order, last.parent) == (1, DocumentOrder.NUMBER, "ty2")
    assert max(each.page for each in asked(seat)) == 3


async def test_searching_and_finding_all_again(contents, seat: FakeSeat) -> None:
    app, pilot = contents
    await pilot.press("slash", *"审核 new", "enter")
    await reads(app, "found: 审核 new")
    assert asked(seat)[-1].search == "审核 new"
    await pilot.press("escape")
    await until(lambda: asked(seat)[-1].search == "")
    assert isinstance(app.screen, ContentsSheet)
    await pilot.press("escape")
    await until(lambda: not isinstance(app.screen, DocumentsSheet))


async def test_what_is_ticked_is_deleted_once_it_is_confirmed(contents, seat: FakeSeat) -> None:
    app, pilot = contents
    await pilot.press("space", "space", "d")
    await reads(app, "Delete 2?")
    await reads(app, "A content is in no list and in no draw any more")
    await pilot.press("enter")
    await until(lambda: isinstance(app.screen, ContentsSheet))
    assert sent(seat, RemoveDocuments) == []
    await pilot.press("d", "down", "enter")
    await until(lambda: sent(seat, RemoveDocuments))
    assert sent(seat, RemoveDocuments)[0].documents == ("co1", "co2")
    await reads(app, "Deleted: 1. Left as they were: 商城上下架流程 [red] 与常见问…: It is used")
    await reads(app, "✓ ticked: 1")


async def test_the_row_under_the_cursor_is_enabled_or_disabled(contents, seat: FakeSeat) -> None:
    app, pilot = contents
    await pilot.press("e")
    await reads(app, "Disabled: 1.")
    await pilot.press("end", "e")
    await reads(app, "Enabled: 1.")
    told = [(each.documents, each.enabled) for each in sent(seat, EnableDocuments)]
    assert told == [(("co1",), False), (("co4",), True)]


async def test_a_content_is_opened_whole_and_written_again(contents, seat: FakeSeat) -> None:
    app, pilot = contents
    await pilot.press("enter")
    await until(lambda: isinstance(app.screen, ContentForm))
    assert sent(seat, GetDocument) == [GetDocument(0, "co1")]
    text = app.screen.query_one(TextArea).text
    await pilot.press("end", *" 2", "enter", "enter", "enter", "enter")
    assert isinstance(app.focused, TextArea)
    await pilot.press("ctrl+r")
    await until(lambda: isinstance(app.screen, MarkdownPreview))
    await reads(app, "── page 2 of 2 ──")
    assert "[b]x[/b]" in text_of(app)
    await pilot.press("escape")
    await pilot.press("tab", "enter")
    await until(lambda: isinstance(app.screen, ContentsSheet))
    (put,) = sent(seat, PutDocument)
    assert isinstance(put.body, TrainingContent)
    assert (put.document, put.base, put.body.text) == ("co1", 3, text)
    assert put.body.name == "商城上下架流程 [red] 与常见问题 2"
    assert put.body.keywords == ("商城", "上架")
    await reads(app, "Kept on the service's disk")


async def test_a_refusal_goes_to_the_field_and_loses_nothing(contents, seat: FakeSeat) -> None:
    app, pilot = contents
    refusals = [bad_document(DocumentField.NAME, DocumentFault.NAME_TAKEN)]

    def put(message: RelayedRequest) -> DocumentStands:
        assert isinstance(message, PutDocument)
        while refusals:
            raise refusals.pop()
        return DocumentStands(0, row("x", 9, message.body, 1))

    seat.service[PutDocument] = put
    await pilot.press("n")
    await until(lambda: isinstance(app.screen, ContentForm))
    await pilot.press(*"Lines", "ctrl+s")
    await until(lambda: app.screen.query_one(FieldFault).display)
    assert app.focused is app.screen.query_one("#content-name")
    assert app.screen.query_one("#content-name", Input).value == "Lines"
    await pilot.press("ctrl+s")
    await until(lambda: isinstance(app.screen, ContentsSheet))
    first, second = sent(seat, PutDocument)
    assert first == second


async def test_what_somebody_else_wrote_is_said_and_what_is_typed_comes_after_it(
    contents, seat: FakeSeat
) -> None:
    app, pilot = contents
    newer = row("co2", 2, CONTENTS[1].body, 1, version=4)

    def whole(_: RelayedRequest) -> DocumentStands:
        known: DocumentRow = newer if sent(seat, PutDocument) else CONTENTS[1]
        return DocumentStands(0, known)

    def put(message: RelayedRequest) -> DocumentStands:
        assert isinstance(message, PutDocument)
        if message.base < newer.version:
            raise Refused(Code.DOCUMENT_CHANGED)
        return DocumentStands(0, newer)

    seat.service |= {GetDocument: whole, PutDocument: put}
    await pilot.press("down", "enter")
    await until(lambda: isinstance(app.screen, ContentForm))
    await pilot.press("end", *" 7", "ctrl+s")
    await reads(app, "1003 wrote version 4")
    assert app.screen.query_one("#content-name", Input).value == "Supplier review 7"
    await pilot.press("ctrl+s")
    await until(lambda: isinstance(app.screen, ContentsSheet))
    assert [each.base for each in sent(seat, PutDocument)] == [3, 4]


async def test_what_is_written_is_lost_only_at_the_second_escape(contents) -> None:
    app, pilot = contents
    await pilot.press("n")
    await until(lambda: isinstance(app.screen, ContentForm))
    await pilot.press("x", "escape")
    await reads(app, "What is written here would be lost")
    await pilot.press("y", "escape")
    assert isinstance(app.screen, ContentForm)
    await pilot.press("escape")
    await until(lambda: isinstance(app.screen, ContentsSheet))


async def test_a_task_is_made_of_the_ticked_contents(contents, seat: FakeSeat) -> None:
    app, pilot = contents
    await pilot.press("down", "space", "up", "up", "space", "g")
    await until(lambda: isinstance(app.screen, TaskForm))
    await reads(app, "Everybody gets the contents that were chosen: 2.")
    assert not app.screen.query_one("#task-count").parent.display
    await pilot.press(*"Peak", "tab", *"300", "tab", "tab", "space", *["tab"] * 2, "enter")
    await until(lambda: sent(seat, PutDocument))
    (put,) = sent(seat, PutDocument)
    wanted = TrainingTask(
        "Peak", contents=("co2", "co1"), min_seconds=300, rules=(AssignRule.NEW_STAFF,)
    )
    assert (put.document, put.body) == ("", wanted)


async def test_a_task_says_how_many_contents_there_are(tasks, seat: FakeSeat) -> None:
    app, pilot = tasks
    await pilot.press("n")
    await until(lambda: isinstance(app.screen, TaskForm))
    await reads(app, "Enabled contents of 业务培训: 3.")
    await pilot.press(*"New", "tab", "right", "tab", *"2")
    await reads(app, "! Enabled contents of 财务培训: 1 only.")
    seat.service[PutDocument] = _too_few
    await pilot.press("tab", *["tab"] * 4, "enter")
    await reads(app, "The task asks for 2 contents")
    assert app.focused is app.screen.query_one("#task-count")
    (put,) = sent(seat, PutDocument)
    assert put.body == TrainingTask("New", "ty2", 2)


def _too_few(_: RelayedRequest) -> DocumentStands:
    raise Refused(Code.N_EXCEEDS_CONTENT, count=2, there=1)


async def test_no_rule_is_offered_that_nothing_follows(tasks) -> None:
    """Nothing inspects calls, so that nothing is ever found."""
    app, pilot = tasks
    await pilot.press("n")
    await until(lambda: isinstance(app.screen, TaskForm))
    offered = [pick.id for pick in app.screen.query(Pick)]
    assert offered == ["task-type", "rule-new-staff", "rule-content-changed"]


async def test_a_number_takes_digits_alone(tasks) -> None:
    app, pilot = tasks
    await pilot.press("n")
    await until(lambda: isinstance(app.screen, TaskForm))
    app.screen.query_one("#task-seconds", Input).focus()
    await pilot.press(*"-1x２.5")
    form = app.screen
    assert isinstance(form, DocumentForm)
    assert form.number("task-seconds") == 125


async def test_a_type_is_added(terminal, seat: FakeSeat) -> None:
    answer_training(seat)
    async with signed_in(terminal, seat, TRAINER) as (app, pilot):
        await pilot.press("1")
        await until(lambda: isinstance(app.screen, TrainingMenu))
        await pilot.press("4")
        await reads(app, "Soft skills")
        await pilot.press("f", "n")
        await reads(app, "Contents and tasks are sorted by types.")
        await pilot.press(*"电话礼仪", "enter", "5", "enter", *"new", "enter")
        await until(lambda: sent(seat, PutDocument))
    (put,) = sent(seat, PutDocument)
    assert put.body == TrainingType("电话礼仪", 5, "new")


async def test_without_a_type_there_is_nothing_to_write(contents, seat: FakeSeat) -> None:
    app, pilot = contents
    known = seat.service[GetDocuments](GetDocuments(0, TasksSheet.KIND))
    seat.service[GetDocuments] = lambda _: type(known)(0, (), 1, 1, 0, {}, {})
    await pilot.press("n")
    await reads(app, "There is no type that is enabled.")
    assert isinstance(app.screen, ContentsSheet)


async def test_a_list_that_can_not_be_had_says_why(terminal, seat: FakeSeat) -> None:
    async with signed_in(terminal, seat, TRAINER) as (app, pilot):
        await pilot.press("1")
        await until(lambda: isinstance(app.screen, TrainingMenu))
        await pilot.press("3")
        await reads(app, "can't be reached")


def test_keywords_are_divided_as_people_type_them() -> None:
    assert keywords_in("商城，上架、 退款 ;a, a,") == ("商城", "上架", "退款", "a")
