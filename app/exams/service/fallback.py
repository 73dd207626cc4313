"""Answers on paper: two people enter a seat without seeing each other's; where they agree, an attempt comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.credentials import canonical_email
from app.accounts.models import Person
from app.accounts.service.passwords import person_by_email
from app.audit import service as audit
from app.core.errors import N_, NotYours, Refused
from app.core.permissions import Actor
from app.core.settings import Settings
from app.exams.eligibility import NotOpenYet
from app.exams.journal import digest
from app.exams.models import Attempt, Seat, SeatEntry
from app.exams.seats import Difference, Entered, difference
from app.exams.service.endings import close_if_over, hand_in_paper
from app.exams.service.opening import opened
from app.exams.service.plain_pages import MalformedAnswers
from app.exams.service.seats import SeatState, get_seat, state_of_seat
from app.exams.service.starting import begin_on_paper, ensure_might_sit
from app.exams.service.writing import Given, OpenJournal
from app.items.types import BY_KEY
from app.items.types.base import FIELD, Answer, Form, MalformedAnswer

SETTLED = "seat-settled"
PAPER = "paper"
"""The client of answers that came on paper; the server counts them itself."""


class NoSuchCandidate(Refused):
    """Nobody who may sit an exam has this address."""

    message = N_("No candidate has an account with this address.")
    status = 422


class OtherPaperBegun(Refused):
    """Answers to another paper cannot go on in the attempt."""

    message = N_("This person began with the paper %(begun)s, and these sheets are of %(seat)s.")


class AnotherSeat(Refused):
    """One person has one seat."""

    message = N_("The answers of this person were entered already, from another seat.")


class AlreadySettled(Refused):
    """Two people agreed on it; it stays as it is."""

    message = N_("Two people have entered this seat already, and it is settled.")


@dataclass(frozen=True)
class Entry:
    """How far a seat is, as one of those who enter it sees it: of others' entries never what they say.

    Attributes:
        own: what this person entered; None before.
        email: whose sheets this person takes them for.
        difference: where the own entry and the others' differ; None where there are none to compare.
        settled: the attempt that came of it.
        counts: its answers count; otherwise they came after the end, and wait for a decision.
    """

    seat: Seat
    state: SeatState
    own: Entered | None
    email: str
    difference: Difference | None
    settled: Attempt | None
    counts: bool = True


def entry_of(session: Session, actor: Actor, code: str) -> Entry:
    """Return how far the seat with a code is, as this person sees it.

    Raises:
        WrongCode: the code is none, or mistyped.
        NotYours: there is no such seat.
    """
    return _entry(session, actor, get_seat(session, code))


def _entry(session: Session, actor: Actor, seat: Seat) -> Entry:
    rows = session.scalars(select(SeatEntry).where(SeatEntry.seat_id == seat.id).order_by(SeatEntry.id)).all()
    own = next((row for row in rows if row.entered_by_id == actor.person_id), None)
    others = [row for row in rows if row is not own]
    attempt = session.get_one(Attempt, seat.attempt_id) if seat.attempt_id else None
    return Entry(
        seat=seat,
        state=state_of_seat(seat, len(rows)),
        own=_entered(own) if own else None,
        email=session.get_one(Person, own.person_id).email if own else "",
        difference=difference(_entered(own), _entered(others[-1])) if own and others else None,
        settled=attempt,
        counts=attempt is None or attempt.finished_by == PAPER,
    )


def _entered(row: SeatEntry) -> Entered:
    return Entered(row.person_id, row.answers)


def enter(
    session: Session,
    actor: Actor,
    code: str,
    *,
    email: str,
    fields: Mapping[int, Form],
    settings: Settings,
    now: datetime,
) -> Entry:
    """Keep what one person typed from the sheets of a seat; where another typed the same, settle it.

    Raises:
        WrongCode: the code is none, or mistyped.
        NotYours: there is no such seat, or its paper no such position.
        AlreadySettled: nothing can be entered any more.
        NotOpenYet: the sitting has not begun.
        NoSuchCandidate: the address is not of a candidate.
        OtherPaperBegun, AnotherSeat, or one of `eligibility`: the answers cannot be this person's.
        MalformedAnswers: some items do not allow their answers; nothing is kept.
    """
    seat = get_seat(session, code, lock=True)
    if seat.settled_at is not None:
        raise AlreadySettled
    if now < seat.sitting.opens_at:
        raise NotOpenYet
    person = _candidate(session, email)
    _ensure_may_be_theirs(session, seat, person, settings)
    answers = _answers(session, seat, fields)
    _put(session, seat, actor, Entered(person.id, answers), now)
    _settle_if_agreed(session, seat, actor, now)
    return _entry(session, actor, seat)


def _candidate(session: Session, email: str) -> Person:
    try:
        person = person_by_email(session, canonical_email(email))
    except Refused:
        raise NoSuchCandidate from None
    # Whoever enters has a role that a candidate cannot have: nobody enters their own answers.
    if person is None or person.confirmed_at is None or "candidate" not in person.roles:
        raise NoSuchCandidate
    return person


def _attempt_of(session: Session, seat: Seat, person_id: int) -> Attempt | None:
    query = select(Attempt).where(Attempt.person_id == person_id, Attempt.sitting_id == seat.sitting_id)
    return session.scalar(query.with_for_update(of=Attempt).execution_options(populate_existing=True))


def _ensure_may_be_theirs(session: Session, seat: Seat, person: Person, settings: Settings) -> None:
    attempt = _attempt_of(session, seat, person.id)
    if attempt is None:
        ensure_might_sit(session, person.id, seat.sitting, settings)
        return
    if attempt.paper_id != seat.paper_id:
        raise OtherPaperBegun(begun=attempt.paper.label, seat=seat.paper.label)
    _ensure_only_seat(session, attempt)


def _ensure_only_seat(session: Session, attempt: Attempt) -> None:
    if session.scalar(select(Seat.id).where(Seat.attempt_id == attempt.id)) is not None:
        raise AnotherSeat


def _answers(session: Session, seat: Seat, fields: Mapping[int, Form]) -> dict[str, Answer]:
    answers, malformed = _parsed(session, seat, fields)
    if malformed:
        raise MalformedAnswers(malformed)
    return answers


def _parsed(
    session: Session, seat: Seat, fields: Mapping[int, Form]
) -> tuple[dict[str, Answer], dict[int, MalformedAnswer]]:
    items = opened(session, seat.paper_id)
    if set(fields) - set(items):
        raise NotYours
    answers: dict[str, Answer] = {}
    malformed: dict[int, MalformedAnswer] = {}
    for position, given in fields.items():
        item = items[position]
        try:
            answer = BY_KEY[item.type].parse(item.parsed, given)
        except MalformedAnswer as refusal:
            malformed[position] = refusal
            continue
        if answer is not None:
            answers[str(position)] = answer
    return answers, malformed


def as_typed(session: Session, seat: Seat, fields: Mapping[int, Form]) -> dict[str, Answer]:
    """Return what a refused page held, by position, so that it is shown again: texts as they were typed."""
    answers, malformed = _parsed(session, seat, fields)
    for position in malformed:
        if text := fields[position].get(FIELD):
            answers[str(position)] = text[0]
    return answers


def _put(session: Session, seat: Seat, actor: Actor, entered: Entered, now: datetime) -> None:
    query = select(SeatEntry).where(SeatEntry.seat_id == seat.id, SeatEntry.entered_by_id == actor.person_id)
    row = session.scalar(query)
    if row is None:
        row = SeatEntry(seat_id=seat.id, entered_by_id=actor.person_id)
        session.add(row)
    row.person_id, row.answers, row.entered_at = entered.person, dict(entered.answers), now
    session.flush()


def _settle_if_agreed(session: Session, seat: Seat, actor: Actor, now: datetime) -> None:
    rows = session.scalars(select(SeatEntry).where(SeatEntry.seat_id == seat.id).order_by(SeatEntry.id)).all()
    own = next(row for row in rows if row.entered_by_id == actor.person_id)
    for other in rows:
        if other is not own and not difference(_entered(own), _entered(other)):
            attempt = _attempt_on_paper(session, seat, own, now)
            _settle(session, seat, attempt, (other, own), now)
            _record(session, seat, attempt, own, actor, now)
            return


def _attempt_on_paper(session: Session, seat: Seat, entry: SeatEntry, now: datetime) -> Attempt:
    """Return the attempt that was begun on a device, else a new one; locked."""
    attempt = _attempt_of(session, seat, entry.person_id)
    if attempt is not None:
        close_if_over(session, attempt, now=now)
        return attempt
    begin_on_paper(session, entry.person_id, seat.sitting, seat.paper_id)
    attempt = _attempt_of(session, seat, entry.person_id)
    if attempt is None:
        message = "an attempt was neither there nor added"
        raise RuntimeError(message)
    # Another seat may have made it at the same moment.
    _ensure_only_seat(session, attempt)
    return attempt


def _settle(
    session: Session, seat: Seat, attempt: Attempt, agreed: tuple[SeatEntry, SeatEntry], now: datetime
) -> None:
    first, second = agreed
    _write(session, attempt, first.answers, now)
    if attempt.state == "open":
        hand_in_paper(session, attempt, at=min(now, attempt.deadline))
    seat.person_id, seat.attempt_id, seat.settled_at = first.person_id, attempt.id, now
    seat.first_by_id, seat.second_by_id = first.entered_by_id, second.entered_by_id
    session.flush()


def _record(
    session: Session, seat: Seat, attempt: Attempt, entry: SeatEntry, actor: Actor, now: datetime
) -> None:
    """Note what came of it; the request's own event notes only that somebody typed."""
    about = {
        "attempt": str(attempt.public_id),
        "head": attempt.head_hash,
        "seat": seat.code,
        "answers": digest(entry.answers),
    }
    audit.record(session, tag=SETTLED, actor=actor, about=about, now=now)


def _write(session: Session, attempt: Attempt, answers: Mapping[str, Answer], now: datetime) -> None:
    """Enter what stands on the sheets into the journal: what was left empty there clears nothing."""
    journal_ = OpenJournal(session, attempt, now)
    first = journal_.next_sequence(PAPER)
    for sequence, position in enumerate(sorted(map(int, answers)), start=first):
        journal_.enter(Given(PAPER, sequence, position, answers[str(position)]))
    journal_.close()
