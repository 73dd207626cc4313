"""The live board of a sitting: how the attempts stand, by code, without a name."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.exams.contact import CUT_AFTER, SILENT_AFTER, Contact, contact, minutes_since
from app.exams.models import Attempt, CurrentAnswer, Incident, Outage, PaperItem, Sitting, TimeGrant
from app.exams.service.incidents import code_of
from app.exams.service.sittings import PAGE

_HEARD_AT = func.coalesce(Attempt.last_seen_at, Attempt.started_at)
_RUNS = Attempt.state == "open"


@dataclass(frozen=True)
class Figures:
    """A sitting in figures.

    Attributes:
        running: attempts that are not handed in.
        cut: of them, not heard of for a minute.
        silent: of them, not heard of for two.
        waiting: answers that pages said they hold back.
    """

    running: int
    cut: int
    silent: int
    waiting: int
    finished: int


@dataclass(frozen=True)
class Lost:
    """The ledger of one attempt in figures."""

    outages: int = 0
    seconds: int = 0
    given: int = 0


@dataclass(frozen=True)
class Line:
    """One attempt on the board.

    Attributes:
        minutes: since it was heard of.
        count: how many items its paper has.
        extra: seconds added to its time.
        ends_at: its end; for one that is handed in the moment of that.
    """

    attempt: UUID
    code: str
    contact: Contact
    minutes: int
    answered: int
    count: int
    saves: int
    waiting: int
    lost: Lost
    extra: int
    ends_at: datetime
    incidents: int


@dataclass(frozen=True)
class Board:
    """A sitting in figures, and a page of its attempts; `has_more` if another page follows."""

    figures: Figures
    lines: Sequence[Line]
    has_more: bool


def board(
    session: Session, sitting: Sitting, *, now: datetime, start: int = 0, by_need: bool = False
) -> Board:
    """Return how the attempts of a sitting stand: as they began, or those first that somebody should look at."""
    query = select(Attempt).where(Attempt.sitting_id == sitting.id)
    if by_need:
        need = case(
            (and_(_RUNS, now - SILENT_AFTER > _HEARD_AT), 0),
            (and_(_RUNS, now - CUT_AFTER > _HEARD_AT), 1),
            (and_(_RUNS, Attempt.waiting > 0), 2),
            (_RUNS, 3),
            else_=4,
        )
        query = query.order_by(need)
    found = session.scalars(query.order_by(Attempt.id).offset(start).limit(PAGE + 1)).all()
    return Board(
        figures=_figures(session, sitting, now),
        lines=_lines(session, found[:PAGE], now),
        has_more=len(found) > PAGE,
    )


def line_of(session: Session, attempt: Attempt, *, now: datetime) -> Line:
    """Return one attempt as it stands on the board."""
    return _lines(session, [attempt], now)[0]


def grants_of(session: Session, attempt: Attempt) -> Sequence[TimeGrant]:
    """Return what was added to the time of an attempt, oldest first."""
    query = select(TimeGrant).where(TimeGrant.attempt_id == attempt.id).order_by(TimeGrant.id)
    return session.scalars(query).all()


def _figures(session: Session, sitting: Sitting, now: datetime) -> Figures:
    def unheard(span: timedelta) -> ColumnElement[int]:
        return func.count(case((and_(_RUNS, now - span > _HEARD_AT), 1)))

    query = select(
        func.count(case((_RUNS, 1))),
        unheard(CUT_AFTER),
        unheard(SILENT_AFTER),
        func.coalesce(func.sum(case((_RUNS, Attempt.waiting), else_=0)), 0),
        func.count(case((Attempt.state == "finished", 1))),
    )
    row = session.execute(query.where(Attempt.sitting_id == sitting.id)).one()
    return Figures(*map(int, row))


def _lines(session: Session, attempts: Sequence[Attempt], now: datetime) -> list[Line]:
    ids = [attempt.id for attempt in attempts]
    answered = _counts(session, CurrentAnswer.attempt_id, func.count(CurrentAnswer.body), ids)
    incidents = _counts(session, Incident.attempt_id, func.count(), ids)
    items = _counts(session, PaperItem.paper_id, func.count(), {attempt.paper_id for attempt in attempts})
    lost = _lost(session, ids)
    lines = []
    for one in attempts:
        heard_at = one.last_seen_at or one.started_at
        lines.append(
            Line(
                attempt=one.public_id,
                code=code_of(one),
                contact=contact(finished_by=one.finished_by, waiting=one.waiting, heard_at=heard_at, now=now),
                minutes=minutes_since(heard_at, now),
                answered=answered.get(one.id, 0),
                count=items.get(one.paper_id, 0),
                saves=one.event_count,
                waiting=one.waiting,
                lost=lost.get(one.id, Lost()),
                extra=one.extra_seconds,
                ends_at=one.finished_at or one.deadline,
                incidents=incidents.get(one.id, 0),
            )
        )
    return lines


def _counts(
    session: Session,
    column: InstrumentedAttribute[Any],
    count: ColumnElement[int],
    ids: Collection[int],
) -> Mapping[int, int]:
    query = select(column, count).where(column.in_(ids)).group_by(column)
    return dict(session.execute(query).all())


def _lost(session: Session, ids: Sequence[int]) -> Mapping[int, Lost]:
    query = (
        select(
            Outage.attempt_id,
            func.count(),
            func.sum(Outage.seconds),
            func.sum(Outage.given_seconds),
        )
        .where(Outage.attempt_id.in_(ids))
        .group_by(Outage.attempt_id)
    )
    return {id_: Lost(*map(int, figures)) for id_, *figures in session.execute(query)}
