"""The incident book of a sitting: what happened in the room, only ever added to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.core.errors import N_, Refused
from app.core.permissions import Actor
from app.exams import journal
from app.exams.happenings import KINDS
from app.exams.models import Attempt, Incident, Sitting
from app.exams.service.sittings import PAGE, get_sitting

_CODES = 10_000


class NoSuchAttempt(Refused):
    """The code is none of this sitting's, or of several."""

    message = N_("No attempt of this sitting has this code alone. Leave it empty and write it into the text.")
    status = 422


@dataclass(frozen=True)
class Entry:
    """One entry as the book shows it. `code` is empty where it is about no single attempt."""

    at: datetime
    kind: str
    code: str
    attempt: UUID | None
    text: str
    by: str


def code_of(attempt: Attempt) -> str:
    """Return what people in the room call an attempt: the first part of its receipts."""
    return journal.receipt(attempt.public_id, attempt.event_count).partition("-")[0]


def add(
    session: Session, actor: Actor, sitting_id: UUID, *, kind: str, text: str, code: str = "", now: datetime
) -> Incident:
    """Enter what happened into the book of a sitting.

    Raises:
        NotYours: there is no such sitting.
        NoSuchAttempt: no attempt of it, or more than one, has this code.
    """
    sitting = get_sitting(session, sitting_id)
    attempt = _attempt_with(session, sitting, code) if code else None
    incident = Incident(
        sitting_id=sitting.id,
        attempt_id=attempt.id if attempt else None,
        kind=kind,
        text=text,
        by_id=actor.person_id,
        at=now,
    )
    session.add(incident)
    session.flush()
    return incident


def _attempt_with(session: Session, sitting: Sitting, code: str) -> Attempt:
    rows = select(Attempt.id, Attempt.public_id).where(Attempt.sitting_id == sitting.id)
    ids = [id_ for id_, public_id in session.execute(rows) if f"{public_id.int % _CODES:04d}" == code]
    if len(ids) != 1:
        raise NoSuchAttempt
    return session.get_one(Attempt, ids[0])


def book(session: Session, sitting: Sitting, *, start: int = 0, most: int = PAGE + 1) -> list[Entry]:
    """Return entries of a sitting's book, newest first, from place `start` on."""
    query = (
        select(Incident, Attempt, Person.name)
        .outerjoin(Attempt, Attempt.id == Incident.attempt_id)
        .join(Person, Person.id == Incident.by_id)
        .where(Incident.sitting_id == sitting.id)
        .order_by(Incident.id.desc())
    )
    return [_entry(*row) for row in session.execute(query.offset(start).limit(most))]


def _entry(incident: Incident, attempt: Attempt | None, name: str) -> Entry:
    return Entry(
        at=incident.at,
        kind=KINDS[incident.kind],
        code=code_of(attempt) if attempt else "",
        attempt=attempt.public_id if attempt else None,
        text=incident.text,
        by=name,
    )
