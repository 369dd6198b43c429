"""Moodle XML: as Moodle exports it, and as somebody would write it who means harm."""

import pytest

from agent_service.question_files.moodle_read import read
from agent_service.question_files.plain_text import plain
from protocol.facts.document import Difficulty, Question
from protocol.facts.exam import QuestionType
from protocol.wire.errors import Refused

FILE = """<?xml version="1.0" encoding="UTF-8"?>
<quiz>
  <question type="category"><category><text>$course$/top/礼仪</text></category></question>
  <question type="multichoice">
    <name><text>first</text></name>
    <questiontext format="html">
      <text><![CDATA[<p>先问&nbsp;<b>什么</b>？</p><p>H<sub>2</sub>O<br/>&lt;x&gt;</p>]]></text>
    </questiontext>
    <defaultgrade>1.5000000</defaultgrade>
    <single>true</single>
    <answer fraction="0" format="html"><text>&lt;p&gt;姓名&lt;/p&gt;</text>
      <feedback format="html"><text></text></feedback></answer>
    <answer fraction="100" format="html"><text>电话</text></answer>
    <tags><tag><text>difficulty:hard</text></tag></tags>
  </question>
  <question type="multichoice">
    <questiontext format="markdown"><text>*哪些*？</text></questiontext>
    <single>false</single>
    <answer fraction="33.33333"><text>a</text></answer>
    <answer fraction="33.33333"><text>b</text></answer>
    <answer fraction="33.33333"><text>c</text></answer>
    <answer fraction="-100"><text>d</text></answer>
  </question>
  <question type="truefalse">
    <questiontext format="moodle_auto_format"><text>天是
绿的。</text></questiontext>
    <answer fraction="0"><text>true</text></answer>
    <answer fraction="100"><text>false</text></answer>
  </question>
  <question type="shortanswer">
    <questiontext><text>热线？</text></questiontext>
    <usecase>0</usecase>
    <answer fraction="100" format="moodle_auto_format"><text>12345</text></answer>
    <answer fraction="100" format="moodle_auto_format"><text>5 \\* 3</text></answer>
    <answer fraction="0" format="moodle_auto_format"><text>*</text></answer>
  </question>
  <question type="essay"><questiontext><text>为什么？</text></questiontext></question>
</quiz>
"""


def quiz(inside: str) -> bytes:
    return f"<quiz>\n{inside}\n</quiz>".encode()


def question(kind: str, inside: str = "") -> str:
    text = "<questiontext><text>Q</text></questiontext>"
    return f'<question type="{kind}">{text}{inside}</question>'


def answer(fraction: str, text: str) -> str:
    return f'<answer fraction="{fraction}"><text>{text}</text></answer>'


def test_every_kind_is_read_with_its_category_and_line() -> None:
    reading = read(FILE.encode())
    assert (reading.faults, reading.notes) == ([], [])
    hard, category = Difficulty.HARD, "礼仪"
    assert [(each.line, each.question) for each in reading.questions] == [
        (
            4,
            Question(
                *("先问 什么？\nH_2O\n<x>", QuestionType.SINGLE, category, hard, 3),
                options=("姓名", "电话"),
                key=("B",),
            ),
        ),
        (
            16,
            Question(
                *("*哪些*？", QuestionType.MULTI, category),
                options=("a", "b", "c", "d"),
                key=("A", "B", "C"),
            ),
        ),
        (24, Question("天是\n绿的。", QuestionType.TRUE_FALSE, category, key=("F",))),
        (30, Question("热线？", QuestionType.FILL_IN, category, key=("12345", "5 * 3"))),
        (37, Question("为什么？", QuestionType.ESSAY, category)),
    ]


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        (question("matching"), "unsupported_question"),
        (question("numerical", answer("100", "5")), "unsupported_question"),
        (question("cloze"), "unsupported_question"),
        ("<question><x/></question>", "unsupported_question"),
        (question("multichoice", answer("100", "a") + answer("100", "b")), "several_right"),
        (question("multichoice", answer("50", "a") + answer("0", "b")), "answer_weights"),
        (question("multichoice", answer("much", "a") + answer("0", "b")), "answer_weights"),
        (question("shortanswer", answer("100", "a*")), "wildcard_answer"),
        (question("shortanswer", answer("50", "a")), "answer_weights"),
        (question("essay", "<defaultgrade>0.3</defaultgrade>"), "bad_points"),
        (question("essay", "<defaultgrade>1e999999999</defaultgrade>"), "bad_points"),
        (question("essay", "<defaultgrade>NaN</defaultgrade>"), "bad_points"),
        (question("multichoice", answer("100", "&lt;img src='x'&gt;")), "holds_picture"),
    ],
)
def test_what_would_be_another_question_is_named_by_its_line(inside: str, code: str) -> None:
    reading = read(quiz(inside))
    assert [(each.line, each.code) for each in reading.faults] == [(2, code)]
    assert reading.questions == []


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        (question("description"), "description_passed"),
        (
            question("essay", "<generalfeedback><text>x</text></generalfeedback>"),
            "feedback_dropped",
        ),
        (question("essay", "<graderinfo><text>x</text></graderinfo>"), "feedback_dropped"),
        (question("shortanswer", f"<usecase>1</usecase>{answer('100', 'a')}"), "case_ignored"),
    ],
)
def test_what_is_left_away_is_told(inside: str, code: str) -> None:
    reading = read(quiz(inside))
    assert ([(each.line, each.code) for each in reading.notes], reading.faults) == ([(2, code)], [])


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE quiz [<!ENTITY a "b">]>\n<quiz>&a;</quiz>',
        b'<!DOCTYPE quiz SYSTEM "file:///etc/passwd">\n<quiz/>',
        b"<quiz>&a;</quiz>",
        b"<quiz>",
        b"<other/>",
        b"",
        b"\xff\xfe",
        b'<?xml version="1.0" encoding="gbk"?><quiz/>',
        b'<?xml version="1.0" encoding="none-such"?><quiz/>',
        b"<quiz>" + b"<a>" * 1000 + b"</a>" * 1000 + b"</quiz>",
    ],
)
def test_what_is_no_plain_quiz_is_refused_as_a_whole(content: bytes) -> None:
    reading = read(content)
    assert [each.code for each in reading.faults] == ["xml_unreadable"]
    assert reading.questions == []


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a<br>b<p>c</p>d", "a\nb\nc\nd"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("a\n b\t c", "a b c"),
        ("1 &lt; 2 &amp; 10<sup>2</sup>", "1 < 2 & 10^2"),
        ("<script>x</script><style>y</style>z", "z"),
        ("a <![if x]> b", "a <![if x]> b"),
        ("a < b", "a < b"),
    ],
)
def test_html_is_plain_text_with_its_lines(html: str, text: str) -> None:
    assert plain(html) == text


@pytest.mark.parametrize("tag", ["img", "audio", "video", "iframe", "svg", "math"])
def test_what_is_no_text_is_refused(tag: str) -> None:
    with pytest.raises(Refused) as refused:
        plain(f"<p>Look: <{tag} src='x'></p>")
    assert (refused.value.code, refused.value.params) == ("holds_picture", {"tag": tag})
