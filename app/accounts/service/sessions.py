"""Signed-in browsers, as rows: opened, found by their token, renewed, ended."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import current_app, has_request_context
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.accounts.credentials import new_token, token_hash
from app.accounts.models import LoginSession, Person, RoleGrant
from app.core import clock
from app.core.database import after_commit, db, unit_of_work
from app.core.errors import NotYours
from app.core.permissions import STAFF, Actor
from app.core.settings import Settings

STAFF_IDLE = timedelta(minutes=30)
STAFF_LONGEST = timedelta(hours=12)
OTHERS_LONGEST = timedelta(days=14)
SEEN_EVERY = timedelta(minutes=5)
LONGEST_DEVICE = 120
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Signed:
    """A session that is alive: what the rest of the house sees of it."""

    actor: Actor
    session_id: int
    public_id: UUID
    name: str
    email: str
    language: str
    has_factor: bool
    reauthenticated_at: datetime
    token: str
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """Return what Flask-Login keeps in the cookie."""
        return self.token


# Asked by every request of everybody signed in: built once, one trip, one row for each role.
_LIVE = (
    select(
        LoginSession.id.label("session_id"),
        LoginSession.public_id,
        LoginSession.created_at,
        LoginSession.last_seen_at,
        LoginSession.second_factor_at,
        LoginSession.reauthenticated_at,
        Person.id.label("person_id"),
        Person.name,
        Person.email,
        Person.language,
        Person.totp_confirmed_at,
        RoleGrant.role,
    )
    .join(Person, Person.id == LoginSession.person_id)
    .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
    .where(
        LoginSession.token_hash == bindparam("token_hash"),
        LoginSession.ended_at.is_(None),
        Person.disabled_at.is_(None),
    )
)
_LIVE_NOW = _LIVE.add_columns(clock.MOMENT)


def signed_in_by_token(token: str) -> Signed | None:
    """Return the live session of this cookie; None when it has ended in any way."""
    session = db.session()
    # Not asked as objects, which is what makes it cheap: what this transaction has changed is written first.
    session.flush()
    rows, now = clock.rows_now(session.connection(), _LIVE, _LIVE_NOW, {"token_hash": token_hash(token)})
    roles = frozenset(row.role for row in rows if row.role is not None)
    is_staff = bool(roles & STAFF)
    if not rows or not _is_alive(rows[0].created_at, rows[0].last_seen_at, now, is_staff=is_staff):
        return None
    row = rows[0]
    if has_request_context() and now - row.last_seen_at > SEEN_EVERY:
        _touch_later(row.session_id, now)
    has_factor = row.totp_confirmed_at is not None
    needs_factor = is_staff and _settings().staff_second_factor
    return Signed(
        actor=Actor(
            id=row.person_id,
            roles=roles,
            is_complete=row.second_factor_at is not None or not (needs_factor or has_factor),
        ),
        session_id=row.session_id,
        public_id=row.public_id,
        name=row.name,
        email=row.email,
        language=row.language,
        has_factor=has_factor,
        reauthenticated_at=row.reauthenticated_at,
        token=token,
    )


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _is_alive(created_at: datetime, last_seen_at: datetime, now: datetime, *, is_staff: bool) -> bool:
    if is_staff:
        return now - last_seen_at < STAFF_IDLE and now - created_at < STAFF_LONGEST
    return now - created_at < OTHERS_LONGEST


def _touch_later(session_id: int, now: datetime) -> None:
    # A page that is only read must not take the write lock: the mark is made after it, by itself.
    def touch() -> None:
        try:
            with unit_of_work() as session:
                session.execute(
                    update(LoginSession).where(LoginSession.id == session_id).values(last_seen_at=now)
                )
        except SQLAlchemyError:
            logger.warning("session %s could not be marked as seen", session_id)

    after_commit(touch)


def open_session(
    session: Session, person: Person, *, device: str, now: datetime, factor: bool = False
) -> str:
    """Add a session for `person` and return its token, which is kept nowhere else."""
    token = new_token()
    session.add(
        LoginSession(
            person_id=person.id,
            token_hash=token_hash(token),
            device=device[:LONGEST_DEVICE],
            created_at=now,
            last_seen_at=now,
            reauthenticated_at=now,
            second_factor_at=now if factor else None,
        )
    )
    session.flush()
    return token


def renew_token(session: Session, session_id: int) -> str:
    """Give a session whose rights have grown a new token; the old one is worth nothing from now on."""
    token = new_token()
    session.execute(
        update(LoginSession).where(LoginSession.id == session_id).values(token_hash=token_hash(token))
    )
    return token


def sessions_of(session: Session, actor: Actor, *, now: datetime) -> list[LoginSession]:
    """Return the actor's own live sessions, newest first."""
    rows = session.scalars(
        select(LoginSession)
        .where(LoginSession.person_id == actor.person_id, LoginSession.ended_at.is_(None))
        .order_by(LoginSession.last_seen_at.desc(), LoginSession.id.desc())
    )
    is_staff = actor.is_staff
    return [row for row in rows if _is_alive(row.created_at, row.last_seen_at, now, is_staff=is_staff)]


def end_session(session: Session, actor: Actor, public_id: UUID, *, now: datetime) -> None:
    """End one of the actor's own sessions.

    Raises:
        NotYours: there is none with this id, or it is someone else's.
    """
    row = session.scalar(
        select(LoginSession).where(
            LoginSession.public_id == public_id, LoginSession.person_id == actor.person_id
        )
    )
    if row is None:
        raise NotYours
    row.ended_at = row.ended_at or now


def end_all_sessions(session: Session, person_id: int, *, now: datetime, but: int | None = None) -> None:
    """End every session of a person, except the one with id `but`."""
    query = update(LoginSession).where(LoginSession.person_id == person_id, LoginSession.ended_at.is_(None))
    if but is not None:
        query = query.where(LoginSession.id != but)
    session.execute(query.values(ended_at=now))


def forget_old_sessions(session: Session, now: datetime) -> None:
    """End sessions that are past their longest life, whoever holds them."""
    session.execute(
        update(LoginSession)
        .where(LoginSession.ended_at.is_(None), LoginSession.created_at < now - OTHERS_LONGEST)
        .values(ended_at=now)
    )
