"""Public holidays and make-up working days of China, with the operator's own on top.

They are known for the years whose notice of the State Council the library holds. Of any other
year nothing is said but what the operator set: a guessed day would be believed.
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date

from protocol.wire.roster import Holiday

_COUNTRY = "CN"
_SATURDAY = 5


class WorkCalendar:
    """Days that are no ordinary ones of their weekday."""

    def __init__(self, overrides: Iterable[Holiday]) -> None:
        """`overrides` go before what the library knows."""
        self._overrides = {each.day: each for each in overrides}
        self._years: dict[int, dict[date, Holiday]] = {}

    def load(self, year: int) -> None:
        """Read what is known of a year, which takes long the first time, ahead of its use."""
        self._years[year] = _announced(year)

    def is_holiday(self, day: date) -> bool:
        """Whether a shift on it is paid as one on a public holiday."""
        found = self._find(day)
        return found is not None and found.off

    def between(self, first_day: date, last_day: date) -> list[Holiday]:
        """Those of a span, both days included, in order."""
        days = (
            first_day.fromordinal(at)
            for at in range(first_day.toordinal(), last_day.toordinal() + 1)
        )
        return [found for day in days if (found := self._find(day)) is not None]

    def work_days(self, month: tuple[int, int]) -> int | None:
        """How many a month has: Mondays to Fridays that are no holidays, and make-up days. None
        where neither the library nor the operator says anything of its year."""
        first = date(*month, 1)
        if self.unknown_years(first, first):
            return None
        length = monthrange(*month)[1]
        other = self.between(first, first.replace(day=length))
        free = sum(each.off and each.day.weekday() < _SATURDAY for each in other)
        made_up = sum(not each.off and each.day.weekday() >= _SATURDAY for each in other)
        days = (first.replace(day=number) for number in range(1, length + 1))
        return sum(day.weekday() < _SATURDAY for day in days) - free + made_up

    def unknown_years(self, first_day: date, last_day: date) -> list[int]:
        """The years of a span of which neither the library nor the operator says anything."""
        told = {day.year for day in self._overrides}
        years = range(first_day.year, last_day.year + 1)
        return [year for year in years if not _is_announced(year) and year not in told]

    def _find(self, day: date) -> Holiday | None:
        if day in self._overrides:
            return self._overrides[day]
        if day.year not in self._years:
            self.load(day.year)
        return self._years[day.year].get(day)


def _is_announced(year: int) -> bool:
    from holidays.countries.china import ChinaStaticHolidays  # noqa: PLC0415 - see below

    return year in ChinaStaticHolidays.special_public_holidays


def _announced(year: int) -> dict[date, Holiday]:
    """All of a year, with the make-up days that the next year's notice puts into it."""
    from holidays import country_holidays  # noqa: PLC0415 - slow, and most commands need none

    years = [each for each in (year, year + 1) if _is_announced(each)]
    known = country_holidays(_COUNTRY, years=years)
    found = {day: Holiday(day, name, True) for day, name in known.items() if day.year == year}
    if not _is_announced(year):
        found.clear()
    worked = (day for day in known.weekend_workdays if day.year == year)
    return found | {day: Holiday(day, "", False) for day in worked}
