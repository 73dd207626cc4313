"""A finished attempt becomes scripts."""

from fractions import Fraction

from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import Json, db
from app.core.errors import N_, Refused
from app.exams import service as exams
from app.exams.models import Attempt
from app.items.types import BY_KEY
from app.marking.life import Event, State, after
from app.marking.models import Script
from app.marking.service.giving import assign, district_of, held, scripts_of
from app.marking.service.settling import settle, tell_if_marked


def take_in(payload: Json) -> None:
    """Make scripts of the open answers of `payload["attempt"]` and give them to examiners; safe to repeat."""
    session = db.session()
    attempt = held(session, payload["attempt"])
    scripts = scripts_of(session, attempt.id) or _new_scripts(session, attempt)
    if any(script.state != State.SETTLED for script in scripts):
        district = district_of(session, attempt.person_id)
        for script in scripts:
            assign(session, script, district)
    tell_if_marked(session, attempt.id)


class MarkedAlready(Refused):
    """A mark was given on what counted before."""

    message = N_("An examiner has marked a written answer of this attempt. It cannot be exchanged any more.")


def reopen(session: Session, attempt_id: int, positions: frozenset[int]) -> None:
    """Make scripts whose answers changed by a decision ready to be marked. The caller holds the attempt.

    Raises:
        MarkedAlready: somebody has marked one of them.
    """
    scripts = [script for script in scripts_of(session, attempt_id) if script.position in positions]
    if any(marking.locked_at for script in scripts for marking in script.markings):
        raise MarkedAlready
    answers = exams.answers_of(session, attempt_id)
    for script in scripts:
        if script.state == State.SETTLED and answers.get(script.position) is not None:
            script.state = after(State(script.state), Event.WRITTEN_AFTER_ALL)
            script.points = script.settled_at = None
    session.flush()


def _new_scripts(session: Session, attempt: Attempt) -> list[Script]:
    written = [
        item.position for item in attempt.paper.items if BY_KEY[item.version.type].marked_by == "people"
    ]
    if not written:
        return []
    answers, now = exams.answers_of(session, attempt.id), clock.now()
    scripts = []
    for position in written:
        script = Script(
            attempt_id=attempt.id, position=position, state=State.MARKING, created_at=now, markings=[]
        )
        if answers.get(position) is None:
            # Nothing was written: there is nothing that two people could mark.
            settle(script, Event.LEFT_EMPTY, Fraction(0), now=now)
        scripts.append(script)
    session.add_all(scripts)
    session.flush()
    return scripts
