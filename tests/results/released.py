"""Provisional and released results for tests."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.permissions import Actor
from app.marking import service as marking
from app.marking.models import Script
from app.marking.service import Given
from app.results import service
from app.results.models import Result
from tests.factories import make_person
from tests.marking.papers import ESSAY, Opened, add_marker, hand_in, open_sitting

ALL_RIGHT = {1: "a", 2: "a", 3: ESSAY}
SUITABLE = {1: "a", 2: "a", 3: "a"}


def organiser(session: Session) -> Actor:
    """Add an organiser."""
    person, _ = make_person(session, "organiser")
    return Actor(person.id, frozenset({"organiser"}))


def provisional(
    session: Session,
    kind: str = "exam",
    *,
    answers: dict[int, str] | None = None,
    levels: tuple[int, int] = (4, 4),
    opened: Opened | None = None,
    person_id: int | None = None,
    name: str = "Мысалова Айгүл Үлгіқызы",
) -> Result:
    """Add an attempt, mark it, and work its result out."""
    opened = opened or open_sitting(session, kind)
    answers = answers or (ALL_RIGHT if kind == "exam" else SUITABLE)
    attempt = hand_in(session, opened, answers, person_id=person_id, name=name)
    if kind == "exam":
        add_marker(session)
        add_marker(session)
    marking.take_in({"attempt": attempt.id})
    for script in session.scalars(select(Script).where(Script.attempt_id == attempt.id)):
        for one in list(script.markings):
            given = Given({"facts": levels[0], "order": levels[1]}, "Мерзімі бар.")
            marking.give(session, one, given, now=clock.now())
    service.compute({"attempt": attempt.id})
    return session.scalars(select(Result).where(Result.attempt_id == attempt.id)).one()


def release(session: Session, result: Result) -> Result:
    """Release everything of the result's sitting by two organisers."""
    first, second = organiser(session), organiser(session)
    sitting, now = result.attempt.sitting.public_id, clock.now()
    batch = service.batch_of(session, first, sitting, now=now)
    service.propose(session, first, sitting, batch.content_hash, now=now)
    service.confirm(session, second, sitting, batch.content_hash, now=now)
    return result


def owner(result: Result) -> Actor:
    """Return the candidate whose result it is."""
    return Actor(result.person_id, frozenset({"candidate"}))
