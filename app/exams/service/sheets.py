"""What the pages of an attempt show: plain values in one language, never a row, never a key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from markupsafe import Markup
from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.core.clock import local
from app.core.errors import NotYours
from app.exams import drawing, journal
from app.exams.models import (
    AnswerEvent,
    Attempt,
    BlueprintVersion,
    CurrentAnswer,
    Flag,
    Paper,
    PaperItem,
)
from app.exams.service.answers import LEARN, shown_reasons
from app.items import presenting
from app.items import service as items
from app.items.types import BY_KEY


@dataclass(frozen=True)
class Cell:
    """One item in the navigator."""

    position: int
    is_answered: bool
    is_flagged: bool


@dataclass(frozen=True)
class Saved:
    """The newest save: its time to the second by the country's clocks, and its receipt."""

    time: str
    receipt: str


@dataclass(frozen=True)
class Progress:
    """How far an attempt is.

    Attributes:
        kind: exam or suitability.
        sections: title by key of a section.
        parts: title and minutes of the part that a section belongs to, by the section's key.
        cells: one for each item, in order.
        saved: None before the first save.
    """

    attempt: UUID
    kind: str
    title: Mapping[str, str]
    sections: Mapping[str, Mapping[str, str]]
    parts: Mapping[str, tuple[Mapping[str, str], int]]
    deadline: datetime
    seconds_left: int
    cells: Sequence[Cell]
    saved: Saved | None

    @property
    def answered(self) -> int:
        return sum(cell.is_answered for cell in self.cells)

    @property
    def unanswered(self) -> list[Cell]:
        return [cell for cell in self.cells if not cell.is_answered]

    @property
    def flagged(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.is_flagged and cell.is_answered]

    @property
    def next_position(self) -> int:
        """Return the first item without an answer, else the last item."""
        return self.unanswered[0].position if self.unanswered else len(self.cells)


@dataclass(frozen=True)
class Material:
    """The text, table or case that the item goes with.

    Attributes:
        is_first: the item before it does not share it.
    """

    title: str
    text: Markup
    is_first: bool


@dataclass(frozen=True)
class Sheet:
    """One item of an attempt, as its candidate sees it.

    Attributes:
        question: what `presenting.question` gives.
        template: shows the question.
        content: the item file as JSON; templates read it only when the reason is shown.
        shown: number of the event that `answer` comes from, 0 for none.
        remark: an English sentence, a key of the catalogues.
        part: title and minutes of the paper's part that the item belongs to.
        teaches: the reason may be asked for, once there is an answer.
        reason: everything of the item, when its reason was asked for: the answer stays as it is.
    """

    progress: Progress
    position: int
    section: Mapping[str, str]
    material: Material | None
    question: Mapping[str, Any]
    template: str
    answer: Any
    shown: int
    remark: str | None
    part: tuple[Mapping[str, str], int] | None
    teaches: bool
    reason: items.Shown | None
    content: Mapping[str, Any]

    @property
    def cell(self) -> Cell:
        return self.progress.cells[self.position - 1]

    @property
    def is_last(self) -> bool:
        return self.position == len(self.progress.cells)


def plan_of(session: Session, attempt: Attempt) -> tuple[str, dict[str, Any]]:
    """Return kind and content of the blueprint that the attempt's paper was drawn by."""
    query = (
        select(BlueprintVersion.kind, BlueprintVersion.content)
        .join(Paper, Paper.blueprint_id == BlueprintVersion.id)
        .where(Paper.id == attempt.paper_id)
    )
    kind, content = session.execute(query).one()
    return kind, content


def progress(session: Session, attempt: Attempt, *, now: datetime) -> Progress:
    """Return how far the attempt is."""
    kind, content = plan_of(session, attempt)
    positions = session.scalars(
        select(PaperItem.position).where(PaperItem.paper_id == attempt.paper_id).order_by(PaperItem.position)
    )
    answered = set(
        session.scalars(
            select(CurrentAnswer.position).where(
                CurrentAnswer.attempt_id == attempt.id, CurrentAnswer.body.is_not(None)
            )
        )
    )
    flagged = set(session.scalars(select(Flag.position).where(Flag.attempt_id == attempt.id)))
    return Progress(
        attempt=attempt.public_id,
        kind=kind,
        title=content["title"],
        sections={section["key"]: section["title"] for section in content["sections"]},
        parts={
            key: (part["title"], part["minutes"])
            for part in content.get("parts", ())
            for key in part["sections"]
        },
        deadline=attempt.deadline,
        seconds_left=attempt.timing.seconds_left(now),
        cells=[Cell(position, position in answered, position in flagged) for position in positions],
        saved=newest_save(session, attempt),
    )


def count_of(session: Session, attempt: Attempt) -> int:
    """Return how many items the attempt's paper holds."""
    query = select(func.count()).select_from(PaperItem).where(PaperItem.paper_id == attempt.paper_id)
    return session.scalar(query) or 0


# On every page of an attempt: built once.
_RECEIVED_AT = select(AnswerEvent.received_at).where(
    AnswerEvent.attempt_id == bindparam("attempt_id"), AnswerEvent.number == bindparam("number")
)


def newest_save(session: Session, attempt: Attempt, *, at: datetime | None = None) -> Saved | None:
    """Return moment and receipt of the newest event in time; None before the first.

    Args:
        session: to read with.
        attempt: the candidate's own.
        at: the moment, where it is known already.
    """
    if at is None:
        which = {"attempt_id": attempt.id, "number": attempt.event_count}
        at = session.connection().execute(_RECEIVED_AT, which).scalar()
    if at is None:
        return None
    return Saved(f"{local(at):%H:%M:%S}", journal.receipt(attempt.public_id, attempt.event_count))


def sheet(session: Session, attempt: Attempt, position: int, language: str, *, now: datetime) -> Sheet:
    """Return one item of a running attempt.

    Raises:
        NotYours: the paper has no such position.
    """
    query = (
        select(PaperItem)
        .where(PaperItem.paper_id == attempt.paper_id, PaperItem.position.in_((position - 1, position)))
        .order_by(PaperItem.position)
    )
    near = {one.position: one for one in session.scalars(query)}
    if position not in near:
        raise NotYours
    item = near[position]
    content = item.version.content
    item_type = BY_KEY[item.version.type]
    body = item_type.body_model.model_validate(content["body"])
    current = session.execute(
        select(CurrentAnswer.body, AnswerEvent.number)
        .join(AnswerEvent, AnswerEvent.id == CurrentAnswer.event_id)
        .where(CurrentAnswer.attempt_id == attempt.id, CurrentAnswer.position == position)
    ).first()
    answer, shown = (current[0], current[1]) if current else (None, 0)
    order = drawing.option_order(item_type.option_ids(body), seed=attempt.shuffle_seed, position=position)
    so_far = progress(session, attempt, now=now)
    return Sheet(
        progress=so_far,
        position=position,
        section=so_far.sections[item.section],
        material=_material(item, near.get(position - 1), language),
        question=presenting.question(content, language, order),
        template=presenting.template(item_type.key),
        answer=answer,
        shown=shown,
        remark=item_type.remark(body, answer),
        part=so_far.parts.get(item.section),
        teaches=content.get("stage") == LEARN,
        reason=_reason(session, attempt, item, language),
        content=content,
    )


def _reason(session: Session, attempt: Attempt, item: PaperItem, language: str) -> items.Shown | None:
    if item.version.content.get("stage") != LEARN or item.position not in shown_reasons(session, attempt):
        return None
    return items.shown(item.version, language)


def _material(item: PaperItem, before: PaperItem | None, language: str) -> Material | None:
    stimulus = item.version.stimulus
    if stimulus is None:
        return None
    is_first = before is None or before.version.stimulus_version_id != item.version.stimulus_version_id
    return Material(*presenting.material(stimulus.content, language), is_first)
