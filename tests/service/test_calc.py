"""`agent-service calc`: one figure from JSON, exact, and never a traceback."""

import io
import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_service import cli
from agent_service.calc.figures import FIGURES
from agent_service.calc.input import BadInput
from tests.service.calculated import CASES, encoded
from tests.service.processes import command, run

A13 = next(case for case in CASES if case["id"] == "A13")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


class Calculator:
    """`calc` in this process: exit code, standard output, standard error."""

    def __init__(self, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
        self._capture = capfdbinary

    def run(self, *arguments: str, given: bytes = b"") -> tuple[int, bytes, str]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
            code = cli.run(["calc", *arguments], {"SEATLINE_LANG": "en"})
        out, err = self._capture.readouterr()
        return code, out, err.decode()


@pytest.fixture
def calculator(capfdbinary: pytest.CaptureFixture[bytes]) -> Calculator:
    return Calculator(capfdbinary)


def printed(given_input: bytes) -> bytes:
    """What is printed for an input."""
    return msgspec.json.encode(FIGURES["replay"].compute(given_input))


async def test_the_recorded_case_comes_out_as_written(tmp_path: Path) -> None:
    file = tmp_path / "input.json"
    file.write_bytes(encoded(A13["input"]))
    code, out, err = await run("calc", A13["figure"], str(file))
    assert (code, err) == (0, "")
    assert len(out.splitlines()) == 1
    found = json.loads(out)
    assert {key: found[key] for key in A13["expected"]} == A13["expected"]


async def test_a_line_in_is_a_line_out_in_order() -> None:
    empty = {"events": []}
    given_lines = b"\n".join(map(encoded, (A13["input"], empty, A13["input"])))
    code, out, err = await run("calc", "replay", "--lines", given=given_lines.decode())
    assert (code, err) == (0, "")
    assert [json.loads(line)["accepted"] for line in out.splitlines()] == [5, 0, 5]


@settings(deadline=None)
@given(st.permutations(A13["input"]["events"]), st.integers(0, 6))
def test_shuffled_or_split_input_gives_the_same_bytes(
    events: list[dict[str, object]], cut: int
) -> None:
    again = {**A13["input"], "events": events[cut:] + events[:cut]}
    assert printed(encoded(again)) == printed(encoded(A13["input"]))


def test_doubled_input_differs_in_the_count_of_copies_alone(calculator: Calculator) -> None:
    doubled = {**A13["input"], "events": A13["input"]["events"] * 2}
    _, once, _ = calculator.run("replay", given=encoded(A13["input"]))
    _, twice, _ = calculator.run("replay", given=encoded(doubled))
    assert twice.replace(b'"duplicates":7', b'"duplicates":1') == once


def test_times_are_local_to_the_zone_that_is_named(calculator: Calculator) -> None:
    event = {"session": "s", "mono_ms": 0, "received": "2025-10-26T04:00:00", "state": "READY"}
    events = [{**event, "seq": 1}, {**event, "seq": 2, "mono_ms": 7_200_000}]
    anchors = {"s": {"server": "2025-10-26T01:00:00", "mono_ms": 0}}
    given_input = {"tz": "Europe/Berlin", "anchors": anchors, "events": events}
    _, out, _ = calculator.run("replay", given=encoded(given_input))
    assert json.loads(out)["intervals"] == [
        {
            "start": "2025-10-26T01:00:00+02:00",
            "end": "2025-10-26T02:00:00+01:00",
            "state": "READY",
            "seconds": 7200,
        }
    ]


EVENT = A13["input"]["events"][0]


@pytest.mark.parametrize(
    ("given_input", "place"),
    [
        (b"", "$"),
        (b"{", "$"),
        (b"\xff", "$"),
        (b"[" * 100_000, "$"),
        (b"{}", "$"),
        (encoded({"events": [], "tz": "Mars/Olympus"}), "$.tz"),
        (encoded({"events": [], "tz": "../../etc/passwd"}), "$.tz"),
        (encoded({"events": [], "tz": "\x00"}), "$.tz"),
        (encoded({"events": [{**EVENT, "seq": 0}]}), "$.events[0].seq"),
        (encoded({"events": [EVENT, {**EVENT, "seq": 1 << 64}]}), "$.events[1].seq"),
        (encoded({"events": [{**EVENT, "received": "soon"}]}), "$.events[0].received"),
        (encoded({"events": [{**EVENT, "state": "FLYING\nx"}]}), "$.events[0].state"),
        (encoded({"events": [{**EVENT, "state": "READY:REST"}]}), "$.events[0].state"),
    ],
)
def test_bad_input_is_one_line_that_says_where(
    calculator: Calculator, given_input: bytes, place: str
) -> None:
    code, out, err = calculator.run("replay", given=given_input)
    assert (code, out) == (2, b"")
    (line,) = err.splitlines()
    assert line.startswith(f"agent-service: {place}: ")
    assert line.endswith("[bad_input]")


def test_a_bad_line_has_its_fault_in_place_of_a_result(calculator: Calculator) -> None:
    good, bad = encoded({"events": []}), encoded({"events": [{}]})
    given_lines = b"\n".join((good, b" ", b"no", good, bad, b""))
    code, out, err = calculator.run("replay", "--lines", given=given_lines)
    one, first_fault, other, second_fault = map(json.loads, out.splitlines())
    assert (code, one["accepted"], other) == (2, 0, one)
    assert (first_fault["error"], first_fault["line"], first_fault["place"]) == (
        "bad_input",
        3,
        "$",
    )
    assert (second_fault["line"], second_fault["place"]) == (5, "$.events[0]")
    (line,) = err.splitlines()
    assert line == f"agent-service: 3: $: {first_fault['detail']} [bad_input]"


def test_a_file_that_can_not_be_read_is_one_line(calculator: Calculator, tmp_path: Path) -> None:
    for file in (tmp_path, tmp_path / "missing"):
        code, out, err = calculator.run("replay", str(file))
        assert (code, out) == (2, b"")
        assert err.endswith("[file_refused]\n")
        assert len(err.splitlines()) == 1


def test_a_time_outside_the_calendar_is_bad_input(calculator: Calculator) -> None:
    far = {"server": "0001-01-01T00:00:00", "mono_ms": (1 << 62)}
    events = [{**EVENT, "seq": number} for number in (1, 2)]
    code, _, err = calculator.run(
        "replay", given=encoded({"anchors": {"s1": far}, "events": events})
    )
    assert (code, len(err.splitlines())) == (2, 1)


def test_nobody_who_stops_reading_sees_a_traceback(tmp_path: Path) -> None:
    lines = encoded({"events": []}) + b"\n"
    process = subprocess.Popen(
        command("calc", "replay", "--lines"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stdin is not None
    process.stdin.write(lines * 10)
    process.stdin.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 1


@settings(deadline=None)
@given(JSON)
def test_whatever_json_it_is_the_answer_is_a_figure_or_a_refusal(value: object) -> None:
    for inner in (value, {"events": value}, {"events": [value]}, {"events": [], "tz": value}):
        with_outcome(encoded(inner))


@settings(deadline=None)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(EVENT, JSON)))
def test_whatever_an_event_holds_the_answer_is_a_figure_or_a_refusal(
    fields: dict[str, object],
) -> None:
    with_outcome(encoded({**A13["input"], "events": [{**EVENT, **fields}]}))


def with_outcome(given_input: bytes) -> None:
    """Anything but a result or `BadInput` is raised."""
    try:
        FIGURES["replay"].compute(given_input)
    except BadInput as bad:
        assert bad.params["place"]
