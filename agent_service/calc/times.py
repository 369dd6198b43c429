"""Times in the input and output of `calc`: ISO 8601, local to a zone where they have no offset."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from agent_service.calc.input import bad_input

ZONE = "Asia/Shanghai"
"""Where the input names none."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def zone_of(name: str) -> ZoneInfo:
    """The zone of that name. Raises `BadInput`."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise bad_input("$.tz", str(error)) from error


def milliseconds(moment: datetime, zone: ZoneInfo) -> int:
    """The instant, in milliseconds since 1970 (UTC)."""
    local = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment
    return (local - _EPOCH) // _MILLISECOND


def shown(seconds: int, zone: ZoneInfo) -> str:
    """An instant in the zone, with its offset. Raises `BadInput` outside the years 1 to 9999."""
    try:
        return (_EPOCH + timedelta(seconds=seconds)).astimezone(zone).isoformat()
    except (OverflowError, ValueError) as error:
        raise bad_input("$", str(error)) from error
