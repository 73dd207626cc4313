"""Appeals as organisers see them: the list, and everything that is needed to answer one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import two_people
from app.core.permissions import Actor
from app.exams import service as exams
from app.exams.service.opening import opened
from app.items import presenting
from app.items.types import BY_KEY
from app.marking import service as marking
from app.marking.service import MarkView
from app.results import record
from app.results.life import AppealState
from app.results.models import Appeal, Result
from app.results.scoring import ItemScore, Scores
from app.results.service.appealing import amendment_of, get_appeal
from app.results.service.releasing import code_of

PAGE = 50


@dataclass(frozen=True)
class AppealRow:
    """One appeal in the list, by the code of its result."""

    public_id: UUID
    code: str
    kind: str
    state: str
    filed_at: datetime
    waits_for_second: bool


@dataclass(frozen=True)
class AnswerView:
    """What was asked and answered at one place of the paper, and what it earned.

    Attributes:
        ask: the question, in one language.
        answer: lines that say what was answered; none where nothing was.
        item: the points that hold.
        marks: what markers gave, without the people; none where a machine scored.
    """

    ask: str
    answer: Sequence[str]
    item: ItemScore
    marks: Sequence[MarkView]


@dataclass(frozen=True)
class Case:
    """An appeal as organisers see it: by code, without a name.

    Attributes:
        scores: what was released.
        amendment: the corrected scores that wait for a second person; None while there are none.
        is_own: the one who looks at it proposed the amendment.
    """

    appeal: Appeal
    code: str
    scores: Scores
    answers: Sequence[AnswerView]
    amendment: Scores | None
    content_hash: str
    is_own: bool
    has_lapsed: bool


def appeals(session: Session, *, start: int = 0) -> list[AppealRow]:
    """Return up to a page of appeals: those open first, the oldest of them first."""
    query = select(Appeal).order_by(Appeal.state != AppealState.OPEN, Appeal.filed_at, Appeal.id)
    return [
        AppealRow(
            public_id=appeal.public_id,
            code=code_of(appeal.result),
            kind=appeal.result.kind,
            state=appeal.state,
            filed_at=appeal.filed_at,
            waits_for_second=appeal.state == AppealState.OPEN and appeal.answered_by_id is not None,
        )
        for appeal in session.scalars(query.offset(start).limit(PAGE))
    ]


def appeal_case(session: Session, actor: Actor, public_id: UUID, language: str, *, now: datetime) -> Case:
    """Return everything that is needed to answer an appeal, questions and answers in `language`.

    Raises:
        NotYours: there is no such appeal.
    """
    appeal = get_appeal(session, public_id)
    scores = record.read(appeal.result.scores)
    amendment = amendment_of(session, appeal)
    return Case(
        appeal=appeal,
        code=code_of(appeal.result),
        scores=scores,
        answers=_answers(session, appeal.result, scores, language),
        amendment=None if amendment is None else record.read(amendment.scores),
        content_hash="" if amendment is None else amendment.content_hash,
        is_own=amendment is not None and amendment.proposed_by_id == actor.person_id,
        has_lapsed=amendment is not None and _has_lapsed(amendment, now),
    )


def _answers(session: Session, result: Result, scores: Scores, language: str) -> list[AnswerView]:
    answers = exams.answers_of(session, result.attempt_id)
    marks = marking.marks_on(session, result.attempt_id)
    item_by_position = {item.position: item for item in scores.items}
    found = []
    for place in opened(session, result.attempt.paper_id).values():
        content = place.content
        item_type = BY_KEY[content["type"]]
        body = item_type.body_model.model_validate(content["body"])
        found.append(
            AnswerView(
                ask=presenting.question(content, language, item_type.option_ids(body))["ask"],
                answer=item_type.readable(body, answers.get(place.position), language),
                item=item_by_position[place.position],
                marks=marks.get(place.position, []),
            )
        )
    return found


def _has_lapsed(amendment: Result, now: datetime) -> bool:
    return two_people.has_lapsed(amendment.proposed_at, now)
