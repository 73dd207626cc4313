"""Attempts: finding one's own, and locking it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, column, inspect, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import UtcDateTime
from app.core.errors import NotYours
from app.core.permissions import Actor
from app.exams.models import Attempt
from app.exams.timing import TooLate


class Over(TooLate):
    """The attempt has ended; its receipt is what there is to see. `attempt` is its public id."""

    def __init__(self, attempt: UUID) -> None:
        super().__init__()
        self.attempt = attempt


# Every page and every save of an attempt begins here: built once.
_OWN = select(Attempt).where(
    Attempt.public_id == bindparam("public_id"), Attempt.person_id == bindparam("person_id")
)
_OWN_LOCKED = _OWN.with_for_update()
_TABLE = inspect(Attempt).local_table
_LOCKED = (
    select(_TABLE)
    .where(_TABLE.c.public_id == bindparam("public_id"), _TABLE.c.person_id == bindparam("person_id"))
    .with_for_update()
    .cte("locked")
)
_OWN_LOCKED_NOW = select(Attempt, column("moment", UtcDateTime())).from_statement(
    select(*_LOCKED.c, clock.MOMENT)
)


def own_attempt(session: Session, actor: Actor, public_id: UUID, *, lock: bool = False) -> Attempt:
    """Return the actor's own attempt, locked for a change when asked; the only way a view gets one.

    Raises:
        NotYours: there is none with this id, or it belongs to someone else.
    """
    attempt = session.scalar(_OWN_LOCKED if lock else _OWN, _whose(actor, public_id))
    if attempt is None:
        raise NotYours
    return attempt


def locked_attempt(session: Session, actor: Actor, public_id: UUID) -> tuple[Attempt, datetime]:
    """Return the actor's own attempt, locked, and the moment in which its lock was there.

    Raises:
        NotYours: there is none with this id, or it belongs to someone else.
    """
    rows, now = clock.rows_now(session, _OWN_LOCKED, _OWN_LOCKED_NOW, _whose(actor, public_id))
    if not rows:
        raise NotYours
    return rows[0][0], now


def _whose(actor: Actor, public_id: UUID) -> dict[str, object]:
    return {"public_id": public_id, "person_id": actor.person_id}


def running_attempt(
    session: Session, actor: Actor, public_id: UUID, *, now: datetime, lock: bool = False
) -> Attempt:
    """Return the actor's own attempt while its items may be shown.

    Raises:
        NotYours: there is none with this id, or it belongs to someone else.
        Over: it has ended.
    """
    attempt = own_attempt(session, actor, public_id, lock=lock)
    if attempt.state != "open" or not attempt.timing.is_open(now):
        raise Over(attempt.public_id)
    return attempt
