"""Scripts in the hands of two examiners, and marks, for tests."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.core import clock
from app.marking import service
from app.marking.models import Script
from app.marking.service import Given
from tests.marking.papers import (
    add_marker,
    hand_in,
    open_sitting,
)


def taken_in(session: Session, **values: object) -> Script:
    """Two examiners, and a handed-in exam whose one script has been given to them."""
    add_marker(session)
    add_marker(session)
    attempt = hand_in(session, open_sitting(session), **values)  # type: ignore[arg-type]
    service.take_in({"attempt": attempt.id})
    return session.scalars(select(Script).where(Script.attempt_id == attempt.id)).one()


def take_roles(session: Session, person_id: int) -> None:
    session.get_one(Person, person_id).grants = []
    session.flush()


def given(facts: int, order: int, **values: object) -> Given:
    return Given({"facts": facts, "order": order}, **values)  # type: ignore[arg-type]


def mark(session: Session, script: Script, *levels: tuple[int, int], doubt: bool = False) -> None:
    for marking, (facts, order) in zip(list(script.markings), levels, strict=True):
        service.give(session, marking, given(facts, order, wants_second_opinion=doubt), now=clock.now())
    session.refresh(script)
