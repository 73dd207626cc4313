"""The commission's lists: taking one over, finding an entry, tying it to an account."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask import current_app
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.accounts.credentials import canonical_email
from app.accounts.models import Person
from app.core import clock, jobs, mail
from app.core.alphabet import fold, sort_key
from app.core.errors import N_, NotYours, Refused
from app.core.permissions import Actor
from app.places.models import Place
from app.publication import lists
from app.publication.lists import BadList, Fault, Line
from app.publication.models import Consent, ListedCandidate

PAGES_CHANGED = "pages-changed"
A_PAGE = 50


class NoSuchAccount(Refused):
    """Only a confirmed account of a candidate can be tied to a name."""

    message = N_("No candidate has an account with this address.")
    status = 422


class OtherName(Refused):
    """What stands on the list and on the certificate must be one name."""

    message = N_(
        "The account is in the name of %(name)s. Check the person, then have the account's name corrected."
    )
    status = 422


class AlreadyTied(Refused):
    """One account, one name; one name, one account."""

    message = N_("This name or this account is tied already.")


class NotChecked(Refused):
    """Nobody is tied without a look at their document."""

    message = N_("Confirm that you have seen the person and their identity document.")
    status = 422


@dataclass(frozen=True)
class ListPage:
    """One page of the entries that an organiser looks through."""

    entries: Sequence[ListedCandidate]
    found: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.found // A_PAGE))


def import_list(
    session: Session, content: bytes, *, election_day: date, source: str, source_day: date, now: datetime
) -> int:
    """Take a list over; return how many names it has.

    For each place that the file names, it is the whole list of that election: names that it no longer has are
    taken off the pages. The same file again changes nothing.

    Raises:
        BadList: the file has faults; each is named, and nothing was taken over.
    """
    lines = lists.read(content)
    _ensure_places(session, lines)
    stored = _stored(session, {line.kato for line in lines}, election_day)
    listed: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        listed[line.kato].add(line.name)
        entry = stored.get((line.kato, line.name))
        if entry is None:
            entry = ListedCandidate(place_kato=line.kato, election_day=election_day, name=line.name)
            session.add(entry)
        entry.sort_key = sort_key(line.name)
        entry.source, entry.source_day, entry.removed_at = source, source_day, None
    for (kato, name), entry in stored.items():
        if name not in listed[kato]:
            entry.removed_at = entry.removed_at or now
    session.flush()
    for kato in listed:
        jobs.put(session, PAGES_CHANGED, {"place": kato})
    return len(lines)


def _ensure_places(session: Session, lines: Sequence[Line]) -> None:
    known = set(session.scalars(select(Place.kato).where(Place.is_rural)))
    faults = [
        Fault(line.number, N_("Residents elect no akim in the place with this code."))
        for line in lines
        if line.kato not in known
    ]
    if faults:
        raise BadList(faults)


def _stored(session: Session, codes: set[str], election_day: date) -> dict[tuple[str, str], ListedCandidate]:
    rows = session.scalars(
        select(ListedCandidate)
        .where(ListedCandidate.election_day == election_day)
        .with_for_update(of=ListedCandidate)
    )
    return {(row.place_kato, row.name): row for row in rows if row.place_kato in codes}


def look_through(session: Session, *, name: str = "", kato: str = "", page: int = 1) -> ListPage:
    """Return the entries whose name or place fits, newest election first; else the last page."""
    query = select(ListedCandidate).where(ListedCandidate.removed_at.is_(None))
    if kato:
        query = query.where(ListedCandidate.place_kato == kato)
    if name:
        query = query.where(ListedCandidate.name.icontains(lists.plain_name(name), autoescape=True))
    found = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = min(max(page, 1), max(1, -(-found // A_PAGE)))
    rows = session.scalars(_in_order(query).limit(A_PAGE).offset((page - 1) * A_PAGE)).all()
    return ListPage(rows, found, page)


def _in_order(query: Select[ListedCandidate]) -> Select[ListedCandidate]:
    return query.order_by(
        ListedCandidate.election_day.desc(), ListedCandidate.place_kato, ListedCandidate.sort_key
    )


def entry(session: Session, public_id: UUID) -> ListedCandidate:
    """Return the entry with this id.

    Raises:
        NotYours: there is none, or a newer list no longer has it.
    """
    found = session.scalar(
        select(ListedCandidate).where(
            ListedCandidate.public_id == public_id, ListedCandidate.removed_at.is_(None)
        )
    )
    if found is None:
        raise NotYours
    return found


def of_place(session: Session, kato: str) -> list[ListedCandidate]:
    """Return who is registered in a place: newest election first, then the Kazakh alphabet."""
    query = select(ListedCandidate).where(
        ListedCandidate.place_kato == kato, ListedCandidate.removed_at.is_(None)
    )
    return list(session.scalars(_in_order(query)))


def of_person(session: Session, person_id: int) -> ListedCandidate | None:
    """Return the name on a list that a person is tied to; None while they are not."""
    return session.scalar(
        select(ListedCandidate).where(
            ListedCandidate.person_id == person_id, ListedCandidate.removed_at.is_(None)
        )
    )


def tie(
    session: Session, actor: Actor, public_id: UUID, *, email: str, is_checked: bool, now: datetime
) -> ListedCandidate:
    """Tie a name on the list to the account of the person whose identity the actor has checked.

    Raises:
        NotYours: there is no such entry.
        NotChecked: the check was not confirmed.
        NoSuchAccount: no candidate has this address.
        OtherName: the account is in another name.
        AlreadyTied: the entry or the account is tied.
    """
    listed = entry(session, public_id)
    session.refresh(listed, with_for_update={"of": ListedCandidate})
    if not is_checked:
        raise NotChecked
    person = session.scalar(
        select(Person).where(Person.email == _canonical(email), Person.disabled_at.is_(None))
    )
    if person is None or person.confirmed_at is None or "candidate" not in person.roles:
        raise NoSuchAccount
    if fold(person.name) != fold(listed.name):
        raise OtherName(name=person.name)
    if listed.person_id is not None:
        raise AlreadyTied
    _let_go_of_older(session, person.id, now)
    listed.person_id, listed.tied_by_id, listed.tied_at = person.id, actor.person_id, now
    session.flush()
    _tell(session, person, listed)
    return listed


def _canonical(email: str) -> str:
    try:
        return canonical_email(email)
    except Refused:
        raise NoSuchAccount from None


def _let_go_of_older(session: Session, person_id: int, now: datetime) -> None:
    """Free the account from a name of a past election; what was published under it ends."""
    older = session.scalar(
        select(ListedCandidate)
        .where(ListedCandidate.person_id == person_id)
        .with_for_update(of=ListedCandidate)
    )
    if older is None:
        return
    if older.removed_at is None and older.election_day >= clock.local(now).date():
        raise AlreadyTied
    older.person_id = None
    for consent in session.scalars(
        select(Consent).where(Consent.listed_id == older.id, Consent.withdrawn_at.is_(None))
    ):
        consent.withdrawn_at = now
    session.flush()
    jobs.put(session, PAGES_CHANGED, {"listed": older.id})


def _tell(session: Session, person: Person, listed: ListedCandidate) -> None:
    base_url = current_app.extensions["settings"].base_url
    mail.post(
        session,
        to=person.email,
        language=person.language,
        template="publication/mail/tied.txt",
        name=person.name,
        place=listed.place.names[person.language],
        election_day=listed.election_day,
        link=f"{base_url}/{person.language}/publication",
    )
