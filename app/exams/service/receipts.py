"""What a candidate takes along from an attempt that has ended."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.exams import journal
from app.exams.models import AnswerEvent, Attempt, CurrentAnswer
from app.exams.service.sheets import RECEIVED_AT, count_of, plan_of


@dataclass(frozen=True)
class SignedReceipt:
    """What the server acknowledges of an attempt, in a form that nobody else can make.

    Attributes:
        number: the short number that a person notes.
        count: how many events the journal held.
        head: hash of its newest event, 64 hexadecimal figures.
        at: when the newest event was received, ISO 8601 in UTC.
        signature: Ed25519 over the canonical JSON of attempt, number (the count), head and at; base64url.
    """

    attempt: UUID
    number: str
    count: int
    head: str
    at: str
    signature: str

    def as_json(self) -> dict[str, Any]:
        """Return what a page keeps: everything that a check needs."""
        return {**asdict(self), "attempt": str(self.attempt)}


def _signed_text(attempt: UUID, count: int, head: str, at: str) -> bytes:
    return journal.canonical({"attempt": str(attempt), "number": count, "head": head, "at": at}).encode()


def sign(attempt: Attempt, at: datetime, key: Ed25519PrivateKey) -> SignedReceipt:
    """Return the signed receipt of all that stands in the journal.

    Args:
        attempt: with its newest event written.
        at: when that event was received.
        key: the school's key for receipts.
    """
    moment = at.astimezone(UTC).isoformat()
    signature = key.sign(_signed_text(attempt.public_id, attempt.event_count, attempt.head_hash, moment))
    return SignedReceipt(
        attempt=attempt.public_id,
        number=journal.receipt(attempt.public_id, attempt.event_count),
        count=attempt.event_count,
        head=attempt.head_hash,
        at=moment,
        signature=urlsafe_b64encode(signature).decode().rstrip("="),
    )


def is_ours(attempt: UUID, count: int, head: str, at: str, signature: str, key: Ed25519PrivateKey) -> bool:
    """Tell whether the school signed these words; what cannot be read was not signed by it."""
    try:
        given = urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
        key.public_key().verify(given, _signed_text(attempt, count, head, at))
    except (ValueError, InvalidSignature):
        return False
    return True


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
    return sign(attempt, at, key) if at is not None else None


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
