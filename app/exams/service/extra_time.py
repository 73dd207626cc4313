"""Time that two people give: to one attempt, or to all of a sitting after a power cut."""

from datetime import datetime, timedelta

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app.core.errors import N_, Refused
from app.exams import deciding
from app.exams.life import SittingState
from app.exams.models import Attempt, Decision, TimeGrant
from app.exams.service import ledger
from app.exams.service.kinds import Done, Kind, Target
from app.exams.service.sittings import state_of


class HasEnded(Refused):
    """Time is given to an attempt that runs."""

    message = N_("The attempt has ended in the meantime. Time can be given only while it runs.")


class NobodyWaits(Refused):
    """There is nobody to whom the time would be given."""

    message = N_(
        "The sitting is over, or cancelled, and no attempt runs any more: nobody would get the time."
    )


def _ensure_open(_session: Session, target: Target, _content: deciding.Time, *, now: datetime) -> None:
    del (
        now
    )  # An attempt whose time is over but which nothing has ended yet still runs: its head is not frozen.
    if target.the_attempt().state != "open":
        raise HasEnded


def _give(
    session: Session, target: Target, content: deciding.Time, decision: Decision, *, now: datetime
) -> Done:
    attempt = target.the_attempt()
    ledger.grant(session, attempt, content.seconds, cause="decision", now=now, decision_id=decision.id)
    return Done(N_("The attempt has %(minutes)s min more."), {"minutes": _minutes(content.seconds)})


def _ensure_somebody(session: Session, target: Target, _content: deciding.Time, *, now: datetime) -> None:
    if not _lets_in(target, now) and not _running(session, target):
        raise NobodyWaits


def _lets_in(target: Target, now: datetime) -> bool:
    return state_of(target.the_sitting(), now) in {SittingState.PLANNED, SittingState.OPEN}


def _running(session: Session, target: Target) -> int:
    query = select(func.count()).where(Attempt.sitting_id == target.the_sitting().id, Attempt.state == "open")
    return session.scalar(query) or 0


def _give_all(
    session: Session, target: Target, content: deciding.Time, decision: Decision, *, now: datetime
) -> Done:
    sitting, span = target.the_sitting(), timedelta(seconds=content.seconds)
    if _lets_in(target, now):
        # Whoever starts later has the time too. A sitting that is over lets nobody in again.
        sitting.closes_at += span
    closed = select(func.count()).where(
        Attempt.sitting_id == sitting.id,
        Attempt.finished_by == "deadline",
        Attempt.finished_at >= decision.proposed_at,
    )
    missed = session.scalar(closed) or 0
    given = _grant_all(session, sitting.id, content.seconds, decision_id=decision.id, now=now)
    return Done(
        N_(
            "%(minutes)s min more. Running attempts that got them: %(given)s. "
            "Ended by the clock since the proposal, without them: %(missed)s."
        ),
        {"minutes": _minutes(content.seconds), "given": given, "missed": missed},
    )


def _grant_all(session: Session, sitting_id: int, seconds: int, *, decision_id: int, now: datetime) -> int:
    """Move the deadlines of all attempts of a locked sitting that run; return how many."""
    # Locked in one order, so that two such decisions never wait for each other.
    query = (
        select(Attempt.id, Attempt.extra_seconds, Attempt.deadline)
        .where(Attempt.sitting_id == sitting_id, Attempt.state == "open")
        .order_by(Attempt.id)
        .with_for_update()
    )
    running = session.execute(query).all()
    if not running:
        return 0
    # Reckoned here: SQLite's own arithmetic on moments is not exact. Each statement is sent once for all rows.
    span = timedelta(seconds=seconds)
    session.execute(
        update(Attempt),
        [
            {"id": id_, "extra_seconds": extra + seconds, "deadline": end + span}
            for id_, extra, end in running
        ],
    )
    why = {"seconds": seconds, "cause": "decision", "decision_id": decision_id, "given_at": now}
    session.execute(insert(TimeGrant), [{"attempt_id": id_, **why} for id_, *_ in running])
    return len(running)


def _minutes(seconds: int) -> str:
    minutes = seconds / 60
    return f"{minutes:.0f}" if minutes.is_integer() else f"{minutes:.1f}"


EXTRA_TIME = Kind(
    "extra-time", N_("More time for one attempt"), "attempt", deciding.Time, _ensure_open, _give
)
SITTING_TIME = Kind(
    "sitting-time", N_("More time for a sitting"), "sitting", deciding.Time, _ensure_somebody, _give_all
)
