"""Teams and lines by day: whatever was decided in whatever order, the latest decision about a day
is the one that holds on it, and nobody is in two teams."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_service.accounts.memberships import (
    Membership,
    Memberships,
    after,
    lines_on,
    team_on,
)
from protocol.facts.staff import Group, MembershipEnded, MembershipSet

FIRST = date(2026, 11, 20)
DAYS = [FIRST + timedelta(days=number) for number in range(12)]
names = st.sampled_from(["A", "B", "C"])
groups = st.sampled_from(list(Group))
days = st.sampled_from(DAYS)
decisions = st.one_of(
    st.builds(MembershipSet, st.just("1"), groups, names, days, st.just("op"), st.none() | days),
    st.builds(MembershipEnded, st.just("1"), groups, names, days, st.just("op")),
)
Decision = MembershipSet | MembershipEnded


def played(script: list[Decision]) -> Memberships:
    memberships: Memberships = ()
    for decision in script:
        memberships = after(memberships, decision)
    return memberships


def team_by_hand(script: list[Decision], day: date) -> str:
    """What each decision says of one day, one after another."""
    team = ""
    for decision in script:
        match decision:
            case MembershipSet(group=Group.TEAM, name=name, since=since, until=until):
                team = name if since <= day and (until is None or day < until) else team
            case MembershipEnded(group=Group.TEAM, name=name, since=since):
                team = "" if since <= day and team == name else team
    return team


def lines_by_hand(script: list[Decision], day: date) -> set[str]:
    lines: set[str] = set()
    for decision in script:
        match decision:
            case MembershipSet(group=Group.LINE, name=name, since=since, until=until):
                lines |= {name} if since <= day and (until is None or day < until) else set()
            case MembershipEnded(group=Group.LINE, name=name, since=since):
                lines -= {name} if since <= day else set()
    return lines


@given(st.lists(decisions, max_size=8), days)
def test_the_latest_decision_about_a_day_holds(script: list[Decision], day: date) -> None:
    memberships = played(script)
    assert team_on(memberships, day) == team_by_hand(script, day)
    assert set(lines_on(memberships, day)) == lines_by_hand(script, day)


@given(st.lists(decisions, max_size=8), days)
def test_nobody_is_in_two_teams_or_twice_in_one_line(script: list[Decision], day: date) -> None:
    memberships = played(script)
    held = [(each.group, each.name) for each in memberships if each.holds_on(day)]
    assert len(held) == len(set(held))
    assert sum(group is Group.TEAM for group, _ in held) <= 1
    keys = [(each.group, each.name, each.since) for each in memberships]
    assert len(keys) == len(set(keys))
    assert all(each.until is None or each.since < each.until for each in memberships)


def test_a_team_until_a_day_gives_way_to_the_one_before() -> None:
    lent = played(
        [
            MembershipSet("1", Group.TEAM, "A", DAYS[0], "op"),
            MembershipSet("1", Group.TEAM, "B", DAYS[3], "op", DAYS[5]),
        ]
    )
    assert [team_on(lent, day) for day in DAYS[2:6]] == ["A", "B", "B", "A"]
    assert team_on(lent, DAYS[0] - timedelta(days=1)) == ""


@pytest.mark.parametrize("until", [DAYS[2], DAYS[1]])
def test_an_end_before_the_beginning_changes_nothing(until: date) -> None:
    before = (Membership(Group.TEAM, "A", DAYS[0]),)
    assert after(before, MembershipSet("1", Group.TEAM, "B", DAYS[2], "op", until)) == before
