"""Words from codes: the language is chosen as asked, and a stranger's code does no harm."""

import re

import pytest

from protocol.i18n import LANGUAGES, choose_language, load, rooms
from protocol.wire.documents import (
    MAX_DAYS,
    MAX_HALF_POINTS,
    MAX_ITEMS,
    MAX_OPTIONS,
    MAX_SECONDS,
    DocumentFault,
    DocumentField,
    bad_document,
)
from protocol.wire.texts import TextFault, bad_text

BOTH = pytest.mark.parametrize("language", LANGUAGES)


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        ([], {}, "en"),
        ([], {"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ([], {"LANG": "zh_TW"}, "zh_CN"),
        ([], {"LANG": "de_DE.UTF-8"}, "en"),
        ([], {"LANG": "C"}, "en"),
        ([], {"LANG": "en_GB", "LC_MESSAGES": "zh_CN"}, "zh_CN"),
        ([], {"LANG": "zh_CN", "LC_ALL": "C"}, "en"),
        ([], {"LANG": "zh_CN", "SEATLINE_LANG": "en"}, "en"),
        ([], {"SEATLINE_LANG": "zh_CN"}, "zh_CN"),
        (["--lang", "zh_CN"], {"SEATLINE_LANG": "en"}, "zh_CN"),
        (["status", "--lang=en"], {"LANG": "zh_CN"}, "en"),
        (["--lang"], {"LANG": "zh_CN"}, "zh_CN"),
        (["--lang", "klingon"], {"LANG": "zh_CN"}, "en"),
    ],
)
def test_the_language_is_the_nearest_that_was_asked_for(
    arguments: list[str], environment: dict[str, str], language: str
) -> None:
    assert choose_language(arguments, environment) == language


@BOTH
def test_a_code_is_put_in_words_with_its_parameters(language: str) -> None:
    assert "17" in load(language).error("sequence_gap", {"expected": 17})


@BOTH
@pytest.mark.parametrize("fault", TextFault)
def test_what_is_wrong_with_a_text_is_said_in_words(language: str, fault: TextFault) -> None:
    catalogue, refusal = load(language), bad_text(fault, 1000)
    told = catalogue.error(refusal.code, refusal.params)
    assert told.startswith(catalogue.text(f"text_fault.{fault}", most=1000))
    assert "{" not in told


@BOTH
@pytest.mark.parametrize("fault", DocumentFault)
@pytest.mark.parametrize("field", DocumentField)
def test_what_is_wrong_with_a_document_is_said_in_words(
    language: str, field: DocumentField, fault: DocumentFault
) -> None:
    catalogue, refusal = load(language), bad_document(field, fault, 17)
    told = catalogue.error(refusal.code, refusal.params)
    assert catalogue.text(f"document_field.{field}") in told
    assert catalogue.text(f"document_fault.{fault}", most=17) in told
    assert "{" not in told


@BOTH
@pytest.mark.parametrize(
    ("fault", "limit"),
    [
        (DocumentFault.COUNT, MAX_ITEMS),
        (DocumentFault.NO_ITEMS, MAX_ITEMS),
        (DocumentFault.SECONDS, MAX_SECONDS),
        (DocumentFault.DAYS, MAX_DAYS),
        (DocumentFault.OPTIONS, MAX_OPTIONS),
        (DocumentFault.KEY, MAX_OPTIONS),
        (DocumentFault.POINTS, MAX_HALF_POINTS // 2),
    ],
)
def test_a_limit_is_said_in_words(language: str, fault: DocumentFault, limit: int) -> None:
    told = load(language).error("bad_document", {"field": "name", "fault": fault.value})
    assert str(limit) in re.findall(r"[0-9]+", told)


@BOTH
def test_a_coded_parameter_of_another_version_is_named(language: str) -> None:
    assert "newer" in load(language).error("bad_text", {"fault": "newer", "most": 9})


@BOTH
@pytest.mark.parametrize(
    ("code", "params"),
    [
        ("bad_text", {"most": 1000}),
        ("bad_text", {"fault": "too_long"}),
        ("of_a_newer_version", {}),
        ("of_a_newer_version", {"code": "another", "x": 1}),
        ("sequence_gap", {}),
        ("sequence_gap", None),
        ("sequence_gap", {"wanted": 17}),
        ("", {}),
        ("{0.__class__}", {}),
        ("state.READY", {}),
    ],
)
def test_a_code_without_fitting_words_is_named(
    language: str, code: str, params: dict[str, object] | None
) -> None:
    catalogue = load(language)
    assert catalogue.error(code, params) == catalogue.text("error.unknown", code=code)


@BOTH
def test_parameters_are_text_and_no_template(language: str) -> None:
    assert "{agent}" in load(language).error("unknown_command", {"command": "{agent}"})


@BOTH
def test_more_parameters_than_are_mentioned_do_no_harm(language: str) -> None:
    catalogue = load(language)
    assert catalogue.error("no_call", {"self": 1, "code": 2}) == catalogue.text("error.no_call")


@BOTH
def test_a_missing_text_is_a_fault_of_ours(language: str) -> None:
    with pytest.raises(KeyError):
        load(language).text("no.such.key")


@BOTH
def test_every_text_can_be_filled_in(language: str) -> None:
    catalogue = load(language)
    for key in sorted(catalogue.keys()):
        names = dict.fromkeys(catalogue.placeholders(key), "<value>")
        assert catalogue.text(key, **names).count("<value>") >= len(names)


@BOTH
def test_no_key_stands_in_two_rooms(language: str) -> None:
    keys = [key for texts in rooms(language) for key in texts]
    assert sorted(keys) == sorted(set(keys))


@BOTH
def test_what_the_phone_says_is_put_in_words(language: str) -> None:
    said = load(language).error("phone_refused", {"detail": "transfer_failed"})
    assert "_" not in said
    assert "486" in load(language).error("phone_refused", {"detail": 486})
    assert "closed" in load(language).error("unknown_agent", {"agent": "closed"})
