"""A school to be killed: tables, a small paper, candidates who sit it; served as it is served for real."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.orm import Session

from app import create_app
from app.core import clock
from app.core.database import db, unit_of_work
from app.core.settings import Settings
from app.exams import service
from app.exams.models import Attempt, Sitting
from app.exams.service.opening import opened
from tests.durability.ports import quiet_port
from tests.durability.writers import Desk, Place
from tests.exams.builders import make_attempt, make_paper, make_sitting
from tests.factories import make_person
from tests.journeys.server import Installation
from tests.pages import Browser

SITTINGS = 2
ROOM_SECONDS = 3 * 3600
"""No deadline may come in the way."""


@dataclass(frozen=True)
class School:
    """Attributes: the application for looking at what is left, the installation to be killed, who sits there."""

    app: Flask
    installation: Installation
    desks: list[Desk]


@contextmanager
def school_with(folder: Path, *, candidates: int, database_url: str = "") -> Iterator[School]:
    """Give a school that is not served yet; stop it afterwards."""
    installation = Installation(folder, database_url, port=quiet_port())
    app = create_app(Settings(instance=folder, database_url=database_url))
    with app.app_context():
        upgrade()
        with unit_of_work() as session:
            desks = _seat(app, session, candidates)
        db.session.remove()
        db.engine.dispose()
    try:
        yield School(app, installation, desks)
    finally:
        installation.stop()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _seat(app: Flask, session: Session, candidates: int) -> list[Desk]:
    paper = make_paper(session)
    sittings = [make_sitting(session, paper) for _ in range(SITTINGS)]
    return [_desk(app, session, sittings[number % SITTINGS]) for number in range(candidates)]


def _desk(app: Flask, session: Session, sitting: Sitting) -> Desk:
    person, token = make_person(session, "candidate", signed_in=True)
    attempt = make_attempt(session, person.id, sitting)
    service.grant(session, attempt, ROOM_SECONDS, cause="accommodation", now=clock.now())
    browser = Browser(app, token=token)
    cookie = browser.client.get_cookie("school")
    assert cookie is not None
    return Desk(attempt.public_id, cookie.value, browser.csrf, _places(session, attempt))


def _places(session: Session, attempt: Attempt) -> list[Place]:
    found = []
    for position, item in sorted(opened(session, attempt.paper_id).items()):
        if item.type == "single_choice":
            found.append(Place(position, tuple(one["id"] for one in item.content["body"]["options"])))
        elif item.type == "essay":
            found.append(Place(position))
    return found
