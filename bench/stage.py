"""A whole installation to measure: real course, real bank, the demonstration, and people who sit an exam."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from app import create_app
from app.core import clock
from app.core.database import db, unit_of_work
from app.core.settings import Settings
from app.exams.service.opening import opened
from app.training import service as training
from app.training.models import Lesson
from bench import seats
from bench.floor import KEYS, MAKE
from bench.seats import Seat

PEOPLE = 200
"""So many that none of them reaches a budget of requests."""


@dataclass(frozen=True)
class Stage:
    """What is measured.

    Attributes:
        seats: candidates whose attempts run.
        items: how many their paper has.
        lessons: addresses; the last of the candidates may open them.
    """

    app: Flask
    settings: Settings
    seats: Sequence[Seat]
    items: int
    lessons: Sequence[str]

    def browser(self, seat: Seat) -> FlaskClient:
        """Return a browser in this process in which this candidate is signed in."""
        client = self.app.test_client()
        client.set_cookie("school", seat.cookie)
        client.environ_base["REMOTE_ADDR"] = seat.address
        return client

    def let_go(self) -> None:
        """Close this process's connections to the database."""
        with self.app.app_context():
            db.engine.dispose()


def make(settings: Settings) -> Stage:
    """Prepare the installation as `make run` does, and seat the candidates."""
    app = create_app(settings)
    with app.app_context():
        outcome = app.test_cli_runner().invoke(args=["prepare"])
    assert outcome.exit_code == 0, (outcome.output, outcome.exception)
    # Whoever only sits has been through no course.
    settings = replace(settings, course_opens_exam=False)
    with app.app_context():
        with unit_of_work() as session:
            kind = session.get_bind().dialect.name
            session.execute(text(MAKE.format(key=KEYS[kind])))
            course = session.execute(select(Lesson.module_key, Lesson.key).order_by(Lesson.key))
            lessons = [f"/kk/course/{module}/{lesson}" for module, lesson in course]
            paper_id = seats.the_sitting(session).papers[0].paper_id
            items = len(opened(session, paper_id))
            if kind == "postgresql":
                # What the server does by itself within minutes of a large load.
                session.execute(text("ANALYZE"))
        db.session.remove()
    seated = seats.take_seats(app, PEOPLE)
    with app.app_context():
        with unit_of_work() as session:
            training.open_course(session, seated[-1].person_id, "suitable", now=clock.now())
        db.session.remove()
    return Stage(app, settings, seated, items, lessons)
