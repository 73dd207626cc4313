"""Adding to the chained record, and checking it."""

from collections.abc import Generator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.audit import chain
from app.audit.models import AuditEvent, AuditHead
from app.audit.narrowing import Filter
from app.core.clock import COUNTRY
from app.core.permissions import Actor

BATCH = 1000


def record(
    session: Session,
    *,
    tag: str,
    actor: Actor,
    about: Mapping[str, str],
    now: datetime,
    request_id: str = "",
    refused: bool = False,
) -> AuditEvent:
    """Add one event to the chain, in the transaction of the act itself.

    Args:
        session: the running transaction.
        tag: what was done, as `thing-done`.
        actor: who did it; a visitor or the machine itself has no id.
        about: ids and hashes only.
        now: by the database's clock.
        request_id: ties the event to the page and the log line.
        refused: the act was counted but not carried out (a wrong password).
    """
    head = session.execute(select(AuditHead).where(AuditHead.id == 1).with_for_update()).scalar_one()
    event = AuditEvent(
        sequence=head.sequence + 1,
        at=now,
        actor_id=actor.id,
        roles=",".join(sorted(actor.roles)),
        tag=tag,
        about=dict(about),
        refused=refused,
        request_id=request_id,
        previous_hash=head.hash,
    )
    event.hash = chain.digest(head.hash, event.hashed())
    head.sequence, head.hash = event.sequence, event.hash
    session.add(event)
    session.flush()
    return event


def first_fault(session: Session) -> str | None:
    """Return where the chain breaks, in words; None when it is whole.

    Acts may go on meanwhile: the head is read first, so every event up to it must be there.
    """
    head = session.scalar(select(AuditHead))
    if head is None:
        return "the head is missing"
    known, seen = (head.sequence, head.hash), _Seen()
    with closing(_links(session, seen, known[0])) as links:
        fault = chain.first_fault(links)
    if fault is not None:
        return fault
    if seen.last < known[0]:
        return f"the head names event {known[0]}, the last one kept is {seen.last}"
    if seen.hash_at_head != known[1]:
        return f"the head holds another hash than event {known[0]}"
    session.refresh(head)
    return f"event {seen.last} stands past the head" if head.sequence < seen.last else None


@dataclass
class _Seen:
    last: int = 0
    hash_at_head: str = chain.FIRST


def _links(session: Session, seen: _Seen, head: int) -> Generator[chain.Link, None, None]:
    query = select(AuditEvent).order_by(AuditEvent.sequence).execution_options(yield_per=BATCH)
    # PostgreSQL keeps a cursor open for it: closed also when a fault ends the walk early.
    with closing(session.scalars(query)) as events:
        for event in events:
            seen.last = event.sequence
            if event.sequence == head:
                seen.hash_at_head = event.hash
            yield event.sequence, event.previous_hash, event.hash, event.hashed()


def newest(
    session: Session, *, before: int | None, count: int, only: Filter | None = None
) -> list[AuditEvent]:
    """Return up to `count` events, newest first, older than sequence `before` when given."""
    query = select(AuditEvent).order_by(AuditEvent.sequence.desc()).limit(count)
    conditions = [] if only is None else _conditions(only)
    if before is not None:
        conditions.append(AuditEvent.sequence < before)
    return list(session.scalars(query.where(*conditions)))


def _conditions(only: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if only.tag:
        found.append(AuditEvent.tag == only.tag)
    if only.actor_id is not None:
        found.append(AuditEvent.actor_id == only.actor_id)
    if only.since is not None:
        found.append(AuditEvent.at >= datetime.combine(only.since, time.min, COUNTRY))
    if only.until is not None:
        found.append(AuditEvent.at < datetime.combine(only.until + timedelta(days=1), time.min, COUNTRY))
    if only.refused:
        found.append(AuditEvent.refused.is_(True))
    return found


def newest_link(session: Session) -> AuditHead:
    """Return the newest link; noted elsewhere, it shows later that nothing before it was changed."""
    return session.scalars(select(AuditHead)).one()
