"""All checks at once, each within its time and none in need of another, and the report of them."""

import asyncio
import json
import logging
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping

from agent_client.doctor.finding import Finding, Found, Level, found
from agent_client.doctor.network import service
from agent_client.doctor.programs import phone_library, python, sound
from agent_client.doctor.records import records
from agent_client.doctor.running_seat import running_seat
from agent_client.doctor.screen import screen
from agent_client.seat_words import one_line
from agent_client.settings import Settings
from protocol.i18n import Catalogue

_log = logging.getLogger(__name__)

CHECK_S = 25.0
"""What no check takes, as each step of one has its own limit."""

Check = Callable[[], Awaitable[list[Finding]]]
Report = Mapping[str, list[Finding]]


def run_doctor(settings: Settings, catalogue: Catalogue, *, as_json: bool) -> int:
    """Examine and print. The exit code: 1 where something has to be mended."""
    report = asyncio.run(examine(checks(settings, catalogue)))
    lines = _json_lines if as_json else _word_lines
    for line in lines(report, catalogue):
        sys.stdout.write(line + "\n")
    sys.stdout.flush()
    return int(any(each.level is Level.FAIL for all_of in report.values() for each in all_of))


def checks(settings: Settings, catalogue: Catalogue) -> Mapping[str, Check]:
    """Every check by its name, in the order of the report."""
    return {
        "python": python,
        "terminal": screen,
        "phone": phone_library,
        "sound": sound,
        "records": lambda: records(settings),
        "service": lambda: service(settings),
        "seat": lambda: running_seat(settings, catalogue),
    }


async def examine(all_checks: Mapping[str, Check], limit_s: float = CHECK_S) -> Report:
    """What each check found. One that breaks or takes too long is a finding like any other."""
    findings = await asyncio.gather(
        *(_examined(name, check, limit_s) for name, check in all_checks.items())
    )
    return dict(zip(all_checks, findings, strict=True))


async def _examined(name: str, check: Check, limit_s: float) -> list[Finding]:
    try:
        async with asyncio.timeout(limit_s):
            return await check()
    except TimeoutError:
        return [found(Found.CHECK_TOO_SLOW, check=name)]
    except Exception:  # noqa: BLE001 - the edge: one check's fault hides no other finding
        _log.error("the check %s broke", name, exc_info=True)
        return [found(Found.CHECK_BROKE, check=name)]


def _word_lines(report: Report, catalogue: Catalogue) -> Iterator[str]:
    for findings in report.values():
        for finding in findings:
            level = catalogue.text(f"doctor.level.{finding.level}")
            yield f"{level}  {_words(finding, catalogue)}"
            mend = _mend(finding, catalogue)
            if mend:
                yield f"      → {mend}"


def _json_lines(report: Report, catalogue: Catalogue) -> Iterator[str]:
    for check, findings in report.items():
        for finding in findings:
            line = {
                "check": check,
                "level": finding.level,
                "code": finding.code,
                "params": finding.params,
                "words": _words(finding, catalogue),
                "mend": _mend(finding, catalogue),
            }
            yield json.dumps(line, ensure_ascii=False)


def _words(finding: Finding, catalogue: Catalogue) -> str:
    return one_line(catalogue.text(f"doctor.found.{finding.code}", **finding.params))


def _mend(finding: Finding, catalogue: Catalogue) -> str | None:
    """How to mend it; null for what is well."""
    if finding.level is Level.OK:
        return None
    return one_line(catalogue.text(f"doctor.mend.{finding.code}", **finding.params))
