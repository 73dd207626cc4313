"""Late answers that two people let count: the journal stays as it is, the answers are read off it anew."""

from collections.abc import Sequence
from datetime import datetime

from flask import current_app
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.core import jobs
from app.core.errors import N_, Refused
from app.exams import deciding
from app.exams.models import AcceptedLate, AnswerEvent, Attempt, CurrentAnswer, Decision
from app.exams.service.endings import FINISHED
from app.exams.service.journals import rebuild
from app.exams.service.kinds import Done, Kind, Recount, Target


class StillRuns(Refused):
    """Nothing is late while the attempt runs."""

    message = N_("The attempt still runs. Late answers are decided on when it has ended.")


class NotLate(Refused):
    """The number is none of a late answer that waits."""

    message = N_("One of these is not a late answer, or it counts already. Reload the page and choose again.")
    status = 422


def waiting(session: Session, attempt: Attempt) -> Sequence[AnswerEvent]:
    """Return the late answers of an attempt that nobody let count, in their order."""
    accepted = select(AcceptedLate.number).where(AcceptedLate.attempt_id == attempt.id)
    query = (
        select(AnswerEvent)
        .where(AnswerEvent.attempt_id == attempt.id, AnswerEvent.is_late, AnswerEvent.number.not_in(accepted))
        .order_by(AnswerEvent.number)
    )
    return session.scalars(query).all()


def ensure_late(session: Session, attempt: Attempt, numbers: Sequence[int]) -> None:
    """Refuse numbers that are not of late answers that wait.

    Raises:
        StillRuns: the attempt has not ended.
        NotLate: a number is of no late answer, or of one that counts already.
    """
    if attempt.state == "open":
        raise StillRuns
    if not set(numbers) <= {event.number for event in waiting(session, attempt)}:
        raise NotLate


def count(
    session: Session, attempt: Attempt, numbers: Sequence[int], decision: Decision, *, now: datetime
) -> None:
    """Let late answers of a locked attempt count, and have its scripts and its result worked out anew.

    Raises:
        StillRuns, NotLate: they cannot be decided on.
        Refused: a room above has gone too far with the attempt: an answer was marked, a result was proposed.
    """
    del now  # When it was decided stands in the decision.
    ensure_late(session, attempt, numbers)
    before = _current(session, attempt)
    row = {"attempt_id": attempt.id, "decision_id": decision.id}
    session.execute(insert(AcceptedLate), [{**row, "number": number} for number in numbers])
    rebuild(session, attempt)
    after = _current(session, attempt)
    changed = frozenset(place for place in before | after if before.get(place) != after.get(place))
    recounts: Sequence[Recount] = current_app.extensions["recounts"]
    for recount in recounts:
        recount(session, attempt.id, changed)
    # Whoever takes an attempt in may do it twice: now it finds the answers that count from now on.
    jobs.put(session, FINISHED, {"attempt": attempt.id})
    session.flush()


def _current(session: Session, attempt: Attempt) -> dict[int, int]:
    query = select(CurrentAnswer.position, CurrentAnswer.event_id).where(
        CurrentAnswer.attempt_id == attempt.id
    )
    return dict(session.execute(query).all())


def _check(session: Session, target: Target, content: deciding.LateAnswers, *, now: datetime) -> None:
    del now
    ensure_late(session, target.the_attempt(), content.events)


def _apply(
    session: Session, target: Target, content: deciding.LateAnswers, decision: Decision, *, now: datetime
) -> Done:
    count(session, target.the_attempt(), content.events, decision, now=now)
    return Done(N_("Late answers that count from now on: %(count)s."), {"count": len(content.events)})


LATE_ANSWERS = Kind("late-answers", N_("Late answers count"), "attempt", deciding.LateAnswers, _check, _apply)
