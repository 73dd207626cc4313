"""What organisers see of the marking: the examiners, their districts, and how far it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.accounts.models import Person, RoleGrant
from app.core.errors import N_, Invalid, NotYours
from app.marking.life import State
from app.marking.models import ExaminerDistrict, Marking, Script
from app.marking.service.giving import ADJUDICATOR, EXAMINER, assign_waiting
from app.places.models import Place

REGION = "oblast"
DISTRICT = "district"


class NotADistrict(Invalid):
    """The place is not one that examiners are noted for."""

    message = N_("Choose a district from the list.")


@dataclass(frozen=True)
class ExaminerRow:
    """One examiner or adjudicator, without a word of whose scripts they hold.

    Attributes:
        district: its names by language; None while nobody has noted it: they get no scripts.
        waiting: scripts given and not yet marked.
        done: scripts marked.
    """

    public_id: UUID
    name: str
    role: str
    district: dict[str, str] | None
    waiting: int
    done: int


@dataclass(frozen=True)
class Progress:
    """How far the marking is, in scripts."""

    marking: int
    adjudication: int
    settled: int
    without_marker: int
    """Missing marks that nobody could be given: too few examiners, or all from one district."""


@dataclass(frozen=True)
class Examiners:
    """Everything of the examiners' page."""

    rows: Sequence[ExaminerRow]
    progress: Progress


def examiners(session: Session) -> Examiners:
    """Return the examiners and adjudicators by name, and how far the marking is."""
    return Examiners(rows=_rows(session), progress=_progress(session))


def _rows(session: Session) -> list[ExaminerRow]:
    done = func.count(Marking.locked_at)
    rows = session.execute(
        select(Person.public_id, Person.name, RoleGrant.role, Place, func.count(Marking.id) - done, done)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .outerjoin(ExaminerDistrict, ExaminerDistrict.person_id == Person.id)
        .outerjoin(Place, Place.kato == ExaminerDistrict.place_kato)
        .outerjoin(Marking, Marking.examiner_id == Person.id)
        .where(RoleGrant.role.in_((EXAMINER, ADJUDICATOR)), Person.disabled_at.is_(None))
        .group_by(Person.id, RoleGrant.role, Place.kato)
        .order_by(Person.name, Person.id)
    )
    return [
        ExaminerRow(public_id, name, role, _names(place), waiting, marked)
        for public_id, name, role, place, waiting, marked in rows
    ]


def _names(place: Place | None) -> dict[str, str] | None:
    return None if place is None else place.names


def _progress(session: Session) -> Progress:
    query = select(Script.state, func.count()).group_by(Script.state)
    by_state = dict(iter(session.execute(query)))
    held = session.scalar(select(func.count(Marking.id)).join(Script).where(Script.state != State.SETTLED))
    open_scripts, disputed = by_state.get(State.MARKING, 0), by_state.get(State.ADJUDICATION, 0)
    return Progress(
        marking=open_scripts,
        adjudication=disputed,
        settled=by_state.get(State.SETTLED, 0),
        without_marker=2 * open_scripts + 3 * disputed - (held or 0),
    )


def districts(session: Session, language: str) -> dict[str, list[tuple[str, str]]]:
    """Return (code, name) of the districts by the name of their region; one without any stands for itself."""
    query = select(Place).where(Place.level.in_((REGION, DISTRICT))).order_by(Place.sort_key)
    places = list(session.scalars(query))
    by_region: dict[str, list[tuple[str, str]]] = {}
    for region in places:
        if region.level == REGION:
            inside = [one for one in places if one.parent_kato == region.kato] or [region]
            by_region[region.names[language]] = [(one.kato, one.names[language]) for one in inside]
    return by_region


def note_district(session: Session, public_id: UUID, kato: str, *, now: datetime) -> None:
    """Note where an examiner lives or works. What they hold and have not marked goes to others.

    Raises:
        NotYours: nobody with this id marks.
        NotADistrict: there is no such district.
    """
    person = session.scalar(
        select(Person)
        .where(Person.public_id == public_id, Person.disabled_at.is_(None))
        .with_for_update(of=Person)
    )
    if person is None or not person.roles & {EXAMINER, ADJUDICATOR}:
        raise NotYours
    if kato not in {code for inside in districts(session, "en").values() for code, _ in inside}:
        raise NotADistrict
    noted = session.get(ExaminerDistrict, person.id)
    if noted is None:
        session.add(ExaminerDistrict(person_id=person.id, place_kato=kato))
    elif noted.place_kato != kato:
        noted.place_kato = kato
        session.execute(
            delete(Marking)
            .where(Marking.examiner_id == person.id, Marking.locked_at.is_(None))
            .execution_options(synchronize_session="fetch")
        )
    session.flush()
    assign_waiting(session, now)
