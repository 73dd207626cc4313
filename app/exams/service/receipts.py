"""What a candidate takes along from an attempt that has ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.exams import journal
from app.exams.models import AnswerEvent, Attempt, CurrentAnswer
from app.exams.service.sheets import RECEIVED_AT, count_of, plan_of
from app.exams.signed_receipt import SignedReceipt, sign


def newest_receipt(
    session: Session, attempt: Attempt, key: Ed25519PrivateKey, *, at: datetime | None = None
) -> SignedReceipt | None:
    """Return the signed receipt of the attempt's newest event in time; None before the first.

    Args:
        session: to read with.
        attempt: the candidate's own.
        key: the school's key for receipts.
        at: when that event was received, where it is known already.
    """
    if at is None:
        which = {"attempt_id": attempt.id, "number": attempt.event_count}
        at = session.connection().execute(RECEIVED_AT, which).scalar()
    if at is None:
        return None
    return sign(attempt.public_id, count=attempt.event_count, head=attempt.head_hash, at=at, key=key)


@dataclass(frozen=True)
class Receipt:
    """What a candidate takes along from an ended attempt.

    Attributes:
        events: how many saves the journal holds within the time.
        late: how many came after the end, kept and not counted.
        is_settled: the end is written; before that the last seconds of grace run.
    """

    attempt: UUID
    kind: str
    title: Mapping[str, str]
    number: str
    hash: str
    full_hash: str
    ended_at: datetime
    by_deadline: bool
    answered: int
    items: int
    events: int
    late: int
    is_settled: bool


def receipt(session: Session, attempt: Attempt) -> Receipt:
    """Return the receipt of an attempt that is over, whether or not its end is written already."""
    kind, content = plan_of(session, attempt)
    events = func.count().label("events")
    late = session.scalar(
        select(events)
        .select_from(AnswerEvent)
        .where(AnswerEvent.attempt_id == attempt.id, AnswerEvent.is_late)
    )
    answered = session.scalar(
        select(func.count(CurrentAnswer.body)).where(CurrentAnswer.attempt_id == attempt.id)
    )
    return Receipt(
        attempt=attempt.public_id,
        kind=kind,
        title=content["title"],
        number=journal.receipt(attempt.public_id, attempt.event_count),
        hash=journal.short_hash(attempt.head_hash),
        full_hash=attempt.head_hash,
        ended_at=attempt.finished_at or attempt.deadline,
        by_deadline=attempt.finished_by in {None, "deadline"},
        answered=answered or 0,
        items=count_of(session, attempt),
        events=attempt.event_count,
        late=late or 0,
        is_settled=attempt.state == "finished",
    )
