"""A whole installation to measure: real course, real bank, the demonstration, and people who sit an exam."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from app import create_app
from app.core import clock
from app.core.database import db, unit_of_work
from app.core.permissions import Actor
from app.core.settings import Settings
from app.exams import service as exams
from app.exams.models import Attempt, Sitting
from app.training import service as training
from app.training.models import Lesson
from bench.floor import KEYS, MAKE
from tests.factories import make_person
from tests.pages import Browser

PEOPLE = 40
"""So many that none of them reaches a budget of requests."""


@dataclass(frozen=True)
class Sitter:
    """One candidate in the exam, in a browser of their own."""

    browser: Browser
    token: str
    attempt: UUID
    position: int
    options: tuple[str, ...]

    def answer(self, number: int) -> dict[str, Any]:
        """Return what the page's script sends for the `number`th answer, from a page opened for it."""
        option = self.options[number % len(self.options)]
        sent = {
            "client": str(uuid4()),
            "sequence": 1,
            "position": self.position,
            "fields": {"answer": [option]},
        }
        return {"events": [sent]}


@dataclass(frozen=True)
class Stage:
    """What is measured."""

    app: Flask
    database: str
    sitters: list[Sitter]
    items: int
    lessons: list[str]

    def item(self, sitter: Sitter, position: int) -> str:
        return f"/kk/attempts/{sitter.attempt}/items/{position}"


def make(settings: Settings) -> Stage:
    """Prepare the installation as `make run` does, and seat the candidates."""
    app = create_app(settings)
    with app.app_context():
        outcome = app.test_cli_runner().invoke(args=["prepare"])
    assert outcome.exit_code == 0, (outcome.output, outcome.exception)
    with app.app_context():
        with unit_of_work() as session:
            kind = session.get_bind().dialect.name
            session.execute(text(MAKE.format(key=KEYS[kind])))
            if kind == "postgresql":
                # What the server does by itself within minutes of a large load.
                session.execute(text("ANALYZE"))
            now = clock.now()
            query = select(Sitting).where(
                Sitting.kind == "exam", Sitting.opens_at < now, Sitting.closes_at > now
            )
            sitting = session.scalars(query).one()
            sitters = [_seat(app, sitting, number) for number in range(PEOPLE)]
            course = session.execute(select(Lesson.module_key, Lesson.key).order_by(Lesson.key))
            lessons = [f"/kk/course/{module}/{lesson}" for module, lesson in course]
            attempt = session.scalars(select(Attempt).where(Attempt.public_id == sitters[0].attempt)).one()
            items = exams.count_of(session, attempt)
        db.session.remove()
    return Stage(app, settings.database, sitters, items, lessons)


def _seat(app: Flask, sitting: Sitting, number: int) -> Sitter:
    session, now = db.session(), clock.now()
    person, token = make_person(session, "candidate", signed_in=True, name=f"Мысалова Айгүл {number}")
    training.open_course(session, person.id, "suitable", now=now)
    settings = Settings(course_opens_exam=False)
    attempt = exams.start(session, Actor(person.id), sitting.public_id, settings, now=now)
    item = next(one for one in attempt.paper.items if one.version.type == "single_choice")
    browser = Browser(app, token=token)
    browser.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number + 1}"
    options = tuple(option["id"] for option in item.version.content["body"]["options"])
    return Sitter(browser, token, attempt.public_id, item.position, options)


def signed_in(floor: Flask, token: str) -> FlaskClient:
    """Return a browser of the floor with this session."""
    client = floor.test_client()
    with client.session_transaction() as cookie:
        cookie["token"] = token
    return client
