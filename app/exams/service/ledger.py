"""The ledger of lost time: outages as they happen, and what is given back by rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.exams import lost_time
from app.exams.models import Attempt, Outage, TimeGrant


@dataclass(frozen=True)
class Lost:
    """The ledger of one attempt in figures: how many outages, whole seconds lost and given back."""

    outages: int
    seconds: int
    given: int


def lost_by(session: Session, attempt: Attempt) -> Lost:
    """Return the ledger of an attempt in figures."""
    query = select(
        func.count(),
        func.coalesce(func.sum(Outage.seconds), 0),
        func.coalesce(func.sum(Outage.given_seconds), 0),
    ).where(Outage.attempt_id == attempt.id)
    outages, seconds, given = session.execute(query).one()
    return Lost(outages, int(seconds), int(given))


def outages_of(session: Session, attempt: Attempt) -> Sequence[Outage]:
    """Return the outages of an attempt, oldest first."""
    query = select(Outage).where(Outage.attempt_id == attempt.id).order_by(Outage.began_at, Outage.id)
    return session.scalars(query).all()


def note_outage(session: Session, attempt: Attempt, *, claimed: int, now: datetime) -> None:
    """Enter an outage that ends now into the ledger of a locked, open attempt; give back what the rule gives."""
    last_seen_at = attempt.last_seen_at or attempt.started_at
    span = lost_time.lost(timedelta(seconds=claimed), last_seen_at=last_seen_at, now=now)
    if not span:
        return
    before = timedelta(seconds=lost_by(session, attempt).given)
    # What lies past the end is nobody's working time.
    within = max(timedelta(0), min(span, attempt.deadline - (now - span)))
    given = int(lost_time.given(within, before=before).total_seconds())
    session.add(
        Outage(
            attempt_id=attempt.id,
            began_at=now - span,
            ended_at=now,
            seconds=int(span.total_seconds()),
            given_seconds=given,
        )
    )
    if given:
        grant(session, attempt, given, cause="outage", now=now)


def grant(
    session: Session,
    attempt: Attempt,
    seconds: int,
    *,
    cause: str,
    now: datetime,
    decision_id: int | None = None,
) -> None:
    """Move the deadline of a locked attempt by `seconds`, and keep why."""
    attempt.extra_seconds += seconds
    attempt.deadline += timedelta(seconds=seconds)
    session.add(
        TimeGrant(attempt_id=attempt.id, seconds=seconds, cause=cause, decision_id=decision_id, given_at=now)
    )
    session.flush()
