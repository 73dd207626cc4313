"""When a script is final, and what it earned."""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import jobs
from app.exams.models import Attempt
from app.exams.service.opening import opened
from app.items.types import BY_KEY
from app.items.types.written import WrittenBody
from app.marking import agreement
from app.marking.life import Event, State, after
from app.marking.models import Marking, Script
from app.marking.service.giving import assign, district_of

HUNDREDTHS = 100


def written_body(content: Mapping[str, Any]) -> WrittenBody:
    """Return the body of an item that people mark, from its version's content."""
    body: WrittenBody = BY_KEY[content["type"]].body_model.model_validate(content["body"])
    return body


def move_on(session: Session, attempt: Attempt, script: Script, *, now: datetime) -> None:
    """Settle a script, or ask a third person, if its marks say so. The caller holds the attempt."""
    given = [agreement.points(levels_of(marking)) for marking in script.markings if marking.locked_at]
    if script.state == State.ADJUDICATION:
        settle(script, Event.ADJUDICATED, agreement.final_points(given), now=now)
    elif len(given) == agreement.BLIND_MARKS:
        tolerance = attempt.paper.blueprint.content["tolerance"]
        is_doubted = any(marking.wants_second_opinion for marking in script.markings)
        if agreement.needs_third(*given, tolerance=tolerance, is_doubted=is_doubted):
            script.state = after(State(script.state), Event.DIFFERED)
            assign(session, script, district_of(session, attempt.person_id))
        else:
            settle(script, Event.AGREED, agreement.final_points(given), now=now)


def settle(script: Script, event: Event, points: Fraction, *, now: datetime) -> None:
    """Make the points of a script final."""
    script.state = after(State(script.state), event)
    script.points = int(points * HUNDREDTHS)
    script.settled_at = now


def tell_if_marked(session: Session, attempt_id: int) -> None:
    """Put "attempt-marked" once no script of the attempt is open. The caller holds the attempt."""
    session.flush()
    still_open = select(Script.id).where(Script.attempt_id == attempt_id, Script.state != State.SETTLED)
    if session.scalar(still_open.limit(1)) is None:
        jobs.put(session, "attempt-marked", {"attempt": attempt_id})


def levels_of(marking: Marking) -> dict[str, int]:
    """Return what one person gave, by criterion."""
    return {mark.criterion: mark.level for mark in marking.marks}


def points_of(session: Session, attempt_id: int) -> dict[int, Fraction]:
    """Return the share (0-1) that each settled script of an attempt earned, by position."""
    scripts = session.scalars(
        select(Script).where(Script.attempt_id == attempt_id, Script.state == State.SETTLED)
    ).all()
    if not scripts:
        return {}
    items = opened(session, session.get_one(Attempt, attempt_id).paper_id)
    return {
        script.position: Fraction(script.points or 0, HUNDREDTHS)
        / agreement.most_points(len(written_body(items[script.position].content).criteria))
        for script in scripts
    }
