"""What the pages say, from the database: a candidate's sheet, a place's list, a certificate's facts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.certificates import record as certificate_record
from app.certificates import service as certificates
from app.certificates.facts import Facts
from app.certificates.models import Certificate
from app.core import clock
from app.places import service as places
from app.places.models import Place
from app.publication.models import Consent, ListedCandidate
from app.publication.service import listing
from app.publication.sheet import Grant, Paper, Sheet
from app.results import record as results_record
from app.results.models import Result

Names = Mapping[str, str]


@dataclass(frozen=True)
class Registered:
    """The commission's list for one election in one place.

    Attributes:
        people: id and name, in the order of the Kazakh alphabet. Nothing else: the list must not tell who
            published.
    """

    election_day: date
    source: str
    source_day: date
    people: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PlacePage:
    """A place as voters see it.

    Attributes:
        way: what it lies in, region first: code and names.
        inside: what lies in it: code and names.
        is_unit: residents elect an akim here.
    """

    kato: str
    names: Names
    way: tuple[tuple[str, Names], ...]
    inside: tuple[tuple[str, Names], ...]
    is_unit: bool
    lists: tuple[Registered, ...]


def of_candidate(session: Session, listed: ListedCandidate, *, now: datetime) -> Sheet:
    """Return the page of one name on the list: what their live consents allow today."""
    return replace(_bare(session, listed), grants=tuple(_live_grants(session, listed, now)))


def previewed(
    session: Session,
    listed: ListedCandidate,
    result: Result,
    *,
    parts: Iterable[str],
    until: date,
    now: datetime,
) -> Sheet:
    """Return the page as it would be with one more result published."""
    others = [grant for grant in _live_grants(session, listed, now) if grant.kind != result.kind]
    wanted = _grant(result, certificates.of_result(session, result.id), parts=frozenset(parts), until=until)
    return replace(_bare(session, listed), grants=(*others, wanted))


def _bare(session: Session, listed: ListedCandidate) -> Sheet:
    return Sheet(
        public_id=listed.public_id,
        name=listed.name,
        kato=listed.place_kato,
        place=listed.place.names,
        way=_named(places.lineage(session, listed.place)[:-1]),
        election_day=listed.election_day,
        grants=(),
    )


def _live_grants(session: Session, listed: ListedCandidate, now: datetime) -> list[Grant]:
    rows = session.execute(
        select(Consent, Result, Certificate)
        .join(Result, Result.id == Consent.result_id)
        .outerjoin(Certificate, Certificate.result_id == Result.id)
        .join(ListedCandidate, ListedCandidate.id == Consent.listed_id)
        .where(Consent.listed_id == listed.id, *_is_live(now))
        # Of two attempts that are both published the later one is shown.
        .order_by(Result.released_at)
    )
    by_kind = {
        result.kind: _grant(result, certificate, parts=frozenset(consent.parts), until=consent.until)
        for consent, result, certificate in rows
    }
    return list(by_kind.values())


def _is_live(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return what must hold of a consent, its result and its entry: nothing else is ever shown."""
    return (
        Consent.withdrawn_at.is_(None),
        Consent.until >= clock.local(now).date(),
        Consent.person_id == ListedCandidate.person_id,
        ListedCandidate.removed_at.is_(None),
        Result.state == "released",
    )


def _grant(result: Result, certificate: Certificate | None, *, parts: frozenset[str], until: date) -> Grant:
    paper = None
    if certificate is not None:
        paper = Paper(certificate.number, certificate_record.read(certificate.facts).valid_until)
    return Grant(
        kind=result.kind,
        scores=results_record.read(result.scores),
        taken_on=clock.local(result.attempt.started_at).date(),
        version=result.attempt.paper.label,
        parts=parts,
        until=until,
        paper=paper,
    )


def of_place(session: Session, place: Place) -> PlacePage:
    """Return the page of a place."""
    return PlacePage(
        kato=place.kato,
        names=place.names,
        way=_named(places.lineage(session, place)[:-1]),
        inside=_named(places.children(session, place.kato)),
        is_unit=place.is_rural,
        lists=tuple(_elections(listing.of_place(session, place.kato))),
    )


def _elections(entries: Sequence[ListedCandidate]) -> Iterable[Registered]:
    for day in dict.fromkeys(entry.election_day for entry in entries):
        those = [entry for entry in entries if entry.election_day == day]
        newest = max(those, key=lambda entry: entry.source_day)
        people = tuple((str(entry.public_id), entry.name) for entry in those)
        yield Registered(day, newest.source, newest.source_day, people)


def regions(session: Session) -> tuple[tuple[str, Names], ...]:
    """Return the regions: code and names."""
    return _named(places.children(session, None))


def _named(several: Iterable[Place]) -> tuple[tuple[str, Names], ...]:
    return tuple((place.kato, place.names) for place in several)


def confirmed(session: Session, number: str, *, now: datetime) -> Facts | None:
    """Return every fact on the paper with this number if its holder publishes it now; None in any other case.

    One question to the database, whatever the case: unknown, private and withdrawn cost the same.
    """
    row = session.execute(
        select(Certificate.facts, Consent.parts)
        .join(Result, Result.id == Certificate.result_id)
        .join(Consent, Consent.result_id == Result.id)
        .join(ListedCandidate, ListedCandidate.id == Consent.listed_id)
        .where(Certificate.number == number, *_is_live(now))
    ).first()
    if row is None or "certificate" not in row.parts:
        return None
    return certificate_record.read(row.facts)


def published_pdf(session: Session, listed: ListedCandidate, *, now: datetime) -> bytes | None:
    """Return the certificate on a candidate's page, byte for byte as issued; None where the page has none."""
    number = of_candidate(session, listed, now=now).paper_number
    return None if number is None else certificates.pdf_of(session, number)
