"""Taking an attempt over: once for each page, however often its request comes."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.database import insert_once
from app.exams.lease import Lease
from app.exams.models import Attempt
from app.exams.models import Lease as LeaseRow


def lease_of(attempt: Attempt) -> Lease:
    """Return who holds the attempt."""
    return Lease(attempt.lease_number, attempt.lease_since, attempt.lease_device)


def take(session: Session, attempt: Attempt, *, client: str, device: str, now: datetime) -> int:
    """Let a page take a locked attempt over, unless it did before; return the number it holds."""
    held = session.scalar(
        select(LeaseRow.number).where(LeaseRow.attempt_id == attempt.id, LeaseRow.client == client)
    )
    if held is not None:
        return held
    lease = lease_of(attempt).taken(device)
    insert_once(
        session,
        LeaseRow,
        attempt_id=attempt.id,
        client=client,
        number=lease.number,
        device=device,
        taken_at=now,
    )
    attempt.lease_number, attempt.lease_since, attempt.lease_device = lease.number, lease.since, device
    return lease.number


def pages_of(session: Session, attempt: Attempt) -> int:
    """Return how many pages have taken the attempt so far."""
    query = select(func.count()).select_from(LeaseRow).where(LeaseRow.attempt_id == attempt.id)
    return session.scalar(query) or 0
