"""What was left out is said aloud at the end, with why; under REQUIRE_INTEROP nothing may be."""

import gc
import os
from collections.abc import Generator
from typing import TypeVar

import pytest
from hypothesis import settings

NOTHING_LEFT_OUT = "REQUIRE_INTEROP"
"""Set to 1 where everything that tests need is installed: there, a skipped test is a failure."""

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

# A property is no benchmark: how long an example takes says how busy the machine is.
settings.register_profile("seatline", deadline=None)
settings.load_profile("seatline")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _required((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _required((yield))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What was collected stays to the end: to search it for garbage, test after test, would take a
    fifth of the time."""
    gc.collect()
    gc.freeze()


def _required(report: Report) -> Report:
    """The report of a test or file; a skipped one made a failure where nothing may be left out."""
    expected_to_fail = hasattr(report, "wasxfail")
    if report.skipped and not expected_to_fail and os.environ.get(NOTHING_LEFT_OUT) == "1":
        report.outcome = "failed"
        report.longrepr = f"{NOTHING_LEFT_OUT}=1, and this was left out: {_why(report)}"
    return report


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Name everything that did not run."""
    skipped = terminalreporter.stats.get("skipped", [])
    long_ones = ["the long proofs: `make prove`"] * (config.option.markexpr == "not prove")
    terminalreporter.section("left out 未运行")
    for line in [*(f"{report.nodeid}: {_why(report)}" for report in skipped), *long_ones]:
        terminalreporter.write_line(line)
    if not skipped and not long_ones:
        terminalreporter.write_line("nothing 无")


def _why(report: pytest.TestReport | pytest.CollectReport) -> str:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return reason.removeprefix("Skipped: ")
