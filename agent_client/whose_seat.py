"""Whose seat a terminal opens, where neither a flag nor the settings say it: whoever sits there is
asked, and nothing of it is remembered."""

import re
import sys

import msgspec

from agent_client.settings import Settings
from protocol.i18n import Catalogue
from protocol.wire.errors import Code, Refused

NUMBER = re.compile(r"[A-Za-z0-9._-]{1,32}")
"""What a staff number looks like."""


def of_somebody(settings: Settings, catalogue: Catalogue) -> Settings:
    """The settings with a staff number. Raises `Refused`: `agent_needed` where there is nobody to
    ask or no answer, `bad_staff_number` for what can be none."""
    if settings.agent:
        return settings
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Refused(Code.AGENT_NEEDED)
    return msgspec.structs.replace(settings, agent=_asked(catalogue))


def _asked(catalogue: Catalogue) -> str:
    try:
        number = input(catalogue.text("client.staff_number")).strip()
    except EOFError as error:
        raise Refused(Code.AGENT_NEEDED) from error
    if not number:
        raise Refused(Code.AGENT_NEEDED)
    if not NUMBER.fullmatch(number):
        raise Refused(Code.BAD_STAFF_NUMBER)
    return number
