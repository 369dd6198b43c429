"""The span of business dates of a report: a month, a week, or any two dates. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_DAY = timedelta(days=1)


class SpanKind(StrEnum):
    """How a span is chosen."""

    MONTH = "month"
    WEEK = "week"
    DAYS = "days"


@dataclass(frozen=True)
class Span:
    """The first day and the last."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many there are."""
        return (self.last - self.first).days + 1

    @property
    def kind(self) -> SpanKind:
        """What it is by its days."""
        if self.first.day == 1 and (self.last + _DAY).day == 1:
            return SpanKind.MONTH
        weekly = self.first.isoweekday() == 1 and not self.days % 7
        return SpanKind.WEEK if weekly else SpanKind.DAYS

    @property
    def months(self) -> int:
        """How many months it touches."""
        return _number(self.last) - _number(self.first) + 1


def month_around(day: date) -> Span:
    """The whole month of a day."""
    return _months(_number(day), 1)


def week_around(day: date) -> Span:
    """From Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return Span(monday, monday + 6 * _DAY)


def around(kind: SpanKind, day: date) -> Span:
    """The span of a kind that a day belongs to."""
    if kind is SpanKind.MONTH:
        return month_around(day)
    return week_around(day) if kind is SpanKind.WEEK else Span(day, day)


def shifted(span: Span, steps: int) -> Span:
    """The next ones, or those before: whole months by months, anything else by its own length."""
    if span.kind is SpanKind.MONTH:
        return _months(_number(span.first) + steps * span.months, span.months)
    away = timedelta(days=span.days * steps)
    return Span(span.first + away, span.last + away)


def named_month(month: date) -> str:
    """`2026-11`."""
    return f"{month:%Y-%m}"


def _number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _months(number: int, count: int) -> Span:
    first, after = (_first_of(each) for each in (number, number + count))
    return Span(first, after - _DAY)


def _first_of(number: int) -> date:
    year, month = divmod(number, 12)
    return date(year, month + 1, 1)
