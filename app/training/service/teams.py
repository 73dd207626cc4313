"""Teams: a candidate invites people by link, and sees how far they are, not what they answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.credentials import new_token, token_hash
from app.accounts.models import Person
from app.core.errors import N_, NotYours, Refused
from app.core.permissions import Actor
from app.training.models import TeamInvite, TeamMembership
from app.training.service.learning import progress_of_many

INVITE_FOR = timedelta(hours=72)
MOST_INVITES = 20
"""Open invitations of one candidate at a time."""


class InviteIsDead(Refused):
    """The link was used, taken back or is too old."""

    message = N_("This invitation no longer works: it was used, taken back or is older than three days.")


class InTeamAlready(Refused):
    """A person is in one team at a time."""

    message = N_("You are in a team already. Leave it first.")


class LeadsATeam(Refused):
    """A candidate leads a team and is in nobody else's."""

    message = N_("A candidate leads a team of their own and cannot be in another one.")


class TooManyInvites(Refused):
    """So many links are open already."""

    message = N_("You have 20 open invitations. Take some back first.")


@dataclass(frozen=True)
class Member:
    """One person of the team as its leader sees them."""

    public_id: UUID
    name: str
    finished: int


def invite(session: Session, actor: Actor, *, now: datetime) -> str:
    """Add an invitation to the actor's team and return its token, which is kept nowhere else.

    Raises:
        TooManyInvites: there are 20 open ones.
    """
    if len(invites(session, actor, now=now)) >= MOST_INVITES:
        raise TooManyInvites
    token = new_token()
    session.add(
        TeamInvite(
            leader_id=actor.person_id,
            token_hash=token_hash(token),
            created_at=now,
            expires_at=now + INVITE_FOR,
        )
    )
    return token


def invites(session: Session, actor: Actor, *, now: datetime) -> list[TeamInvite]:
    """Return the actor's open invitations, newest first."""
    return list(
        session.scalars(
            select(TeamInvite)
            .where(
                TeamInvite.leader_id == actor.person_id,
                TeamInvite.used_at.is_(None),
                TeamInvite.cancelled_at.is_(None),
                TeamInvite.expires_at > now,
            )
            .order_by(TeamInvite.id.desc())
        )
    )


def cancel_invite(session: Session, actor: Actor, invite_id: int, *, now: datetime) -> None:
    """Take one of the actor's own invitations back.

    Raises:
        NotYours: there is no such invitation of the actor.
    """
    row = session.get(TeamInvite, invite_id, with_for_update=True)
    if row is None or row.leader_id != actor.person_id:
        raise NotYours
    row.cancelled_at = row.cancelled_at or now


def live_invite(session: Session, token: str, *, now: datetime) -> TeamInvite:
    """Return the invitation of a link.

    Raises:
        InviteIsDead: used, taken back, too old or unknown.
    """
    row = session.scalar(
        select(TeamInvite).where(TeamInvite.token_hash == token_hash(token)).with_for_update()
    )
    if row is None or row.used_at or row.cancelled_at or row.expires_at <= now:
        raise InviteIsDead
    return row


def join(session: Session, actor: Actor, token: str, *, now: datetime) -> None:
    """Put the actor into the team that the link invites to.

    Raises:
        LeadsATeam: the actor is a candidate.
        InviteIsDead: used, taken back, too old or unknown.
        InTeamAlready: the actor is in a team.
    """
    if "candidate" in actor.roles:
        raise LeadsATeam
    row = live_invite(session, token, now=now)
    row.used_at = now
    try:
        with session.begin_nested():
            session.add(TeamMembership(leader_id=row.leader_id, person_id=actor.person_id, joined_at=now))
    except IntegrityError as error:
        raise InTeamAlready from error


def members(session: Session, actor: Actor) -> list[Member]:
    """Return the people of the actor's team, by name, with the number of lessons each has finished."""
    rows = session.execute(
        select(TeamMembership.public_id, Person.id, Person.name)
        .join(Person, Person.id == TeamMembership.person_id)
        .where(TeamMembership.leader_id == actor.person_id, TeamMembership.left_at.is_(None))
        .order_by(Person.name)
    ).all()
    finished = progress_of_many(session, [person_id for _, person_id, _ in rows])
    return [Member(public_id, name, finished.get(person_id, 0)) for public_id, person_id, name in rows]


def leader_of(session: Session, actor: Actor) -> str | None:
    """Return the name of the candidate in whose team the actor is; None when in none."""
    return session.scalar(
        select(Person.name)
        .join(TeamMembership, TeamMembership.leader_id == Person.id)
        .where(TeamMembership.person_id == actor.person_id, TeamMembership.left_at.is_(None))
    )


def let_go(session: Session, actor: Actor, public_id: UUID, *, now: datetime) -> None:
    """End someone's membership in the actor's team.

    Raises:
        NotYours: there is no such member of the actor's team.
    """
    row = session.scalar(
        select(TeamMembership).where(
            TeamMembership.public_id == public_id, TeamMembership.leader_id == actor.person_id
        )
    )
    if row is None:
        raise NotYours
    row.left_at = row.left_at or now


def leave(session: Session, actor: Actor, *, now: datetime) -> None:
    """End the actor's own membership, if any."""
    row = session.scalar(
        select(TeamMembership)
        .where(TeamMembership.person_id == actor.person_id, TeamMembership.left_at.is_(None))
        .with_for_update()
    )
    if row is not None:
        row.left_at = now
