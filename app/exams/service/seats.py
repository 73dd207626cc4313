"""Seats: copies of a sitting's papers on paper, each with its code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import N_, NotYours, Refused
from app.core.permissions import Actor
from app.exams import dealing, journal
from app.exams.life import SittingState, WrongState
from app.exams.models import Attempt, Paper, Seat, SeatEntry, Sitting
from app.exams.seats import PRINTED_BEFORE, make_code, may_print, read_code
from app.exams.service.opening import opened
from app.exams.service.printed import Leaf, Printed, printed
from app.exams.service.sittings import PAGE, get_sitting, state_of
from app.items.types import BY_KEY

MOST_AT_ONCE = 200
MOST = 2000
"""Seats of one sitting."""
MOST_PRINTED = 50
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ENTERED_TWICE = 2


class TooManySeats(Refused):
    """A sitting has no more."""

    message = N_("A sitting has 2,000 seats at most.")
    status = 422


class NotNow(Refused):
    """Paper is printed as late as it can be, and not any more when the sitting is over."""

    message = N_("Papers are printed from %(minutes)s minutes before the sitting opens until it closes.")


class NoSuchSeats(Refused):
    """There are no seats with these numbers."""

    message = N_("The sitting has no seats with these numbers.")
    status = 422


class SeatState(StrEnum):
    """How far the entry of a seat is."""

    FREE = "free"
    ONCE = "once"
    """One person has entered it."""
    DIFFERS = "differs"
    """Two have, and not the same."""
    SETTLED = "settled"


def make_seats(
    session: Session, actor: Actor, sitting_id: UUID, *, count: int, paper_id: UUID | None, now: datetime
) -> list[Seat]:
    """Add seats to a sitting: all with one of its papers, or with its papers in turn.

    Raises:
        NotYours: there is no such sitting, or it has no such paper.
        WrongState: the sitting is over, or was cancelled.
        TooManySeats: it would have more than 2,000.
    """
    sitting = get_sitting(session, sitting_id, lock=True)
    if state_of(sitting, now) not in {SittingState.PLANNED, SittingState.OPEN}:
        raise WrongState
    papers = [one.paper for one in sitting.papers if paper_id in {None, one.paper.public_id}]
    if not papers:
        raise NotYours
    last = session.scalar(select(func.max(Seat.number)).where(Seat.sitting_id == sitting.id)) or 0
    if last + count > MOST:
        raise TooManySeats
    seats = [
        Seat(
            sitting_id=sitting.id,
            number=number,
            code=_new_code(session),
            paper_id=papers[number % len(papers)].id,
            created_by_id=actor.person_id,
            created_at=now,
        )
        for number in range(last + 1, last + count + 1)
    ]
    session.add_all(seats)
    session.flush()
    return seats


def _new_code(session: Session) -> str:
    while True:
        code = make_code()
        if session.scalar(select(Seat.id).where(Seat.code == code)) is None:
            return code


@dataclass(frozen=True)
class SeatLine:
    """One seat in the organisers' list.

    Attributes:
        receipt: of the attempt that was made of it; "" before.
    """

    seat: Seat
    state: SeatState
    receipt: str


def seats_of(session: Session, sitting: Sitting, *, start: int = 0) -> list[SeatLine]:
    """Return a page of a sitting's seats by number, from place `start` on; one more if a page follows."""
    entries = (
        select(func.count())
        .where(SeatEntry.seat_id == Seat.id)
        .correlate(Seat)
        .scalar_subquery()
        .label("entries")
    )
    query = (
        select(Seat, Attempt, entries)
        .outerjoin(Attempt, Attempt.id == Seat.attempt_id)
        .where(Seat.sitting_id == sitting.id)
        .order_by(Seat.number)
        .offset(start)
        .limit(PAGE + 1)
    )
    return [
        SeatLine(
            seat,
            state_of_seat(seat, count),
            journal.receipt(attempt.public_id, attempt.event_count) if attempt else "",
        )
        for seat, attempt, count in session.execute(query)
    ]


def state_of_seat(seat: Seat, entries: int) -> SeatState:
    """Return how far a seat is that so many people entered."""
    if seat.settled_at is not None:
        return SeatState.SETTLED
    if entries >= ENTERED_TWICE:
        return SeatState.DIFFERS
    return SeatState.ONCE if entries else SeatState.FREE


def get_seat(session: Session, typed: str, *, lock: bool = False) -> Seat:
    """Return the seat with a code as a person typed it, locked for a change when asked.

    Raises:
        WrongCode: the code is none, or mistyped.
        NotYours: there is no such seat.
    """
    query = select(Seat).where(Seat.code == read_code(typed))
    if lock:
        query = query.with_for_update(of=Seat).execution_options(populate_existing=True)
    seat = session.scalar(query)
    if seat is None:
        raise NotYours
    return seat


@dataclass(frozen=True)
class Question:
    """One item as it stands on paper and on the page of its entry.

    Attributes:
        leaf: the item in one language, and what stands around it.
        shown: what its type's template shows; its options carry letters.
    """

    leaf: Leaf
    shown: Mapping[str, Any]

    @property
    def position(self) -> int:
        return self.leaf.item.position


@dataclass(frozen=True)
class Sheets:
    """A paper as it is printed for a seat, in one language."""

    paper: Paper
    title: str
    minutes: int
    printed: Printed
    questions: Sequence[Question]


def sheets_of(session: Session, paper: Paper, language: str) -> Sheets:
    """Return a paper as it stands on paper. The caller has made sure that it may be seen now.

    Raises:
        NotOpened: its key is still with the custodians.
    """
    plan = paper.blueprint.content
    whole = printed(paper.public_id, opened(session, paper.id), plan, language)
    return Sheets(
        paper=paper,
        title=plan["title"][language],
        minutes=plan["minutes"],
        printed=whole,
        questions=[_question(paper, leaf, language) for leaf in whole.leaves],
    )


def _question(paper: Paper, leaf: Leaf, language: str) -> Question:
    item_type, body = BY_KEY[leaf.item.type], leaf.item.parsed
    # One order for every copy, and not the author's own, which may tell the key.
    order = dealing.option_order(
        item_type.option_ids(body), seed=str(paper.public_id), position=leaf.item.position
    )
    return Question(leaf, lettered({**leaf.introduction, **item_type.present(body, language, order)}))


def lettered(question: Mapping[str, Any]) -> dict[str, Any]:
    """Return a question whose options carry letters, but for a list that numbers itself."""
    options = question.get("options", ())
    if "scale" in question:
        return dict(question)
    marked = [
        {**option, "text": f"{letter}. {option['text']}"}
        for letter, option in zip(LETTERS, options, strict=False)
    ]
    return {**question, "options": marked} if marked else dict(question)


@dataclass(frozen=True)
class Copy:
    """What is printed for one seat."""

    seat: Seat
    sheets: Sheets


def printed_copies(
    session: Session, sitting_id: UUID, *, first: int, last: int, language: str, now: datetime
) -> list[Copy]:
    """Return what is printed for the seats with these numbers.

    Raises:
        NotYours: there is no such sitting.
        NotNow: it is too early for paper, or too late; or the sitting was cancelled.
        NoSuchSeats: it has no seats with these numbers.
        NotOpened: the key of a paper is still with the custodians.
    """
    sitting = get_sitting(session, sitting_id)
    is_time = may_print(opens_at=sitting.opens_at, closes_at=sitting.closes_at, now=now)
    if sitting.cancelled_at is not None or not is_time:
        raise NotNow(minutes=int(PRINTED_BEFORE.total_seconds()) // 60)
    query = select(Seat).where(Seat.sitting_id == sitting.id, Seat.number.between(first, last))
    seats = session.scalars(query.order_by(Seat.number).limit(MOST_PRINTED)).all()
    if not seats:
        raise NoSuchSeats
    papers = {seat.paper_id: seat.paper for seat in seats}
    sheets = {key: sheets_of(session, paper, language) for key, paper in papers.items()}
    return [Copy(seat, sheets[seat.paper_id]) for seat in seats]
