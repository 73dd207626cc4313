"""A finished attempt becomes scripts."""

from fractions import Fraction

from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import Json, db
from app.exams import service as exams
from app.exams.models import Attempt
from app.items.types import BY_KEY
from app.marking.life import Event, State
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
