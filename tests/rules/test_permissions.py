"""Who may see, ask and help whom: every role against every other, in the same team and not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.facts.order import OrderKind
from protocol.facts.staff import Role
from protocol.rules.permissions import (
    LEADS,
    Scope,
    may_book_hours,
    may_decide,
    may_order,
    may_plan,
    may_reset_password,
    may_see,
    scope,
)
from protocol.wire.session import Person

NOBODY = dict.fromkeys(Role, "")
SITE = dict.fromkeys((Role.SUPERVISOR, Role.MANAGER, Role.ADMIN), "own other none")
SEEN = {**NOBODY, **SITE, Role.LEADER: "own none"}
"""The teams that each role sees, from where it stands: its own, another, no team."""
LED = {**NOBODY, **SITE, Role.LEADER: "own"}
TEAMS = {"own": "A", "other": "B", "none": ""}
FORCES = [kind for kind in OrderKind if kind is not OrderKind.MESSAGE]

HELPED = {
    **dict.fromkeys(Role, frozenset[Role]()),
    Role.LEADER: frozenset({Role.AGENT}),
    Role.SUPERVISOR: frozenset(Role) - {Role.SUPERVISOR, Role.MANAGER, Role.ADMIN},
    Role.MANAGER: frozenset(Role) - {Role.MANAGER, Role.ADMIN},
    Role.ADMIN: frozenset(Role),
}
"""Whose password each role may reset, in its own team."""

people = st.builds(
    Person,
    st.sampled_from(["1", "2", "3"]),
    st.just("N"),
    st.lists(st.sampled_from(list(Role)), unique=True).map(tuple),
    st.sampled_from(["", "A", "B"]),
)


def person(number: str, role: Role, team: str) -> Person:
    return Person(number, "N", (role,), team)


@pytest.mark.parametrize("place", TEAMS)
@pytest.mark.parametrize("subject", Role)
@pytest.mark.parametrize("actor", Role)
def test_each_role_sees_and_orders_whom_it_leads(actor: Role, subject: Role, place: str) -> None:
    one, two = person("1", actor, "A"), person("2", subject, TEAMS[place])
    seen = place in SEEN[actor].split()
    assert may_see(one, two) is seen
    assert may_order(one, two, OrderKind.MESSAGE) is seen
    for kind in FORCES:
        assert may_order(one, two, kind) is (place in LED[actor].split())


@pytest.mark.parametrize("place", TEAMS)
@pytest.mark.parametrize("subject", Role)
@pytest.mark.parametrize("actor", Role)
def test_each_role_helps_those_below_whom_it_leads(actor: Role, subject: Role, place: str) -> None:
    one, two = person("1", actor, "A"), person("2", subject, TEAMS[place])
    helped = subject in HELPED[actor] and place in LED[actor].split()
    assert may_reset_password(one, two) is helped


@pytest.mark.parametrize("subject", Role)
def test_a_leader_without_a_team_leads_nobody(subject: Role) -> None:
    leader, other = person("1", Role.LEADER, ""), person("2", subject, "")
    assert may_see(leader, other)
    assert not may_reset_password(leader, other)
    assert not any(may_order(leader, other, kind) for kind in FORCES)


@pytest.mark.parametrize("role", Role)
def test_one_sees_oneself_and_asks_nothing_of_oneself(role: Role) -> None:
    oneself = person("1", role, "A")
    assert may_see(oneself, oneself)
    assert not may_reset_password(oneself, oneself)
    assert not any(may_order(oneself, oneself, kind) for kind in OrderKind)


@given(people, people)
def test_what_one_may_do_one_may_see(actor: Person, subject: Person) -> None:
    may = [may_order(actor, subject, kind) for kind in OrderKind]
    if any(may) or may_reset_password(actor, subject):
        assert may_see(actor, subject)
        assert actor.number != subject.number


@given(people, people)
def test_nobody_resets_upwards(actor: Person, subject: Person) -> None:
    both = may_reset_password(actor, subject) and may_reset_password(subject, actor)
    assert not both or {Role.ADMIN} <= {*actor.roles} & {*subject.roles}


@given(people, people)
def test_the_scope_is_what_may_be_seen_of_others(actor: Person, subject: Person) -> None:
    seen = scope(actor)
    covered = seen is not None and seen.covers(subject.team)
    assert may_see(actor, subject) is (covered or actor.number == subject.number)


def test_a_wider_role_goes_before_a_narrower() -> None:
    both = Person("1", "N", (Role.LEADER, Role.SUPERVISOR), "A")
    assert scope(both) == Scope(None)


@given(people, people)
def test_nobody_decides_about_themselves_or_upwards(actor: Person, subject: Person) -> None:
    lead, led = rank(actor), rank(subject)
    decides = may_decide(actor, subject)
    assert may_plan(actor, subject) == decides
    assert not may_decide(actor, actor)
    assert not may_book_hours(actor, actor)
    assert not decides or may_see(actor, subject)
    assert not decides or lead > led or lead >= LEADS.index(Role.MANAGER) + 1


def test_leaders_of_one_team_do_not_decide_for_one_another() -> None:
    one = Person("2001", "one", (Role.LEADER,), "A")
    other = Person("2002", "other", (Role.LEADER, Role.AGENT), "A")
    above = Person("3001", "above", (Role.SUPERVISOR,), "")
    assert not may_decide(one, other)
    assert may_decide(above, one)
    assert not may_decide(one, above)


def rank(person: Person) -> int:
    return max((LEADS.index(role) + 1 for role in person.roles if role in LEADS), default=0)
