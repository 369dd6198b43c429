"""A team's adherence."""

from fractions import Fraction

from protocol.rules.team_adherence import TeamAdherence, TeamRow, team_adherence


def test_it_is_weighted_by_time() -> None:
    rows = [TeamRow("1", 30_000, 30_000), TeamRow("2", 10_000, 5_000)]
    found = team_adherence(rows)
    assert found == TeamAdherence(scheduled_s=40_000, in_s=35_000, agents_counted=2)
    assert found.adherence == Fraction(7, 8)


def test_whoever_has_nothing_planned_is_not_counted() -> None:
    found = team_adherence([TeamRow("1", 0, 0)])
    assert (found.agents_counted, found.adherence) == (0, None)


def test_somebody_with_several_days_is_one() -> None:
    found = team_adherence([TeamRow("1", 100, 100), TeamRow("1", 100, 0)])
    assert (found.agents_counted, found.adherence) == (1, Fraction(1, 2))
