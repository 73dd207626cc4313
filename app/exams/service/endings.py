"""How an attempt ends: by its candidate, or by its deadline; the journal's head is frozen with it."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import service as audit
from app.core import jobs
from app.core.permissions import VISITOR
from app.exams.life import ATTEMPT_MOVES, after
from app.exams.lost_time import GIVEN_AT_MOST
from app.exams.models import Attempt
from app.exams.service import clock_watch
from app.exams.timing import GRACE

FINISHED = "attempt-finished"
AT_ONCE = 200
SILENT_AFTER = timedelta(seconds=90)
"""A page with a line is heard of every 30 seconds."""


def finish(session: Session, attempt: Attempt, *, now: datetime) -> bool:
    """End the candidate's own attempt; tell whether it was this call that ended it.

    `attempt` is locked. When its time is over, the deadline has ended it, whatever was pressed.
    """
    if attempt.state != "open":
        return False
    if close_if_over(session, attempt, now=now):
        return False
    _end(session, attempt, at=now, by="candidate")
    return True


def hand_in_paper(session: Session, attempt: Attempt, *, at: datetime) -> None:
    """End a locked, open attempt whose answers came on paper."""
    _end(session, attempt, at=at, by="paper")


def close_if_over(session: Session, attempt: Attempt, *, now: datetime) -> bool:
    """End a locked attempt whose deadline and grace are over; tell whether it was this call that ended it."""
    if attempt.state != "open" or attempt.timing.counts(now):
        return False
    _end(session, attempt, at=attempt.deadline, by="deadline")
    # No request of the candidate's tells of this, so the record is made here.
    about = {"attempt": str(attempt.public_id), "head": attempt.head_hash}
    audit.record(session, tag=FINISHED, actor=VISITOR, about=about, now=now)
    return True


def _end(session: Session, attempt: Attempt, *, at: datetime, by: str) -> None:
    attempt.state = after(ATTEMPT_MOVES, attempt.state, "finish")
    attempt.finished_at, attempt.finished_by = at, by
    session.flush()
    jobs.put(session, FINISHED, {"attempt": attempt.id})


def close_overdue(session: Session, now: datetime) -> int:
    """End attempts whose time is over, oldest first; return how many. Safe to run twice and side by side.

    None while the clocks are not trusted: a clock that was set forward must not end an exam.
    """
    if clock_watch.is_paused(session, now):
        return 0
    query = (
        select(Attempt)
        .where(Attempt.state == "open", Attempt.deadline < now - GRACE)
        .order_by(Attempt.deadline)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    return sum(
        close_if_over(session, attempt, now=now)
        for attempt in session.scalars(query).all()
        if not _is_waited_for(attempt, now)
    )


def _is_waited_for(attempt: Attempt, now: datetime) -> bool:
    """Tell whether an attempt that was silent at its end may still be given time back.

    The page tells of its outage with its first word, and that moves the end.
    """
    was_silent = attempt.deadline - (attempt.last_seen_at or attempt.started_at) > SILENT_AFTER
    return was_silent and now <= attempt.deadline + GRACE + GIVEN_AT_MOST
