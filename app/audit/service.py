"""Adding to the chained record, and checking it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import chain
from app.audit.models import AuditEvent, AuditHead
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
    """Return where the chain breaks, in words; None when it is whole."""
    events = session.scalars(select(AuditEvent).order_by(AuditEvent.sequence).execution_options(yield_per=BATCH))
    last = {"sequence": 0, "hash": chain.FIRST}

    def links() -> "object":
        for event in events:
            last["sequence"], last["hash"] = event.sequence, event.hash
            yield event.sequence, event.previous_hash, event.hash, event.hashed()

    fault = chain.first_fault(links())  # type: ignore[arg-type]  # a generator is an iterable
    if fault is not None:
        return fault
    head = session.execute(select(AuditHead)).scalar_one_or_none()
    if head is None:
        return "the head is missing"
    if (head.sequence, head.hash) != (last["sequence"], last["hash"]):
        return f"the head names event {head.sequence}, the last one kept is {last['sequence']}"
    return None


def newest(session: Session, *, before: int | None, count: int) -> list[AuditEvent]:
    """Return up to `count` events, newest first, older than sequence `before` when given."""
    query = select(AuditEvent).order_by(AuditEvent.sequence.desc()).limit(count)
    if before is not None:
        query = query.where(AuditEvent.sequence < before)
    return list(session.scalars(query))
