"""Consent: what may be published, saying yes, taking it back, and ends that come by themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask import current_app
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Person
from app.core import clock, jobs, mail
from app.core.errors import N_, NotYours, Refused
from app.core.permissions import Actor
from app.publication import sheet, windows
from app.publication.models import Consent, ListedCandidate
from app.publication.service import listing
from app.publication.service.listing import PAGES_CHANGED
from app.results.models import Result


class NotListed(Refused):
    """Voters see names of the commission's list only."""

    message = N_("Your account is not yet tied to a name on the commission's list.")


class AlreadyPublished(Refused):
    """One result has one consent at a time; to change it, it is withdrawn and given anew."""

    message = N_("This result is published already. Withdraw it first.")


class OtherPage(Refused):
    """What would be published is not what the candidate looked at."""

    message = N_("The page has changed since you looked at it. Look at it again.")


@dataclass(frozen=True)
class Own:
    """One released result of the candidate, and the live consent to publish it."""

    result: Result
    consent: Consent | None


def own_results(session: Session, actor: Actor, *, now: datetime) -> list[Own]:
    """Return the actor's released results that may be published, newest first."""
    results = session.scalars(
        select(Result)
        .where(Result.person_id == actor.person_id, Result.state == "released", Result.kind.in_(sheet.KINDS))
        .order_by(Result.released_at.desc())
    ).all()
    consents = {consent.result_id: consent for consent in _live(session, actor.person_id, now)}
    return [Own(result, consents.get(result.id)) for result in results]


def own_result(session: Session, actor: Actor, public_id: UUID) -> Result:
    """Return the actor's own result, if it can be published at all.

    Raises:
        NotYours: there is none with this id, it is not released, or it is someone else's.
    """
    result = session.scalar(
        select(Result).where(
            Result.public_id == public_id,
            Result.person_id == actor.person_id,
            Result.state == "released",
            Result.kind.in_(sheet.KINDS),
        )
    )
    if result is None:
        raise NotYours
    return result


def own_entry(session: Session, actor: Actor) -> ListedCandidate:
    """Return the name that the actor is tied to.

    Raises:
        NotListed: there is none.
    """
    listed = listing.of_person(session, actor.person_id)
    if listed is None:
        raise NotListed
    return listed


def live_consents(session: Session, person_id: int) -> list[Consent]:
    """Return the consents of a person that hold at this moment."""
    return _live(session, person_id, clock.now())


def _live(session: Session, person_id: int, now: datetime) -> list[Consent]:
    query = select(Consent).where(
        Consent.person_id == person_id,
        Consent.withdrawn_at.is_(None),
        Consent.until >= clock.local(now).date(),
    )
    return list(session.scalars(query))


def ensure_publishable(listed: ListedCandidate, until: date, *, today: date) -> None:
    """Refuse on silent days, and a last day that is over or too far away.

    Raises:
        SilentDays, BadEnd: as their names say.
    """
    windows.ensure_not_silent(listed.election_day, today)
    windows.ensure_end(until, election_day=listed.election_day, today=today)


def publish(
    session: Session,
    actor: Actor,
    result: Result,
    *,
    parts: Iterable[str],
    until: date,
    words: Sequence[str],
    language: str,
    now: datetime,
) -> Consent:
    """Write down the actor's yes to publishing their own result.

    Args:
        session: the running transaction.
        actor: the candidate; nobody else can.
        result: from `own_result`.
        parts: what the page shows beside the outcome.
        until: the last day.
        words: exactly what they agreed to, as they read it.
        language: in which they read it.
        now: the present moment.

    Raises:
        NotListed, SilentDays, BadEnd, AlreadyPublished: as their names say.
    """
    listed = own_entry(session, actor)
    session.refresh(listed, with_for_update={"of": ListedCandidate})
    ensure_publishable(listed, until, today=clock.local(now).date())
    _end_overdue(session, result.id, now)
    if any(consent.result_id == result.id for consent in _live(session, actor.person_id, now)):
        raise AlreadyPublished
    consent = Consent(
        person_id=actor.person_id,
        listed_id=listed.id,
        result_id=result.id,
        parts=list(sheet.known_parts(result.kind, parts)),
        text_hash=sheet.text_hash(words),
        language=language,
        given_at=now,
        until=until,
    )
    session.add(consent)
    session.flush()
    # The page is rewritten before the answer; the outbox row stands by if that fails.
    jobs.put(session, PAGES_CHANGED, {"listed": listed.id})
    _tell(session, actor.person_id, "published", now=now, until=until)
    return consent


def _end_overdue(session: Session, result_id: int, now: datetime) -> None:
    """End a consent to this result whose last day is over, so that a new one has room."""
    overdue = session.scalars(
        select(Consent).where(
            Consent.result_id == result_id,
            Consent.withdrawn_at.is_(None),
            Consent.until < clock.local(now).date(),
        )
    )
    for consent in overdue:
        consent.withdrawn_at = now
    session.flush()


def withdraw(session: Session, actor: Actor, public_id: UUID, *, now: datetime) -> Consent:
    """Take the actor's own consent back; doing it twice does no harm.

    Raises:
        NotYours: there is none with this id, or it is someone else's.
    """
    consent = session.scalar(
        select(Consent)
        .where(Consent.public_id == public_id, Consent.person_id == actor.person_id)
        .with_for_update(of=Consent)
    )
    if consent is None:
        raise NotYours
    if consent.withdrawn_at is None:
        consent.withdrawn_at = now
        session.flush()
        jobs.put(session, PAGES_CHANGED, {"listed": consent.listed_id})
        _tell(session, actor.person_id, "withdrawn", now=now, until=None)
    return consent


def _tell(session: Session, person_id: int, what: str, *, now: datetime, until: date | None) -> None:
    person = session.get_one(Person, person_id)
    base_url = current_app.extensions["settings"].base_url
    mail.post(
        session,
        to=person.email,
        language=person.language,
        template=f"publication/mail/{what}.txt",
        name=person.name,
        moment=now,
        until=until,
        link=f"{base_url}/{person.language}/publication",
    )


def end_by_themselves(session: Session, now: datetime) -> int:
    """End consents whose last day is over, and those whose result was amended; return how many ended.

    Their pages are rewritten by the outbox. Safe to run twice.
    """
    result = aliased(Result)
    ended = session.scalars(
        select(Consent)
        .join(result, result.id == Consent.result_id)
        .where(
            Consent.withdrawn_at.is_(None),
            or_(Consent.until < clock.local(now).date(), result.state != "released"),
        )
        .with_for_update(of=Consent, skip_locked=True)
    ).all()
    for consent in ended:
        consent.withdrawn_at = now
    session.flush()
    for listed_id in sorted({consent.listed_id for consent in ended}):
        jobs.put(session, PAGES_CHANGED, {"listed": listed_id})
    return len(ended)
