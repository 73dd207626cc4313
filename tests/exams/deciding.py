"""Decisions for tests: proposed by one organiser, approved by another."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.permissions import Actor
from app.exams import service
from app.exams.incoming import Sent
from app.exams.models import Attempt, Decision
from app.exams.service import decisions
from app.exams.service.kinds import Done, Target
from tests.exams.builders import actor, position_of

PAGE = str(UUID(int=7))
REASON = "The power was out in the whole village from 10:05 to 10:20."


def propose(
    session: Session,
    kind: str,
    target: Target,
    content: Mapping[str, object],
    *,
    by: Actor | None = None,
    now: datetime | None = None,
) -> Decision:
    who = by or actor(session, "organiser")
    moment = now or clock.now()
    return decisions.propose(session, who, kind, target=target, content=content, reason=REASON, now=moment)


def approve(
    session: Session, decision: Decision, *, by: Actor | None = None, now: datetime | None = None
) -> Done:
    who = by or actor(session, "organiser")
    moment = now or clock.now()
    hash_ = decision.content_hash
    return decisions.approve(session, who, decision.public_id, content_hash=hash_, now=moment)[1]


def answer(session: Session, attempt: Attempt, option: str, *, sequence: int, now: datetime) -> None:
    """Send one answer to the first item with one choice, as its page would."""
    place = position_of(attempt, "single_choice")
    sent = Sent(client=PAGE, sequence=sequence, position=place, fields={"answer": [option]})
    service.save(session, attempt, [sent], now=now)


def answered_late(session: Session, attempt: Attempt, *options: str) -> datetime:
    """Answer once in time, then with each of `options` after the end; return a moment after all of it."""
    answer(session, attempt, "a", sequence=1, now=clock.now())
    moment = attempt.deadline + timedelta(minutes=1)
    for sequence, option in enumerate(options, start=2):
        answer(session, attempt, option, sequence=sequence, now=moment)
    return moment + timedelta(minutes=1)
