"""A person's recorded right to more time or to a break: once for all sittings until a day."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.credentials import canonical_email
from app.accounts.models import Person, RoleGrant
from app.core.clock import local
from app.core.errors import N_, Refused
from app.exams import deciding
from app.exams.models import Decision
from app.exams.service.kinds import Done, Kind, Target

KEY = "accommodation"


class NoSuchCandidate(Refused):
    """No candidate has this address."""

    message = N_("No candidate has an account with this address.")
    status = 422


class OverAlready(Refused):
    """The last day of the right lies behind."""

    message = N_("The last day must not lie in the past.")
    status = 422


@dataclass(frozen=True)
class Granted:
    """A right that holds, and the decision that it stands on."""

    decision_id: int
    right: deciding.Right


def candidate_by_email(session: Session, email: str) -> int:
    """Return the id of the candidate with this address.

    Raises:
        NoSuchCandidate: there is none.
        Refused: it is no address.
    """
    query = (
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(Person.email == canonical_email(email), RoleGrant.role == "candidate")
    )
    found = session.scalar(query)
    if found is None:
        raise NoSuchCandidate
    return found


def granted_to(session: Session, person_id: int, *, now: datetime) -> Granted | None:
    """Return the right that holds for a person at `now`: the one approved last, while its days last."""
    newest = (
        select(Decision.id, Decision.content)
        .where(Decision.person_id == person_id, Decision.kind == KEY, Decision.approved_at.is_not(None))
        .order_by(Decision.approved_at.desc(), Decision.id.desc())
        .limit(1)
    )
    found = session.execute(newest).first()
    if found is None:
        return None
    right = deciding.read(deciding.Right, found.content)
    holds = _today(now) <= right.until and (right.percent or right.break_minutes)
    return Granted(found.id, right) if holds else None


def seconds_of(session: Session, person_id: int, length_seconds: int, *, now: datetime) -> int:
    """Return what a person's recorded right adds to an attempt of this length that begins at `now`."""
    granted = granted_to(session, person_id, now=now)
    return granted.right.seconds(length_seconds) if granted else 0


def _today(now: datetime) -> date:
    return local(now).date()


def _check(_session: Session, _target: Target, content: deciding.Right, *, now: datetime) -> None:
    if content.until < _today(now):
        raise OverAlready


def _apply(
    _session: Session, _target: Target, _content: deciding.Right, _decision: Decision, *, now: datetime
) -> Done:
    # The decision itself is the record: every attempt that starts from now on reads it.
    del now
    return Done(N_("The right is recorded. It holds for attempts that start from now on."))


ACCOMMODATION = Kind(KEY, N_("Right of a person to more time"), "person", deciding.Right, _check, _apply)
