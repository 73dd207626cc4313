"""Starting an attempt: who may, doing it once, and what stands before it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.candidacy import service as candidacy
from app.core.database import insert_once
from app.core.errors import Refused
from app.core.permissions import Actor
from app.core.settings import Settings
from app.exams import dealing
from app.exams.blueprints import Blueprint
from app.exams.deciding import Right
from app.exams.eligibility import Standing, ensure_may_start, hindrances, may_retake_at
from app.exams.journal import start_hash
from app.exams.models import Attempt, Sitting
from app.exams.service import accommodations, ledger
from app.exams.service.blueprints import current_blueprints, read
from app.exams.service.opening import ensure_opened
from app.exams.service.sittings import coming_sittings, get_sitting, state_of
from app.exams.timing import fixed_deadline
from app.places import service as places
from app.places.models import Place
from app.training import service as training


@dataclass(frozen=True)
class _Person:
    """What is known of one person who wants to start an attempt of one kind.

    Attributes:
        places: from the region down to the candidate's own place; empty when none is chosen.
        attempts: all of this kind, oldest first.
    """

    id: int
    places: Sequence[Place]
    attempts: Sequence[Attempt]
    needs_course: bool
    has_finished_course: bool


def _person(session: Session, person_id: int, kind: str, settings: Settings) -> _Person:
    place = candidacy.place_of(session, person_id)
    needs_course = kind == "exam" and settings.course_opens_exam
    attempts = select(Attempt).join(Sitting).where(Attempt.person_id == person_id, Sitting.kind == kind)
    return _Person(
        id=person_id,
        places=places.lineage(session, place) if place else (),
        attempts=list(session.scalars(attempts.order_by(Attempt.started_at, Attempt.id))),
        needs_course=needs_course,
        has_finished_course=needs_course and training.is_finished(session, person_id),
    )


def _standing(person: _Person, sitting: Sitting, now: datetime) -> Standing:
    running = [attempt for attempt in person.attempts if _runs(attempt, now)]
    ended = [attempt for attempt in person.attempts if not _runs(attempt, now)]
    return Standing(
        sitting=state_of(sitting, now),
        is_of_the_place=sitting.place_kato is None
        or sitting.place_kato in {place.kato for place in person.places},
        needs_course=person.needs_course,
        has_finished_course=person.has_finished_course,
        last_end=max((attempt.finished_at or attempt.deadline for attempt in ended), default=None),
        retake_after_days=_blueprint(sitting)["retake_after_days"],
        runs_another=bool(running),
    )


def _runs(attempt: Attempt, now: datetime) -> bool:
    return attempt.state == "open" and attempt.timing.is_open(now)


def _blueprint(sitting: Sitting) -> dict[str, int]:
    return sitting.papers[0].paper.blueprint.content


def start(session: Session, actor: Actor, sitting_id: UUID, settings: Settings, *, now: datetime) -> Attempt:
    """Return the actor's attempt in this sitting, begun now unless it was before. A double click begins one.

    Raises:
        NotYours: there is no such sitting.
        Refused: one of `eligibility`: this person may not start here now.
        NotOpened: the custodians have not opened the paper yet.
    """
    # Held: two people who give the whole sitting more time wait for this start, or this start for them.
    sitting = get_sitting(session, sitting_id, hold=True)
    person = _person(session, actor.person_id, sitting.kind, settings)
    # Of the same look that the rules judge by: what a second click began meanwhile is no other attempt.
    begun = next((attempt for attempt in person.attempts if attempt.sitting_id == sitting.id), None)
    if begun is not None:
        return begun
    ensure_may_start(_standing(person, sitting, now), now=now)
    paper_id = dealing.choose_paper(
        [one.paper_id for one in sitting.papers],
        seen={attempt.paper_id for attempt in person.attempts},
        seed=f"{sitting.public_id}:{actor.person_id}",
    )
    ensure_opened(session, paper_id)
    return _begin(session, actor.person_id, sitting, paper_id, now=now)


def ensure_might_sit(session: Session, person_id: int, sitting: Sitting, settings: Settings) -> None:
    """Refuse a person who might not start when the sitting opened.

    Raises:
        Refused: one of `eligibility`.
    """
    then = sitting.opens_at
    ensure_may_start(_standing(_person(session, person_id, sitting.kind, settings), sitting, then), now=then)


def begin_on_paper(session: Session, person_id: int, sitting: Sitting, paper_id: int) -> Attempt:
    """Return the attempt of a person who answered on paper, begun when the sitting opened."""
    return _begin(session, person_id, sitting, paper_id, now=sitting.opens_at)


def _begin(session: Session, person_id: int, sitting: Sitting, paper_id: int, *, now: datetime) -> Attempt:
    public_id = uuid4()
    length = timedelta(minutes=_blueprint(sitting)["minutes"])
    insert_once(
        session,
        Attempt,
        public_id=public_id,
        person_id=person_id,
        sitting_id=sitting.id,
        paper_id=paper_id,
        state="open",
        started_at=now,
        length_seconds=int(length.total_seconds()),
        closes_at=sitting.closes_at,
        deadline=fixed_deadline(started_at=now, length=length, closes_at=sitting.closes_at),
        head_hash=start_hash(public_id),
        shuffle_seed=secrets.token_hex(16),
    )
    attempt = _attempt_in(session, person_id, sitting)
    if attempt is None:
        message = "an attempt was neither there nor added"
        raise RuntimeError(message)
    if attempt.public_id == public_id:
        _grant_right(session, attempt, now=now)
    return attempt


def _grant_right(session: Session, attempt: Attempt, *, now: datetime) -> None:
    """Add to an attempt that begins what its person has a recorded right to."""
    granted = accommodations.granted_to(session, attempt.person_id, now=now)
    if granted is not None:
        seconds = granted.right.seconds(attempt.length_seconds)
        decision = granted.decision_id
        ledger.grant(session, attempt, seconds, cause="accommodation", now=now, decision_id=decision)


def _attempt_in(session: Session, person_id: int, sitting: Sitting) -> Attempt | None:
    return session.scalar(
        select(Attempt).where(Attempt.person_id == person_id, Attempt.sitting_id == sitting.id)
    )


def _plan(session: Session, kind: str, sittings: Sequence[Sitting]) -> Blueprint | None:
    if sittings:
        return read(sittings[0].papers[0].paper.blueprint)
    newest = [version for version in current_blueprints(session) if version.kind == kind]
    return read(newest[0]) if newest else None


@dataclass(frozen=True)
class Door:
    """One sitting as the entry page shows it to one person.

    Attributes:
        attempt: the person's own in this sitting.
        hindrances: what stands in the way of starting; empty when the button may be shown.
    """

    sitting: Sitting
    minutes: int
    attempt: Attempt | None
    hindrances: Sequence[Refused]


@dataclass(frozen=True)
class Entry:
    """What the entry page of a kind shows to one person.

    Attributes:
        plan: the blueprint of the first sitting, else the newest of the kind; None when there is none.
        place: the candidate's; None when none is chosen.
        needs_course: the course must be finished first, and `has_finished_course` tells.
        retake_at: from when on a new attempt may start, while that lies ahead.
        running: the attempt to go on with.
        ended: earlier attempts, newest first.
        right: to more time or a break, if one is recorded.
    """

    plan: Blueprint | None
    place: Place | None
    needs_course: bool
    has_finished_course: bool
    retake_at: datetime | None
    doors: Sequence[Door]
    running: Attempt | None
    ended: Sequence[Attempt]
    right: Right | None

    @property
    def may_start(self) -> bool:
        """Tell whether there is a sitting to start in."""
        return any(door.attempt is None and not door.hindrances for door in self.doors)


def entry(session: Session, actor: Actor, kind: str, settings: Settings, *, now: datetime) -> Entry:
    """Return what stands before the actor's next attempt of `kind`."""
    person = _person(session, actor.person_id, kind, settings)
    own = {attempt.sitting_id: attempt for attempt in person.attempts}
    sittings = coming_sittings(session, kind, [place.kato for place in person.places], now=now)
    standings = [(sitting, _standing(person, sitting, now)) for sitting in sittings]
    again = next((may_retake_at(standing) for _, standing in standings), None)
    running = [attempt for attempt in person.attempts if _runs(attempt, now)]
    granted = accommodations.granted_to(session, actor.person_id, now=now)
    return Entry(
        plan=_plan(session, kind, sittings),
        place=person.places[-1] if person.places else None,
        needs_course=person.needs_course,
        has_finished_course=person.has_finished_course,
        retake_at=again if again is not None and again > now and not running else None,
        doors=[
            Door(
                sitting,
                _blueprint(sitting)["minutes"],
                own.get(sitting.id),
                hindrances(standing, now=now),
            )
            for sitting, standing in standings
        ],
        running=running[0] if running else None,
        ended=[attempt for attempt in reversed(person.attempts) if not _runs(attempt, now)],
        right=granted.right if granted else None,
    )
