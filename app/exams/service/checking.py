"""Is this receipt ours, and does the journal hold what it says?"""

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.exams import journal, signed_receipt
from app.exams.models import AcceptedLate, AnswerEvent, Attempt
from app.exams.service.journals import journal_fault
from app.exams.signed_receipt import SignedReceipt


class Verdict(StrEnum):
    """What a check of a receipt finds."""

    STANDS = "stands"
    """The journal holds the event with this check sum."""
    DIFFERS = "differs"
    """The journal holds an event of this number, with another check sum."""
    UNKNOWN = "unknown"
    """The attempt has no event of this number."""
    ELSEWHERE = "elsewhere"
    """It is the receipt of another attempt."""
    NOT_SIGNED = "not-signed"
    """The school did not sign it."""
    BROKEN = "broken"
    """The journal was changed: its chain is broken, or it lacks what the school signed."""


@dataclass(frozen=True)
class Checked:
    """What a check of a receipt found.

    Attributes:
        number: of the receipt, as it was given.
        position: of the item that the event saved; None unless it stands.
        received_at: when; None unless it stands.
        kind: saved, late, accepted, stale or superseded; "" unless it stands.
    """

    verdict: Verdict
    number: str
    position: int | None = None
    received_at: datetime | None = None
    kind: str = ""


@dataclass(frozen=True)
class PublicKey:
    """What anyone checks receipts with.

    Attributes:
        text: the 32 bytes of the Ed25519 key in base64.
        fingerprint: SHA-256 of these bytes in groups of four.
    """

    text: str
    fingerprint: str


def public_key(key: Ed25519PrivateKey) -> PublicKey:
    """Return the public half of the school's key for receipts."""
    raw = key.public_key().public_bytes_raw()
    digest = sha256(raw).hexdigest()
    return PublicKey(b64encode(raw).decode(), " ".join(digest[at : at + 4] for at in range(0, 64, 4)))


def check_typed(session: Session, attempt: Attempt, number: str, check_sum: str) -> Checked:
    """Check a number and a check sum against the journal of an attempt.

    Raises:
        NoNumber: the number has another form.
        NoSum: the check sum has another form.
    """
    beginning, count = signed_receipt.number(number)
    wanted = signed_receipt.check_sum(check_sum)
    given = f"{beginning}-{count}"
    if given != journal.receipt(attempt.public_id, count):
        return Checked(Verdict.ELSEWHERE, given)
    event = _event(session, attempt, count)
    if event is None:
        return Checked(Verdict.UNKNOWN, given)
    if not event.chain_hash.startswith(wanted):
        return Checked(Verdict.DIFFERS, given)
    return _standing(session, attempt, event)


def check_signed(session: Session, attempt: Attempt, held: SignedReceipt, key: Ed25519PrivateKey) -> Checked:
    """Check a whole receipt: its signature, then the journal of the attempt."""
    if not held.is_signed_by(key):
        return Checked(Verdict.NOT_SIGNED, held.number)
    if held.attempt != attempt.public_id:
        return Checked(Verdict.ELSEWHERE, held.number)
    event = _event(session, attempt, held.count)
    if event is None or event.chain_hash != held.head:
        return Checked(Verdict.BROKEN, held.number)
    return _standing(session, attempt, event)


def _event(session: Session, attempt: Attempt, number: int) -> AnswerEvent | None:
    query = select(AnswerEvent).where(AnswerEvent.attempt_id == attempt.id, AnswerEvent.number == number)
    return session.scalars(query).one_or_none()


def _standing(session: Session, attempt: Attempt, event: AnswerEvent) -> Checked:
    number = journal.receipt(attempt.public_id, event.number)
    fault = journal_fault(session, attempt)
    if fault is not None and fault <= event.number:
        # The stored check sum alone would not show an answer that was changed.
        return Checked(Verdict.BROKEN, number)
    return Checked(Verdict.STANDS, number, event.position, event.received_at, _kind(session, attempt, event))


def _kind(session: Session, attempt: Attempt, event: AnswerEvent) -> str:
    if event.is_late:
        accepted = session.get(AcceptedLate, (attempt.id, event.number))
        return "late" if accepted is None else "accepted"
    if event.is_superseded:
        return "superseded"
    return "stale" if event.is_stale else "saved"
