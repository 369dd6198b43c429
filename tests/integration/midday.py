"""A site whose day does not end under a test."""

from datetime import UTC, datetime


def midday_zone() -> str:
    """A time zone in which it is about noon."""
    east = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-east:+d}"
