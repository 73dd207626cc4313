"""Results as their owners, and the rooms above, read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import Person
from app.core.clock import local
from app.core.errors import NotYours
from app.core.permissions import Actor
from app.exams.models import Attempt, Sitting
from app.marking import service as marking
from app.marking.service import MarkView
from app.results import appeals as term
from app.results import record
from app.results.life import State
from app.results.models import Appeal, Result
from app.results.scoring import Scores
from app.training import service as training

SHOWN = (State.RELEASED, State.SUPERSEDED)


@dataclass(frozen=True)
class Mine:
    """What a person sees of their own results.

    Attributes:
        released: the versions that hold, newest first.
        waiting: attempts that are handed in and not released.
    """

    released: Sequence[Result]
    waiting: Sequence[Attempt]


def mine(session: Session, actor: Actor) -> Mine:
    """Return the actor's released results, and which attempts still wait."""
    results = session.scalars(
        select(Result)
        .where(Result.person_id == actor.person_id, Result.state == State.RELEASED)
        .order_by(Result.released_at.desc(), Result.id.desc())
    ).all()
    waiting = session.scalars(
        select(Attempt)
        .options(joinedload(Attempt.sitting).lazyload(Sitting.papers))
        .where(
            Attempt.person_id == actor.person_id,
            Attempt.state == "finished",
            Attempt.id.not_in([result.attempt_id for result in results]),
        )
        .order_by(Attempt.finished_at.desc())
    ).all()
    return Mine(released=results, waiting=waiting)


def own_result(session: Session, actor: Actor, public_id: UUID) -> Result:
    """Return the actor's own released version; the only way a candidate's view gets one.

    Raises:
        NotYours: there is none with this id, it is not released, or it is someone else's.
    """
    result = session.scalar(select(Result).where(Result.public_id == public_id))
    if result is None or result.person_id != actor.person_id or result.state not in SHOWN:
        raise NotYours
    return result


@dataclass(frozen=True)
class ResultPage:
    """Everything of one result's page.

    Attributes:
        name: the candidate's own, as it stands on a certificate; in `name_language`.
        rule: the pass rule, as the blueprint words it.
        bands: the newest suitability result beside an exam; None where there is none.
        later: the version that holds in place of this one; None while this one holds.
        retake_on: the first day of a new attempt.
        marks: what markers gave and wrote, by position; told to whoever appeals.
        last_day: until when an appeal is taken.
        may_appeal: an appeal can be made now.
    """

    result: Result
    scores: Scores
    name: str
    name_language: str
    rule: Mapping[str, Any]
    bands: Scores | None
    later: Result | None
    course_is_open: bool
    retake_on: date
    appeal: Appeal | None
    marks: Mapping[int, Sequence[MarkView]]
    last_day: date
    may_appeal: bool


def page_of(session: Session, result: Result, *, now: datetime) -> ResultPage:
    """Return what the candidate's page shows of a released version of their own."""
    appeal = session.scalar(select(Appeal).where(Appeal.result_id == result.id))
    # Both are there: the version is released, so its attempt is over.
    released_at, finished_at = (
        cast("datetime", result.released_at),
        cast("datetime", result.attempt.finished_at),
    )
    last_day = term.last_day(local(released_at).date())
    person = session.get_one(Person, result.person_id)
    suitability = released(session, result.person_id, "suitability") if result.kind == "exam" else None
    pause = timedelta(days=result.attempt.paper.blueprint.content["retake_after_days"])
    return ResultPage(
        result=result,
        scores=scores_of(result),
        name=person.name,
        name_language=person.language,
        rule=result.scores["rule"],
        bands=None if suitability is None else scores_of(suitability),
        later=later_version(session, result),
        course_is_open=training.is_open(session, result.person_id),
        retake_on=local(finished_at + pause).date(),
        appeal=appeal,
        marks={} if appeal is None else marking.marks_on(session, result.attempt_id),
        last_day=last_day,
        may_appeal=appeal is None and result.state == State.RELEASED and local(now).date() <= last_day,
    )


def later_version(session: Session, result: Result) -> Result | None:
    """Return the released version that stands in the place of `result`; None while it holds itself."""
    if result.state != State.SUPERSEDED:
        return None
    query = select(Result).where(Result.attempt_id == result.attempt_id, Result.state == State.RELEASED)
    return session.scalar(query)


def released(session: Session, person_id: int, kind: str) -> Result | None:
    """Return a person's newest released result of a kind; None when there is none."""
    return session.scalar(
        select(Result)
        .where(Result.person_id == person_id, Result.kind == kind, Result.state == State.RELEASED)
        .order_by(Result.released_at.desc(), Result.id.desc())
        .limit(1)
    )


def scores_of(result: Result) -> Scores:
    """Return what a result states, exact."""
    return record.read(result.scores)
