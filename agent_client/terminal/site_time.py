"""Times as people at the site write and read them."""

from datetime import date, datetime, timedelta

from agent_client.terminal.clock import zone_of
from agent_client.terminal.wording import UNKNOWN_TIME, Wording


def moment(words: Wording, at: datetime | None, now: datetime | None, zone: str) -> str:
    """`15:30` for the present day, else with its day: `tomorrow 09:00`, `Mon 11-30 09:00`. Beyond
    half a year with the year."""
    if at is None:
        return UNKNOWN_TIME
    local = at.astimezone(zone_of(zone))
    time = f"{local:%H:%M}"
    if now is None:
        return f"{local:%Y-%m-%d} {time}"
    today = now.astimezone(zone_of(zone)).date()
    return time if local.date() == today else f"{_day(words, local.date(), today)} {time}"


def _day(words: Wording, day: date, today: date) -> str:
    if day - today == timedelta(days=1):
        return words.text("day_word.tomorrow")
    if today - day == timedelta(days=1):
        return words.text("day_word.yesterday")
    if abs(day - today) > timedelta(days=180):
        return f"{day:%Y-%m-%d}"
    return f"{words.text(f'weekday.{day.isoweekday()}')} {day:%m-%d}"


def as_typed(at: datetime, now: datetime | None, zone: str) -> str:
    """A moment as somebody would type it: `15:30` for the present day, else with the date."""
    local = at.astimezone(zone_of(zone))
    if now is not None and local.date() == now.astimezone(zone_of(zone)).date():
        return f"{local:%H:%M}"
    return f"{local:%Y-%m-%d %H:%M}"
