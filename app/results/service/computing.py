"""A marked attempt becomes a provisional result."""

from collections.abc import Sequence
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import Json, db
from app.core.errors import N_, Refused
from app.core.two_people import has_lapsed
from app.exams import service as exams
from app.exams.blueprints import Blueprint
from app.exams.models import Attempt
from app.exams.service.opening import OpenItem, opened
from app.items.types import BY_KEY
from app.marking import service as marking
from app.marking.agreement import most_points
from app.results import record
from app.results.life import State
from app.results.models import Result
from app.results.scoring import ItemScore, Scores, score

APPLIED = 2
"""Points of an item that applies what was learnt: it weighs double (the first ones show only how one learns)."""


def compute(payload: Json) -> None:
    """Work out the provisional result of `payload["attempt"]`; safe to repeat.

    Nothing happens while an open answer is not settled, or once somebody has proposed the result.
    """
    session = db.session()
    attempt = session.scalars(select(Attempt).where(Attempt.id == payload["attempt"]).with_for_update()).one()
    items = item_scores(session, attempt)
    if items is None:
        return
    blueprint = blueprint_of(attempt)
    result = session.scalar(select(Result).where(Result.attempt_id == attempt.id, Result.number == 1))
    if result is None:
        result = Result(
            attempt_id=attempt.id,
            person_id=attempt.person_id,
            kind=blueprint.kind,
            number=1,
            state=State.PROVISIONAL,
        )
    if result.state == State.PROVISIONAL:
        put_scores(result, score(items, blueprint), blueprint)
        result.computed_at = clock.now()
        session.add(result)
        session.flush()


class ResultStands(Refused):
    """A result is past being worked out anew."""

    message = N_(
        "A result of this attempt is proposed or released. What counts is changed there: by an appeal and an amendment."
    )


def take_back(session: Session, attempt_id: int, _positions: frozenset[int]) -> None:
    """Let go of a provisional result: other answers count now. The caller holds the attempt.

    Raises:
        ResultStands: the result is proposed, or released.
    """
    query = select(Result).where(Result.attempt_id == attempt_id).with_for_update()
    results = session.scalars(query.execution_options(populate_existing=True)).all()
    # One whose proposal has lapsed is provisional in all but name.
    stands = [
        result
        for result in results
        if result.state != State.PROVISIONAL
        and not (result.state == State.PROPOSED and has_lapsed(result.proposed_at, clock.now()))
    ]
    if stands:
        raise ResultStands
    for result in results:
        session.delete(result)
    session.flush()


def put_scores(result: Result, scores: Scores, blueprint: Blueprint) -> None:
    """Write scores into a version that is not released yet."""
    result.scores = record.written(scores, blueprint.rule.model_dump())
    result.content_hash = record.content_hash(result.scores)
    result.has_passed = scores.has_passed


def blueprint_of(attempt: Attempt) -> Blueprint:
    """Return the blueprint that the attempt's paper was drawn from."""
    return Blueprint.model_validate(attempt.paper.blueprint.content)


def item_scores(session: Session, attempt: Attempt) -> Sequence[ItemScore] | None:
    """Return what each answer of the attempt earned; None while an open answer is not settled."""
    answers = exams.answers_of(session, attempt.id)
    settled = marking.points_of(session, attempt.id)
    found = []
    for item in opened(session, attempt.paper_id).values():
        if BY_KEY[item.type].marked_by == "machine":
            found.append(_machine_score(item, answers.get(item.position)))
        elif item.position in settled:
            found.append(_people_score(item, settled[item.position]))
        else:
            return None
    return found


def _machine_score(item: OpenItem, answer: object) -> ItemScore:
    content = item.content
    item_type = BY_KEY[content["type"]]
    share = item_type.score(item_type.body_model.model_validate(content["body"]), answer)
    most = APPLIED if content.get("stage") == "apply" else 1
    return ItemScore(item.position, item.section, content["competency"], share * most, most)


def _people_score(item: OpenItem, share: Fraction) -> ItemScore:
    content = item.content
    most = most_points(len(content["body"]["criteria"]))
    return ItemScore(item.position, item.section, content["competency"], share * most, most)
