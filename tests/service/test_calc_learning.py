"""`calc` of training and exams: cases by hand, and input that makes no sense."""

import pytest

from tests.service.calculated import computed, place_of_fault


def test_contents_have_numbers_or_names_and_are_drawn_once_each() -> None:
    asked = {"content_ids": ["a", "b", "a"], "n": 2, "seed": "s"}
    assert computed("training_draw", asked)["drawn"] in (["a", "b"], ["b", "a"])
    assert computed("training_draw", asked | {"n": 3}) == {"error": "N_EXCEEDS_CONTENT"}
    assert computed("training_draw", asked | {"n": 0}) == {"drawn": []}


@pytest.mark.parametrize(
    ("answer", "score"), [("Ａｌｉ  pay", 5.0), ("alipay", 0.0), ("  ", 0.0), (None, 0.0)]
)
def test_a_blank_is_filled_in_rightly_however_it_is_typed(answer: object, score: float) -> None:
    asked = {"type": "fill_in", "points": 5, "key": ["ali Pay", "支付宝"], "answer": answer}
    assert computed("exam_score", {"questions": [asked]})["scores"] == [score]


@pytest.mark.parametrize(
    ("mode", "answer", "score"),
    [
        ("all_or_nothing", "CBA", 2.5),
        ("all_or_nothing", "", 0.0),
        ("half_if_missing", "A", 1.25),
        ("half_if_missing", "AD", 0.0),
        ("half_if_missing", "", 0.0),
        ("per_option", "DE", 0.0),
        ("per_option", "A", 0.83),
        ("per_option", "AAA", 0.83),
    ],
)
def test_several_options(mode: str, answer: str, score: float) -> None:
    asked = {"type": "multi", "points": 2.5, "key": "ABC", "answer": answer}
    assert computed("exam_score", {"multi_mode": mode, "questions": [asked]})["scores"] == [score]


def test_time_that_was_added_lasts_and_nothing_comes_after_a_submission() -> None:
    asked = {
        "window_start": "2026-11-22T09:00:00",
        "window_end": "2026-11-22T10:00:00",
        "duration_min": 30,
        "started": "2026-11-22T09:30:00",
        "events": [
            {"kind": "extend", "server_time": "2026-11-22T09:59:00", "extra_min": 10},
            {"kind": "save", "server_time": "2026-11-22T10:05:00"},
            {"kind": "submit", "server_time": "2026-11-22T10:06:00"},
            {"kind": "save", "server_time": "2026-11-22T10:07:00"},
            {"kind": "submit", "server_time": "2026-11-22T10:08:00"},
        ],
    }
    found = computed("exam_timing", asked)
    assert found["deadline"] == "2026-11-22T10:10:00+08:00"
    assert found["events"] == [
        {"kind": "extend", "accepted": True, "remaining_s": 660},
        {"kind": "save", "accepted": True, "remaining_s": 300},
        {"kind": "submit", "accepted": True, "remaining_s": 240},
        {"kind": "save", "accepted": False, "remaining_s": 0},
        {"kind": "submit", "accepted": False, "remaining_s": 0},
    ]
    assert (found["closed_by"], found["submitted_at"]) == (
        "CANDIDATE",
        "2026-11-22T10:06:00+08:00",
    )


@pytest.mark.parametrize(
    ("figure", "given", "place"),
    [
        ("reading_time", {"events": [[5, "open"], [4, "close"]]}, "$.events[1][0]"),
        ("reading_time", {"events": [[5, "sleep"]]}, "$.events[0][1]"),
        (
            "training_done",
            {"item_seconds": {"1": 1, "2": 1}, "item_completed": {}, "total_items": 1},
            "$.item_seconds",
        ),
        ("training_draw", {"content_ids": [1], "n": -1, "seed": ""}, "$.n"),
        (
            "exam_score",
            {"questions": [{"type": "single", "points": -1, "key": "A"}]},
            "$.questions[0].points",
        ),
        ("exam_score", {"questions": [{"type": "single", "points": 1}]}, "$.questions[0].key"),
        (
            "exam_score",
            {"questions": [{"type": "essay", "points": 1, "mark": 0.3}]},
            "$.questions[0].mark",
        ),
        (
            "exam_score",
            {"questions": [{"type": "essay", "points": 1, "mark": 1.5}]},
            "$.questions[0].mark",
        ),
        (
            "exam_score",
            {"questions": [{"type": "single", "points": 1, "key": "A", "mark": 1}]},
            "$.questions[0].mark",
        ),
        (
            "exam_stats",
            {"questions": [{"question": "q", "right": -1, "wrong": 0}]},
            "$.questions[0].right",
        ),
    ],
)
def test_input_that_makes_no_sense_is_named(figure: str, given: object, place: str) -> None:
    assert place_of_fault(figure, given) == place
