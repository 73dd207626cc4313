"""Invitations, joining, leaving; what the leader sees."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotYours
from app.core.permissions import Actor
from app.training import service
from app.training.service.teams import MOST_INVITES, InTeamAlready, InviteIsDead, LeadsATeam, TooManyInvites
from tests.factories import make_person


def person(session: Session, role: str, name: str = "Үлгібаев Ерлан") -> Actor:
    return Actor(make_person(session, role, name=name)[0].id, frozenset({role}))


@pytest.fixture
def leader(session: Session) -> Actor:
    return person(session, "candidate", "Мысалова Айгүл")


@pytest.fixture
def member(session: Session) -> Actor:
    return person(session, "team-member")


def test_a_member_joins_by_link_and_is_seen_with_their_progress(
    session: Session, leader: Actor, member: Actor
) -> None:
    service.join(session, member, service.invite(session, leader, now=clock.now()), now=clock.now())
    [seen] = service.members(session, leader)
    assert (seen.name, seen.finished) == ("Үлгібаев Ерлан", 0)
    assert service.leader_of(session, member) == "Мысалова Айгүл"


def test_the_course_is_open_to_the_team_when_it_is_to_the_leader(
    session: Session, leader: Actor, member: Actor
) -> None:
    service.join(session, member, service.invite(session, leader, now=clock.now()), now=clock.now())
    assert not service.is_open(session, member.person_id)
    service.open_course(session, leader.person_id, "suitable", now=clock.now())
    assert service.is_open(session, member.person_id)
    service.leave(session, member, now=clock.now())
    assert not service.is_open(session, member.person_id)


def test_a_link_works_once(session: Session, leader: Actor, member: Actor) -> None:
    token = service.invite(session, leader, now=clock.now())
    service.join(session, member, token, now=clock.now())
    with pytest.raises(InviteIsDead):
        service.join(session, person(session, "team-member"), token, now=clock.now())


def test_a_link_dies_after_three_days(session: Session, leader: Actor, member: Actor) -> None:
    token = service.invite(session, leader, now=clock.now())
    with pytest.raises(InviteIsDead):
        service.join(session, member, token, now=clock.now() + timedelta(hours=72))


def test_a_link_that_was_taken_back_is_dead(session: Session, leader: Actor, member: Actor) -> None:
    token = service.invite(session, leader, now=clock.now())
    [row] = service.invites(session, leader, now=clock.now())
    service.cancel_invite(session, leader, row.id, now=clock.now())
    with pytest.raises(InviteIsDead):
        service.join(session, member, token, now=clock.now())


def test_nobody_is_in_two_teams(session: Session, leader: Actor, member: Actor) -> None:
    service.join(session, member, service.invite(session, leader, now=clock.now()), now=clock.now())
    other = service.invite(session, person(session, "candidate"), now=clock.now())
    with pytest.raises(InTeamAlready):
        service.join(session, member, other, now=clock.now())


def test_a_candidate_joins_nobodys_team(session: Session, leader: Actor) -> None:
    token = service.invite(session, leader, now=clock.now())
    with pytest.raises(LeadsATeam):
        service.join(session, person(session, "candidate"), token, now=clock.now())


def test_twenty_open_invitations_are_enough(session: Session, leader: Actor) -> None:
    for _ in range(MOST_INVITES):
        service.invite(session, leader, now=clock.now())
    with pytest.raises(TooManyInvites):
        service.invite(session, leader, now=clock.now())


def test_a_leader_lets_go_only_their_own_members(session: Session, leader: Actor, member: Actor) -> None:
    service.join(session, member, service.invite(session, leader, now=clock.now()), now=clock.now())
    [seen] = service.members(session, leader)
    with pytest.raises(NotYours):
        service.let_go(session, person(session, "candidate"), seen.public_id, now=clock.now())
    service.let_go(session, leader, seen.public_id, now=clock.now())
    assert service.members(session, leader) == []


def test_someone_elses_invitation_cannot_be_taken_back(session: Session, leader: Actor) -> None:
    service.invite(session, leader, now=clock.now())
    [row] = service.invites(session, leader, now=clock.now())
    with pytest.raises(NotYours):
        service.cancel_invite(session, person(session, "candidate"), row.id, now=clock.now())
