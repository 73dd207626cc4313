"""Release by two people, sitting by sitting."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.core import jobs, mail, two_people
from app.core.errors import N_, Refused
from app.core.permissions import Actor
from app.core.settings import Settings
from app.exams import service as exams
from app.exams.models import Attempt, Sitting
from app.results import life, record
from app.results.life import Event, State
from app.results.models import Result
from app.results.scoring import Scores
from app.training import service as training

PAGE = 50
CODE_LENGTH = 8


class NothingToRelease(Refused):
    """There is nothing to propose or to confirm."""

    message = N_("There is nothing to release here now.")


class AlreadyProposed(Refused):
    """A proposal waits for its second person."""

    message = N_("A release is proposed already and waits for another organiser.")


@dataclass(frozen=True)
class SittingRow:
    """How far one sitting is, in attempts handed in.

    Attributes:
        unmarked: still with examiners.
        provisional: worked out, or proposed and not confirmed in time.
        released: their candidates see them.
    """

    public_id: UUID
    title: str
    kind: str
    closes_at: datetime
    unmarked: int
    provisional: int
    proposed: int
    released: int


@dataclass(frozen=True)
class Line:
    """One result as organisers see it before its release: by a code, without a name."""

    code: str
    scores: Scores


@dataclass(frozen=True)
class Batch:
    """What of a sitting is to be released next.

    Attributes:
        is_proposed: one organiser wants it released; else nobody does yet.
        is_own: the one who looks at it proposed it.
        content_hash: what the second person confirms.
    """

    sitting: Sitting
    lines: Sequence[Line]
    content_hash: str
    unmarked: int
    released: int
    is_proposed: bool
    is_own: bool
    proposed_at: datetime | None

    @property
    def passed(self) -> int:
        return sum(line.scores.has_passed for line in self.lines)


def code_of(result: Result) -> str:
    """Return what organisers call a result: random, the same on every page."""
    return result.public_id.hex[:CODE_LENGTH].upper()


def _line(result: Result) -> Line:
    return Line(code_of(result), record.read(result.scores))


def sittings(session: Session, *, start: int = 0) -> list[SittingRow]:
    """Return up to a page of sittings in which something was handed in, newest first."""
    states = {state: func.sum(case((Result.state == state, 1), else_=0)) for state in State}
    rows = session.execute(
        select(
            Sitting.public_id,
            Sitting.title,
            Sitting.kind,
            Sitting.closes_at,
            func.count(Attempt.id) - func.count(Result.id),
            states[State.PROVISIONAL],
            states[State.PROPOSED],
            states[State.RELEASED] + states[State.SUPERSEDED],
        )
        .join(Attempt, Attempt.sitting_id == Sitting.id)
        .outerjoin(Result, (Result.attempt_id == Attempt.id) & (Result.number == 1))
        .where(Attempt.state == "finished")
        .group_by(Sitting.id)
        .order_by(Sitting.closes_at.desc(), Sitting.id.desc())
        .offset(start)
        .limit(PAGE)
    )
    return [SittingRow(*row) for row in rows]


def batch_of(session: Session, actor: Actor, public_id: UUID, *, now: datetime) -> Batch:
    """Return what of a sitting is to be released next, by code.

    Raises:
        NotYours: there is no such sitting.
    """
    sitting = exams.get_sitting(session, public_id)
    results = _first_versions(session, sitting)
    proposed = _proposed(results, now)
    batch = proposed or _proposable(results, now)
    finished = select(func.count()).where(Attempt.sitting_id == sitting.id, Attempt.state == "finished")
    return Batch(
        sitting=sitting,
        lines=sorted(
            (Line(code_of(one), record.read(one.scores)) for one in batch), key=lambda line: line.code
        ),
        content_hash=_hash(batch),
        unmarked=(session.scalar(finished) or 0) - len(results),
        released=sum(one.state in {State.RELEASED, State.SUPERSEDED} for one in results),
        is_proposed=bool(proposed),
        is_own=bool(proposed) and proposed[0].proposed_by_id == actor.person_id,
        proposed_at=proposed[0].proposed_at if proposed else None,
    )


def propose(session: Session, actor: Actor, public_id: UUID, content_hash: str, *, now: datetime) -> Sitting:
    """Propose the release of everything in a sitting that is worked out.

    Raises:
        NotYours: there is no such sitting.
        AlreadyProposed: another proposal waits.
        NothingToRelease: nothing is worked out.
        ContentChanged: it is not what the person looked at.
    """
    sitting = exams.get_sitting(session, public_id, lock=True)
    results = _first_versions(session, sitting)
    if _proposed(results, now):
        raise AlreadyProposed
    batch = _proposable(results, now)
    if not batch:
        raise NothingToRelease
    two_people.ensure_same(_hash(batch), content_hash)
    for result in batch:
        if result.state == State.PROPOSED:
            result.state = life.after(State.PROPOSED, Event.LAPSE)
        result.state = life.after(State(result.state), Event.PROPOSE)
        result.proposed_by_id, result.proposed_at = actor.person_id, now
    session.flush()
    return sitting


def confirm(session: Session, actor: Actor, public_id: UUID, content_hash: str, *, now: datetime) -> Sitting:
    """Release what another organiser proposed; the candidates are told, and what it opens is opened.

    Raises:
        NotYours: there is no such sitting.
        NothingToRelease: nothing is proposed, or no longer.
        SamePerson: the actor proposed it.
        ContentChanged: it is not what the person looked at.
    """
    sitting = exams.get_sitting(session, public_id, lock=True)
    batch = _proposed(_first_versions(session, sitting), now)
    if not batch:
        raise NothingToRelease
    for result in batch:
        two_people.ensure_confirmable(
            proposed_by=result.proposed_by_id,
            proposed_at=result.proposed_at,
            confirmed_by=actor.person_id,
            now=now,
        )
    two_people.ensure_same(_hash(batch), content_hash)
    for result in batch:
        release(session, result, actor, template="results/mail/released.txt", now=now)
    return sitting


def release(session: Session, result: Result, actor: Actor, *, template: str, now: datetime) -> None:
    """Release one proposed version, tell its candidate, and open what it opens."""
    result.state = life.after(State(result.state), Event.CONFIRM)
    result.released_by_id, result.released_at = actor.person_id, now
    session.flush()
    if result.has_passed and result.kind == "suitability":
        training.open_course(session, result.person_id, "suitable", now=now)
    if result.has_passed and result.kind == "exam":
        jobs.put(session, "result-released", {"result": result.id})
    write_to(session, result, template)


def write_to(session: Session, result: Result, template: str, **values: Any) -> None:  # noqa: ANN401 - the letter's
    """Send the candidate a letter that says that there is something to see, never what."""
    person = session.get_one(Person, result.person_id)
    mail.post(
        session,
        to=person.email,
        language=person.language,
        template=template,
        name=person.name,
        kind=result.kind,
        link=f"{_settings().base_url}/{person.language}/results/{result.public_id}",
        **values,
    )


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _first_versions(session: Session, sitting: Sitting) -> list[Result]:
    query = select(Result).join(Attempt, Attempt.id == Result.attempt_id)
    query = query.where(Attempt.sitting_id == sitting.id, Result.number == 1).order_by(Result.id)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def _proposed(results: Iterable[Result], now: datetime) -> list[Result]:
    return [one for one in results if one.state == State.PROPOSED and not _has_lapsed(one, now)]


def _proposable(results: Iterable[Result], now: datetime) -> list[Result]:
    return [
        one
        for one in results
        if one.state == State.PROVISIONAL or (one.state == State.PROPOSED and _has_lapsed(one, now))
    ]


def _has_lapsed(result: Result, now: datetime) -> bool:
    return two_people.has_lapsed(result.proposed_at, now)


def _hash(batch: Iterable[Result]) -> str:
    return record.batch_hash((str(one.public_id), one.number, one.content_hash) for one in batch)
