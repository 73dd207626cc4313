"""What an examiner sees of a script: never who wrote it, where or when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.exams import service as exams
from app.exams.models import Attempt
from app.exams.service.opening import OpenItem, opened
from app.items import presenting
from app.items.types.written import LevelText, WrittenBody
from app.marking import agreement
from app.marking.assignment import ScriptCode
from app.marking.models import Marking, Script
from app.marking.service.giving import THIRD
from app.marking.service.settling import levels_of, written_body


@dataclass(frozen=True)
class LevelView:
    """What an answer at one level is like; or an answer at that level."""

    level: int
    text: str


@dataclass(frozen=True)
class CriterionView:
    """One thing to mark, best level first."""

    id: str
    name: str
    levels: tuple[LevelView, ...]
    samples: tuple[LevelView, ...]


@dataclass(frozen=True)
class MarkView:
    """One person's marks without the person.

    Attributes:
        round: 1 and 2: the blind marks; 3: the adjudicator's.
        levels: level by criterion.
    """

    round: int
    levels: Mapping[str, int]
    comment: str | None
    wants_second_opinion: bool

    @property
    def points(self) -> int:
        return agreement.points(self.levels)


@dataclass(frozen=True)
class BlindScript:
    """A script as its examiner sees it.

    Attributes:
        code: the only name of the script.
        language: the language of the page: of task and rubric, not of the answer.
        material: title and text that belong to the task; None where there is none.
        situation: paragraphs before the question.
        words: how many words the answer has.
        given: what the examiner gave for good; None while it is open.
    """

    code: ScriptCode
    language: str
    material: tuple[str, Markup] | None
    situation: tuple[str, ...]
    ask: str
    words_asked: tuple[int, int]
    answer: tuple[str, ...]
    words: int
    criteria: tuple[CriterionView, ...]
    given: MarkView | None

    @property
    def most(self) -> int:
        return agreement.most_points(len(self.criteria))


def blind_script(session: Session, marking: Marking, language: str) -> BlindScript:
    """Return what the examiner of `marking` may see, task and rubric in `language`."""
    script = marking.script
    item = _item(session, script)
    body = written_body(item.content)
    text = exams.answers_of(session, script.attempt_id).get(script.position) or ""
    question = presenting.question(item.content, language, ())
    return BlindScript(
        code=ScriptCode(marking.code),
        language=language,
        material=presenting.material(item.stimulus, language) if item.stimulus else None,
        situation=tuple(question["situation"]),
        ask=question["ask"],
        words_asked=(body.words.min, body.words.max),
        answer=tuple(line for line in text.split("\n") if line.strip()),
        words=len(text.split()),
        criteria=_criteria(body, language),
        given=_view(marking) if marking.locked_at else None,
    )


def other_marks(marking: Marking) -> list[MarkView]:
    """Return the two blind marks, for the adjudicator alone: both are given for good."""
    if marking.round != THIRD:
        return []
    return [_view(other) for other in marking.script.markings if other.round < THIRD]


def marks_on(session: Session, attempt_id: int) -> dict[int, list[MarkView]]:
    """Return all marks given for good on the open answers of an attempt, by position, without the people."""
    scripts = session.scalars(select(Script).where(Script.attempt_id == attempt_id))
    return {
        script.position: [_view(marking) for marking in script.markings if marking.locked_at]
        for script in scripts
    }


def _item(session: Session, script: Script) -> OpenItem:
    return opened(session, session.get_one(Attempt, script.attempt_id).paper_id)[script.position]


def _criteria(body: WrittenBody, language: str) -> tuple[CriterionView, ...]:
    return tuple(
        CriterionView(
            id=criterion.id,
            name=criterion.name[language],
            levels=_levels(criterion.levels, language),
            samples=_levels(criterion.anchors, language),
        )
        for criterion in body.criteria
    )


def _levels(texts: Sequence[LevelText], language: str) -> tuple[LevelView, ...]:
    return tuple(
        LevelView(one.level, one.text[language]) for one in sorted(texts, key=lambda one: -one.level)
    )


def _view(marking: Marking) -> MarkView:
    return MarkView(
        round=marking.round,
        levels=levels_of(marking),
        comment=marking.comment,
        wants_second_opinion=marking.wants_second_opinion,
    )
