"""The journal as a whole: checked, written out, and the present answers read off it anew."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core.database import put_row
from app.exams import journal
from app.exams.models import AcceptedLate, AnswerEvent, Attempt, CurrentAnswer
from app.items.types.base import Answer

BATCH = 500


def events_of(session: Session, attempt: Attempt) -> Sequence[AnswerEvent]:
    """Return all events of an attempt in the order of its chain."""
    query = select(AnswerEvent).where(AnswerEvent.attempt_id == attempt.id).order_by(AnswerEvent.number)
    return session.scalars(query).all()


def _accepted(session: Session, attempt: Attempt) -> set[int]:
    return set(session.scalars(select(AcceptedLate.number).where(AcceptedLate.attempt_id == attempt.id)))


def _link(event: AnswerEvent) -> journal.Event:
    return journal.Event(
        number=event.number,
        client=event.client,
        client_sequence=event.client_sequence,
        position=event.position,
        # Of the answer as it is stored: a changed answer breaks the chain as a changed hash does.
        body_hash=journal.digest(cast("Answer | None", event.body)),
        received_at=event.received_at,
        is_late=event.is_late,
        is_stale=event.is_stale,
        is_superseded=event.is_superseded,
        lease=event.lease,
    )


def journal_fault(session: Session, attempt: Attempt) -> int | None:
    """Return the place of the first event that does not follow from those before; None if all do."""
    return _fault(attempt, events_of(session, attempt))


def _fault(attempt: Attempt, events: Sequence[AnswerEvent]) -> int | None:
    start = journal.start_hash(attempt.public_id)
    fault = journal.first_fault(start, [(_link(event), event.chain_hash) for event in events])
    if fault is not None:
        return fault
    heads = {0: start} | {event.number: event.chain_hash for event in events}
    # A head without its event: the end of the journal was cut off.
    return None if heads.get(attempt.event_count) == attempt.head_hash else len(events) + 1


def _wanted(session: Session, attempt: Attempt, events: Sequence[AnswerEvent]) -> dict[int, AnswerEvent]:
    """Return the event that counts, by position."""
    numbers = journal.counting(map(_link, events), _accepted(session, attempt))
    by_number = {event.number: event for event in events}
    return {position: by_number[number] for position, number in numbers.items()}


def rebuild(session: Session, attempt: Attempt) -> None:
    """Read the present answers of a locked attempt off its journal anew."""
    wanted = _wanted(session, attempt, events_of(session, attempt))
    session.execute(delete(CurrentAnswer).where(CurrentAnswer.attempt_id == attempt.id))
    for position, event in wanted.items():
        key: dict[str, object] = {"attempt_id": attempt.id, "position": position}
        put_row(session.connection(), CurrentAnswer, {**key, "event_id": event.id, "body": event.body})
    session.expire_all()


@dataclass(frozen=True)
class Fault:
    """What is wrong with the journal of one attempt, in words."""

    attempt: Attempt
    text: str


def faults(session: Session) -> Iterator[Fault]:
    """Check every attempt: its chain, its head, and that its present answers are those of the journal."""
    last = 0
    while True:
        query = select(Attempt).where(Attempt.id > last).order_by(Attempt.id).limit(BATCH)
        attempts = session.scalars(query).all()
        if not attempts:
            return
        for attempt in attempts:
            if text := _fault_in_words(session, attempt):
                yield Fault(attempt, text)
        last = attempts[-1].id
        session.expunge_all()


def _fault_in_words(session: Session, attempt: Attempt) -> str | None:
    events = events_of(session, attempt)
    place = _fault(attempt, events)
    if place is not None:
        return f"event {place} was changed, is missing or does not follow the one before"
    wanted = {
        position: (event.id, event.body) for position, event in _wanted(session, attempt, events).items()
    }
    query = select(CurrentAnswer).where(CurrentAnswer.attempt_id == attempt.id)
    current = {one.position: (one.event_id, one.body) for one in session.scalars(query)}
    wrong = sorted(position for position in wanted | current if wanted.get(position) != current.get(position))
    return (
        f"the present answers to {', '.join(map(str, wrong))} are not those of the journal" if wrong else None
    )


def exported(session: Session, attempt: Attempt) -> Iterator[dict[str, Any]]:
    """Return the journal of an attempt as plain records in the order of its chain."""
    accepted = _accepted(session, attempt)
    for event in events_of(session, attempt):
        yield {
            "attempt": str(attempt.public_id),
            "number": event.number,
            "client": event.client,
            "sequence": event.client_sequence,
            "position": event.position,
            "lease": event.lease,
            "body": event.body,
            "body_hash": event.body_hash,
            "received_at": event.received_at.isoformat(),
            "late": event.is_late,
            "accepted": event.number in accepted,
            "stale": event.is_stale,
            "superseded": event.is_superseded,
            "chain": event.chain_hash,
        }
