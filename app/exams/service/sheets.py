"""What the pages of an attempt show: plain values in one language, never a row, never a key."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.core.clock import local
from app.exams import dealing, journal
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
from app.exams.service.gate import delivered
from app.exams.service.ledger import Lost, lost_by
from app.exams.service.printed import Case, Leaf, printed
from app.items import service as items
from app.items.types import BY_KEY

LONGEST_LOOK = 80
"""Signs of an answer that others may well give too; longer ones are somebody's own words."""


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
        cells: one for each item, in order.
        saved: None before the first save.
    """

    attempt: UUID
    kind: str
    title: Mapping[str, str]
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
class Question:
    """One item of an attempt, as its candidate sees it.

    Attributes:
        section: title of its section.
        part: title and minutes of the paper's part that begins with it.
        case: position of the first item that goes with the same material; 0 where there is none.
        opens: that material, where this is the first item.
        order: of its options in this attempt.
        shown: what `presenting.question` gives, in that order.
        template: shows the question.
        answer: the one that counts.
        event: number of the event that `answer` comes from, 0 for none.
        remark: an English sentence, a key of the catalogues.
        teaches: the reason may be asked for, once there is an answer.
        reason: everything of the item, when its reason was asked for: the answer stays as it is.
        content: the item file as JSON; read only when the reason is shown.
    """

    cell: Cell
    section: str
    part: tuple[str, int] | None
    case: int
    opens: Case | None
    order: tuple[str, ...]
    shown: Mapping[str, Any]
    template: str
    answer: Any
    event: int
    remark: str | None
    teaches: bool
    reason: items.Shown | None
    content: Mapping[str, Any]

    @property
    def position(self) -> int:
        return self.cell.position

    @property
    def look(self) -> tuple[Hashable, ...] | None:
        """Return all that tells this question from the same one of another attempt; None where that is much."""
        answer = journal.canonical(self.answer)
        if self.reason is not None or len(answer) > LONGEST_LOOK:
            return None
        return (self.order, answer, self.cell.is_flagged)


@dataclass(frozen=True)
class Sheet:
    """The whole paper of a running attempt, as its candidate sees it.

    Attributes:
        paper: public id of the paper.
        lease: number of the page that had taken the attempt when this one was made.
        has_calculator: the blueprint allows one.
    """

    progress: Progress
    paper: UUID
    questions: Sequence[Question]
    lease: int
    lost: Lost
    has_calculator: bool


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
    answers = _answers(session, attempt)
    return _progress(session, attempt, kind, content, list(positions), answers, now=now)


_Answers = Mapping[int, tuple[Any, int]]
"""By position: the answer that counts (None: cleared) and the number of its event."""


def _answers(session: Session, attempt: Attempt) -> _Answers:
    query = (
        select(CurrentAnswer.position, CurrentAnswer.body, AnswerEvent.number)
        .join(AnswerEvent, AnswerEvent.id == CurrentAnswer.event_id)
        .where(CurrentAnswer.attempt_id == attempt.id)
    )
    return {position: (body, number) for position, body, number in session.execute(query)}


def _progress(
    session: Session,
    attempt: Attempt,
    kind: str,
    content: Mapping[str, Any],
    positions: Sequence[int],
    answers: _Answers,
    *,
    now: datetime,
) -> Progress:
    flagged = set(session.scalars(select(Flag.position).where(Flag.attempt_id == attempt.id)))
    answered = {position for position, (body, _) in answers.items() if body is not None}
    return Progress(
        attempt=attempt.public_id,
        kind=kind,
        title=content["title"],
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
RECEIVED_AT = select(AnswerEvent.received_at).where(
    AnswerEvent.attempt_id == bindparam("attempt_id"), AnswerEvent.number == bindparam("number")
)


def newest_save(session: Session, attempt: Attempt) -> Saved | None:
    """Return moment and receipt of the newest event in time; None before the first."""
    which = {"attempt_id": attempt.id, "number": attempt.event_count}
    at = session.connection().execute(RECEIVED_AT, which).scalar()
    if at is None:
        return None
    return Saved(f"{local(at):%H:%M:%S}", journal.receipt(attempt.public_id, attempt.event_count))


def sheet(session: Session, attempt: Attempt, language: str, *, now: datetime) -> Sheet:
    """Return the paper of a running attempt in one language.

    Raises:
        Over, NotOpenYet, NotOpened: it may not be shown (`delivered`).
    """
    paper = delivered(session, attempt, now=now)
    paper_id = session.scalars(select(Paper.public_id).where(Paper.id == attempt.paper_id)).one()
    kind, plan = plan_of(session, attempt)
    answers = _answers(session, attempt)
    so_far = _progress(session, attempt, kind, plan, list(paper), answers, now=now)
    page = printed(paper_id, paper, plan, language)
    teaches = any(leaf.item.stage == LEARN for leaf in page.leaves)
    read = shown_reasons(session, attempt) if teaches else set()
    return Sheet(
        progress=so_far,
        paper=paper_id,
        questions=[
            question_of(
                leaf,
                cell,
                page.cases.get(leaf.item.position),
                answers.get(cell.position, (None, 0)),
                language,
                seed=attempt.shuffle_seed,
                is_read=cell.position in read,
            )
            for leaf, cell in zip(page.leaves, so_far.cells, strict=True)
        ],
        lease=attempt.lease_number,
        lost=lost_by(session, attempt),
        has_calculator=plan.get("calculator", False),
    )


def question_of(
    leaf: Leaf,
    cell: Cell,
    opens: Case | None,
    given: tuple[Any, int],
    language: str,
    *,
    seed: str,
    is_read: bool,
) -> Question:
    item, item_type = leaf.item, BY_KEY[leaf.item.type]
    answer, event = given
    order = dealing.option_order(item_type.option_ids(item.parsed), seed=seed, position=item.position)
    return Question(
        cell=cell,
        section=leaf.section,
        part=leaf.part,
        case=leaf.case,
        opens=opens,
        order=tuple(order),
        shown={**leaf.introduction, **item_type.present(item.parsed, language, order)},
        template=leaf.template,
        answer=answer,
        event=event,
        remark=item_type.remark(item.parsed, answer),
        teaches=item.stage == LEARN,
        reason=items.shown(item.wording, language) if item.stage == LEARN and is_read else None,
        content=item.content,
    )
