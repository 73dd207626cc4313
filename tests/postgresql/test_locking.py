"""The lock of an attempt and the moment that is read with it, by the server's own clock."""

from collections.abc import Iterator
from datetime import datetime
from threading import Event, Thread
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import text

from app.core import clock
from app.core.clock import database_clock
from app.core.database import db, unit_of_work
from app.core.errors import NotYours
from app.core.permissions import Actor
from app.exams import service
from tests.exams.builders import make_attempt

pytestmark = pytest.mark.postgresql
HELD_SECONDS = 0.3


@pytest.fixture
def real_time(app: Flask) -> Iterator[Flask]:
    """Let the server tell the time, as it does outside of tests."""
    frozen = app.extensions["clock"]
    app.extensions["clock"] = database_clock
    yield app
    app.extensions["clock"] = frozen


def test_the_moment_is_the_one_after_the_lock_was_there(real_time: Flask) -> None:
    with real_time.app_context(), unit_of_work() as session:
        attempt = make_attempt(session)
        who, public_id = Actor(id=attempt.person_id), attempt.public_id
    is_held, released = Event(), list[datetime]()

    def hold() -> None:
        with real_time.app_context():
            with unit_of_work() as session:
                held, _ = service.locked_attempt(session, who, public_id)
                is_held.set()
                session.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": HELD_SECONDS})
                held.waiting = 7
                released.append(clock.now())
            db.session.remove()

    other = Thread(target=hold)
    other.start()
    assert is_held.wait(10)
    with real_time.app_context(), unit_of_work() as session:
        found, now = service.locked_attempt(session, who, public_id)
        assert (found.public_id, found.person_id, found.waiting) == (public_id, who.id, 7)
        assert now >= released[0]
    other.join()


def test_nobody_locks_anothers_attempt(real_time: Flask) -> None:
    with real_time.app_context(), unit_of_work() as session:
        attempt = make_attempt(session)
        stranger = Actor(id=make_attempt(session).person_id)

        for who, which in ((stranger, attempt.public_id), (Actor(id=attempt.person_id), uuid4())):
            with pytest.raises(NotYours):
                service.locked_attempt(session, who, which)
