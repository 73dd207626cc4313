"""Appeals: a candidate asks a person to look again; a correction is a new version, by two people."""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import jobs, two_people
from app.core.clock import local
from app.core.errors import N_, NotYours, Refused
from app.core.permissions import Actor
from app.results import appeals as term
from app.results import life, record
from app.results.life import AppealEvent, AppealState, Event, State
from app.results.models import Appeal, Result
from app.results.scoring import corrected, score
from app.results.service.computing import blueprint_of, put_scores
from app.results.service.releasing import release, write_to


class AlreadyAppealed(Refused):
    """One appeal for one version."""

    message = N_("You have appealed against this result already.")


class NothingCorrected(Refused):
    """To uphold an appeal is to change points."""

    message = N_("No points were changed. Give other points to an item, or decline the appeal.")
    status = 422


def file_appeal(session: Session, actor: Actor, result: Result, reason: str, *, now: datetime) -> Appeal:
    """Take the actor's appeal against their own result.

    Raises:
        NotNow: another version holds by now.
        TooLateToAppeal: the term is over.
        AlreadyAppealed: there is one against this version.
    """
    query = select(Result).where(Result.id == result.id).with_for_update(of=Result)
    result = session.scalars(query.execution_options(populate_existing=True)).one()
    if result.state != State.RELEASED or result.released_at is None:
        raise life.NotNow
    term.ensure_in_time(local(result.released_at).date(), local(now).date())
    if appeal_on(session, result) is not None:
        raise AlreadyAppealed
    appeal = Appeal(
        result_id=result.id,
        person_id=actor.person_id,
        reason=reason,
        state=AppealState.OPEN,
        filed_at=now,
    )
    session.add(appeal)
    session.flush()
    return appeal


def appeal_on(session: Session, result: Result) -> Appeal | None:
    """Return the appeal against this version; None when there is none."""
    return session.scalar(select(Appeal).where(Appeal.result_id == result.id))


def get_appeal(session: Session, public_id: UUID, *, lock: bool = False) -> Appeal:
    """Return an appeal, for organisers; locked for an answer when asked.

    Raises:
        NotYours: there is none.
    """
    query = select(Appeal).where(Appeal.public_id == public_id)
    if lock:
        query = query.with_for_update(of=Appeal).execution_options(populate_existing=True)
    appeal = session.scalar(query)
    if appeal is None:
        raise NotYours
    return appeal


def decline(session: Session, actor: Actor, public_id: UUID, answer: str, *, now: datetime) -> Appeal:
    """Answer an appeal with words; the result stays. A correction that waits for a second person falls away.

    Raises:
        NotYours: there is no such appeal.
        NotNow: it is answered already.
    """
    appeal = get_appeal(session, public_id, lock=True)
    appeal.state = life.appeal_after(AppealState(appeal.state), AppealEvent.DECLINE)
    amendment = amendment_of(session, appeal)
    if amendment is not None:
        session.delete(amendment)
    appeal.answer, appeal.answered_by_id, appeal.answered_at = answer, actor.person_id, now
    session.flush()
    write_to(session, appeal.result, "results/mail/appeal.txt")
    return appeal


def uphold(
    session: Session,
    actor: Actor,
    public_id: UUID,
    answer: str,
    points_by_position: Mapping[int, Fraction],
    *,
    now: datetime,
) -> Result:
    """Propose a corrected version with its reason; a proposal that was there before falls away.

    Raises:
        NotYours: there is no such appeal.
        NotNow: it is answered already.
        WrongPoints: points that an item cannot earn.
        NothingCorrected: all points stay as they are.
    """
    appeal = get_appeal(session, public_id, lock=True)
    life.appeal_after(AppealState(appeal.state), AppealEvent.UPHOLD)
    old = record.read(appeal.result.scores)
    items = corrected(old.items, points_by_position)
    if tuple(items) == old.items:
        raise NothingCorrected
    blueprint = blueprint_of(appeal.result.attempt)
    amendment = amendment_of(session, appeal) or _new_version(appeal.result)
    put_scores(amendment, score(items, blueprint), blueprint)
    amendment.reason, amendment.computed_at = answer, now
    amendment.proposed_by_id, amendment.proposed_at = actor.person_id, now
    session.add(amendment)
    appeal.answer, appeal.answered_by_id = answer, actor.person_id
    session.flush()
    return amendment


def confirm_amendment(
    session: Session, actor: Actor, public_id: UUID, content_hash: str, *, now: datetime
) -> Result:
    """Release the corrected version that another organiser proposed; the one before it is kept.

    Raises:
        NotYours: there is no such appeal.
        NotNow: no correction is proposed.
        SamePerson, ProposalTooOld: see `two_people.ensure_confirmable`.
        ContentChanged: it is not what the person looked at.
    """
    appeal = get_appeal(session, public_id, lock=True)
    appeal.state = life.appeal_after(AppealState(appeal.state), AppealEvent.UPHOLD)
    amendment = amendment_of(session, appeal)
    if amendment is None:
        raise life.NotNow
    two_people.ensure_confirmable(
        proposed_by=amendment.proposed_by_id,
        proposed_at=amendment.proposed_at,
        confirmed_by=actor.person_id,
        now=now,
    )
    two_people.ensure_same(amendment.content_hash, content_hash)
    appeal.result.state = life.after(State(appeal.result.state), Event.REPLACE)
    appeal.answered_at = now
    # First the old version: only one of an attempt may be released at a time.
    session.flush()
    release(session, amendment, actor, template="results/mail/appeal.txt", now=now)
    # What voters may have seen of the old version goes with it.
    jobs.put(session, "pages-changed", {"person": amendment.person_id})
    return amendment


def amendment_of(session: Session, appeal: Appeal) -> Result | None:
    """Return the corrected version that waits for a second person; None while there is none."""
    return session.scalar(
        select(Result).where(
            Result.attempt_id == appeal.result.attempt_id,
            Result.number > appeal.result.number,
            Result.state == State.PROPOSED,
        )
    )


def _new_version(result: Result) -> Result:
    return Result(
        attempt_id=result.attempt_id,
        person_id=result.person_id,
        kind=result.kind,
        number=result.number + 1,
        state=life.after(State.PROVISIONAL, Event.PROPOSE),
    )
