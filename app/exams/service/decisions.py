"""Decisions: one person proposes, another approves the very content, and only then it is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.core import two_people
from app.core.errors import N_, Invalid, NotYours, Refused
from app.core.permissions import Actor
from app.exams import deciding
from app.exams.deciding import Standing
from app.exams.life import WrongState
from app.exams.models import Attempt, Decision, Sitting
from app.exams.service.accommodations import ACCOMMODATION
from app.exams.service.extra_time import EXTRA_TIME, SITTING_TIME
from app.exams.service.file_answers import ANSWER_FILE
from app.exams.service.kinds import Done, Kind, Target
from app.exams.service.late_answers import LATE_ANSWERS

KINDS: tuple[Kind, ...] = (EXTRA_TIME, SITTING_TIME, LATE_ANSWERS, ACCOMMODATION, ANSWER_FILE)
BY_KEY = {kind.key: kind for kind in KINDS}
PAGE = 50


class NotTheProposer(Refused):
    """Only the person who proposed takes a proposal back."""

    message = N_("Only the person who proposed it can withdraw it.")
    status = 403


def attempt_in(session: Session, sitting: Sitting, public_id: UUID, *, lock: bool = False) -> Attempt:
    """Return an attempt of a sitting, locked for a change when asked.

    Raises:
        NotYours: the sitting has none with this id.
    """
    query = select(Attempt).where(Attempt.public_id == public_id, Attempt.sitting_id == sitting.id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    attempt = session.scalar(query)
    if attempt is None:
        raise NotYours
    return attempt


def propose(
    session: Session,
    actor: Actor,
    key: str,
    *,
    target: Target,
    content: Mapping[str, Any],
    reason: str,
    now: datetime,
) -> Decision:
    """Propose a decision of the kind `key`; another person approves it within a day.

    Raises:
        Invalid: the content is not of this kind, or there is no reason.
        Refused: it cannot be done, and it is plain now.
    """
    kind = BY_KEY[key]
    read = deciding.read(kind.content, content)
    if not reason.strip() or len(reason) > deciding.LONGEST_REASON:
        raise Invalid
    kind.check(session, target, read, now=now)
    kept = read.model_dump(mode="json")
    decision = Decision(
        kind=key,
        sitting_id=target.sitting.id if target.sitting else None,
        attempt_id=target.attempt.id if target.attempt else None,
        person_id=target.person_id,
        content=kept,
        content_hash=deciding.content_hash(kind=key, target=target.name, content=kept, reason=reason),
        reason=reason,
        proposed_by_id=actor.person_id,
        proposed_at=now,
    )
    session.add(decision)
    session.flush()
    return decision


def approve(
    session: Session, actor: Actor, public_id: UUID, *, content_hash: str, now: datetime
) -> tuple[Decision, Done]:
    """Approve a decision as the second person, and do it; return it and what came of it.

    Raises:
        NotYours: there is none.
        WrongState: it is approved or withdrawn already.
        SamePerson, ProposalTooOld, ContentChanged: the rules of two people.
        Refused: it cannot be done any more.
    """
    decision = _locked(session, public_id)
    if decision.approved_at is not None or decision.withdrawn_at is not None:
        raise WrongState
    two_people.ensure_confirmable(
        proposed_by=decision.proposed_by_id,
        proposed_at=decision.proposed_at,
        confirmed_by=actor.person_id,
        now=now,
    )
    kind, target = BY_KEY[decision.kind], _target(session, decision)
    is_now = deciding.content_hash(
        kind=decision.kind, target=target.name, content=decision.content, reason=decision.reason
    )
    two_people.ensure_same(is_now, content_hash)
    content = deciding.read(kind.content, decision.content)
    kind.check(session, target, content, now=now)
    decision.approved_by_id, decision.approved_at = actor.person_id, now
    session.flush()
    done = kind.apply(session, target, content, decision, now=now)
    session.flush()
    return decision, done


def withdraw(session: Session, actor: Actor, public_id: UUID, *, now: datetime) -> Decision:
    """Take one's own proposal back.

    Raises:
        NotYours: there is none.
        NotTheProposer: somebody else proposed it.
        WrongState: it is approved or withdrawn already, or has lapsed.
    """
    decision = _locked(session, public_id)
    if decision.proposed_by_id != actor.person_id:
        raise NotTheProposer
    if standing_of(decision, now) is not Standing.WAITING:
        raise WrongState
    decision.withdrawn_at = now
    session.flush()
    return decision


def _locked(session: Session, public_id: UUID) -> Decision:
    query = select(Decision).where(Decision.public_id == public_id).with_for_update()
    decision = session.scalar(query.execution_options(populate_existing=True))
    if decision is None:
        raise NotYours
    return decision


def _target(session: Session, decision: Decision) -> Target:
    """Return what a decision is about, locked."""
    fresh = {"populate_existing": True}
    if decision.attempt_id is not None:
        attempts = select(Attempt).where(Attempt.id == decision.attempt_id).with_for_update()
        return Target(attempt=session.scalars(attempts.execution_options(**fresh)).one())
    if decision.sitting_id is not None:
        sittings = select(Sitting).where(Sitting.id == decision.sitting_id).with_for_update(of=Sitting)
        return Target(sitting=session.scalars(sittings.execution_options(**fresh)).one())
    return Target(person_id=decision.person_id)


def standing_of(decision: Decision, now: datetime) -> Standing:
    """Return where a decision stands at `now`."""
    return deciding.standing(
        proposed_at=decision.proposed_at,
        approved_at=decision.approved_at,
        withdrawn_at=decision.withdrawn_at,
        now=now,
    )


@dataclass(frozen=True)
class Row:
    """A decision as pages show it.

    Attributes:
        title: of its kind (a key of the catalogues).
        attempt: the attempt that it is about, if it is about one.
        sitting: the sitting that it is about, or that its attempt belongs to.
        person: name and address of the person that it is about, if it is about one.
    """

    decision: Decision
    title: str
    standing: Standing
    sitting: Sitting | None
    attempt: Attempt | None
    person: tuple[str, str] | None
    proposed_by: str
    approved_by: str


def get_row(session: Session, public_id: UUID, *, now: datetime) -> Row:
    """Return one decision as its page shows it.

    Raises:
        NotYours: there is none.
    """
    decision = session.scalar(select(Decision).where(Decision.public_id == public_id))
    if decision is None:
        raise NotYours
    return rows(session, [decision], now=now)[0]


def waiting(session: Session, *, now: datetime) -> list[Row]:
    """Return the decisions that wait for their second person, newest first; a page of them."""
    query = select(Decision).where(
        Decision.approved_at.is_(None),
        Decision.withdrawn_at.is_(None),
        Decision.proposed_at > now - two_people.PROPOSAL_LASTS,
    )
    return rows(session, session.scalars(query.order_by(Decision.id.desc()).limit(PAGE)).all(), now=now)


def ended(session: Session, *, now: datetime, start: int = 0) -> list[Row]:
    """Return a page of decisions that wait no more, newest first; one more if a page follows."""
    query = select(Decision).where(
        Decision.approved_at.is_not(None)
        | Decision.withdrawn_at.is_not(None)
        | (Decision.proposed_at <= now - two_people.PROPOSAL_LASTS)
    )
    chosen = query.order_by(Decision.id.desc()).offset(start).limit(PAGE + 1)
    return rows(session, session.scalars(chosen).all(), now=now)


def about_attempt(session: Session, attempt: Attempt, *, now: datetime) -> list[Row]:
    """Return the decisions about one attempt or all of its sitting, newest first; a page of them."""
    query = select(Decision).where(
        (Decision.attempt_id == attempt.id) | (Decision.sitting_id == attempt.sitting_id)
    )
    return rows(session, session.scalars(query.order_by(Decision.id.desc()).limit(PAGE)).all(), now=now)


def rows(session: Session, decisions: Sequence[Decision], *, now: datetime) -> list[Row]:
    """Return decisions as pages show them, in their order."""
    attempts = _by_id(session, Attempt, {one.attempt_id for one in decisions})
    of_attempts = {attempt.sitting_id for attempt in attempts.values()}
    sittings = _by_id(session, Sitting, {one.sitting_id for one in decisions} | of_attempts)
    about = {one.person_id for one in decisions} | {one.approved_by_id for one in decisions}
    people = _by_id(session, Person, about | {one.proposed_by_id for one in decisions})
    shown = []
    for one in decisions:
        attempt = attempts.get(one.attempt_id or 0)
        person = people.get(one.person_id or 0)
        approver = people.get(one.approved_by_id or 0)
        shown.append(
            Row(
                decision=one,
                title=BY_KEY[one.kind].title,
                standing=standing_of(one, now),
                sitting=sittings.get(attempt.sitting_id if attempt else one.sitting_id or 0),
                attempt=attempt,
                person=(person.name, person.email) if person else None,
                proposed_by=people[one.proposed_by_id].name,
                approved_by=approver.name if approver else "",
            )
        )
    return shown


def _by_id(session: Session, table: Any, ids: set[int | None]) -> dict[int, Any]:  # noqa: ANN401 - any table with an id
    wanted = ids - {None}
    if not wanted:
        return {}
    return {one.id: one for one in session.scalars(select(table).where(table.id.in_(wanted)))}
