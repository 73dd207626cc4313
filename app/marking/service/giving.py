"""Giving scripts to examiners and adjudicators."""

import secrets
from datetime import datetime

from sqlalchemy import Select, delete, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Person, RoleGrant
from app.candidacy import service as candidacy
from app.exams.models import Attempt
from app.marking.agreement import BLIND_MARKS
from app.marking.assignment import CODE_LENGTH, SIGNS, Marker, ScriptCode, choose, written_code
from app.marking.life import State
from app.marking.models import ExaminerDistrict, Marking, Script
from app.places import service as places

EXAMINER = "examiner"
ADJUDICATOR = "adjudicator"
THIRD = 3
_ORDERS = 2**31


def held(session: Session, attempt_id: int) -> Attempt:
    """Return the attempt, locked: whatever is done to its scripts is done one after the other."""
    query = select(Attempt).where(Attempt.id == attempt_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def scripts_of(session: Session, attempt_id: int) -> list[Script]:
    """Return the scripts of an attempt as they are in the database now."""
    query = select(Script).where(Script.attempt_id == attempt_id).order_by(Script.position)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def markers(session: Session, role: str) -> list[Marker]:
    """Return everyone who holds `role`, with their districts and how much they have waiting."""
    waiting = (
        select(func.count())
        .where(Marking.examiner_id == Person.id, Marking.locked_at.is_(None))
        .correlate(Person)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Person.id, ExaminerDistrict.place_kato, waiting)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .outerjoin(ExaminerDistrict, ExaminerDistrict.person_id == Person.id)
        .where(RoleGrant.role == role, Person.disabled_at.is_(None))
    )
    return [Marker(person_id, district, count) for person_id, district, count in rows]


def assign(session: Session, script: Script, district: str | None) -> None:
    """Give each missing mark of a script to somebody, as far as there are people who may.

    The caller holds the attempt.
    """
    missing = _missing_rounds(script)
    if not missing:
        return
    role = ADJUDICATOR if script.state == State.ADJUDICATION else EXAMINER
    chosen = choose(
        markers(session, role),
        district=district,
        already=[marking.examiner_id for marking in script.markings],
        count=len(missing),
        seed=secrets.token_hex(),
    )
    for number, person_id in zip(missing, chosen, strict=False):
        script.markings.append(
            Marking(
                code=new_code(), examiner_id=person_id, round=number, queue_order=secrets.randbelow(_ORDERS)
            )
        )
    session.flush()


def _missing_rounds(script: Script) -> list[int]:
    wanted = {
        State.MARKING: range(1, BLIND_MARKS + 1),
        State.ADJUDICATION: [THIRD],
        State.SETTLED: [],
    }[State(script.state)]
    taken = {marking.round for marking in script.markings}
    return [number for number in wanted if number not in taken]


def new_code() -> ScriptCode:
    """Return a fresh random code."""
    return written_code("".join(secrets.choice(SIGNS) for _ in range(CODE_LENGTH)))


def district_of(session: Session, person_id: int) -> str | None:
    """Return KATO of the district in which a candidate wants to stand; None if they chose no place."""
    place = candidacy.place_of(session, person_id)
    return None if place is None else places.district_of(session, place.kato)


def assign_waiting(session: Session, now: datetime) -> int:  # noqa: ARG001 - the same for every periodic act
    """Take unmarked scripts from people who may no longer mark, and give out all that nobody holds.

    Returns:
        How many attempts were looked at.
    """
    _take_back(session)
    attempts = session.scalars(_attempts_without_marker()).all()
    for attempt_id in attempts:
        attempt = held(session, attempt_id)
        district = district_of(session, attempt.person_id)
        for script in scripts_of(session, attempt_id):
            assign(session, script, district)
    return len(attempts)


def _take_back(session: Session) -> None:
    still = (
        select(RoleGrant.person_id)
        .join(Person, Person.id == RoleGrant.person_id)
        .join(ExaminerDistrict, ExaminerDistrict.person_id == Person.id)
        .where(Person.disabled_at.is_(None))
    )
    blind = Marking.round < THIRD
    session.execute(
        delete(Marking)
        .where(
            Marking.locked_at.is_(None),
            or_(
                blind & Marking.examiner_id.not_in(still.where(RoleGrant.role == EXAMINER)),
                ~blind & Marking.examiner_id.not_in(still.where(RoleGrant.role == ADJUDICATOR)),
            ),
        )
        .execution_options(synchronize_session="fetch")
    )


def _attempts_without_marker() -> Select[int]:
    given = select(func.count()).where(Marking.script_id == Script.id).correlate(Script).scalar_subquery()
    return (
        select(Script.attempt_id)
        .where(
            or_(
                (Script.state == State.MARKING) & (given < BLIND_MARKS),
                (Script.state == State.ADJUDICATION) & (given < THIRD),
            )
        )
        .distinct()
        .order_by(Script.attempt_id)
    )
