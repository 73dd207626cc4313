"""Fifty times the same at the same moment, on both databases: one effect."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import create_app
from app.core import clock
from app.core.database import db
from app.core.jobs import OutboxItem
from app.core.permissions import Actor
from app.exams import service
from app.exams.incoming import Batch
from app.exams.models import Attempt, Lease
from app.exams.timing import GRACE
from tests.conftest import testing_settings as settings_of_tests
from tests.exams.builders import OPEN_TO_ALL, actor, make_attempt, make_sitting
from tests.exams.test_attempt_views import house
from tests.postgresql import server
from tests.postgresql.racing import counted, race
from tests.services import need

AT_ONCE = 50
DEVICE = str(UUID(int=9))
BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(scope="module", params=BOTH)
def school(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on a new database, by the real clock."""
    folder = tmp_path_factory.mktemp("at-once")
    if request.param == "sqlite":
        yield from _migrated(create_app(settings_of_tests(folder)))
        return
    need(there=server.is_there(), absent=server.ABSENT)
    with server.fresh_database() as url:
        yield from _migrated(create_app(settings_of_tests(folder, database_url=url)))


def _migrated(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        upgrade()
        db.session.remove()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


class Sitter:
    """A candidate whose attempt many requests reach at once."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with house(app) as session:
            attempt = make_attempt(session)
            self.id, self.public_id, self.who = attempt.id, attempt.public_id, Actor(id=attempt.person_id)

    def take(self, client: str) -> Callable[[Session], object]:
        def act(session: Session) -> int:
            attempt, now = service.locked_attempt(session, self.who, self.public_id)
            batch = Batch(client=client, device=DEVICE, take=True)
            return service.receive(session, attempt, batch, now=now).lease

        return act

    def finish(self, session: Session) -> bool:
        attempt, now = service.locked_attempt(session, self.who, self.public_id)
        return service.finish(session, attempt, now=now)

    def close(self, session: Session) -> int:
        return service.close_overdue(session, clock.now())

    def look(self, question: Callable[[Session, Attempt], Any]) -> Any:
        with house(self.app) as session:
            return question(session, session.get_one(Attempt, self.id))


@pytest.fixture
def sitter(school: Flask) -> Sitter:
    return Sitter(school)


def handed_in(session: Session, attempt: Attempt) -> int:
    """Return how often the marking was told of the attempt."""
    rows = session.scalars(select(OutboxItem).where(OutboxItem.kind == "attempt-finished"))
    return sum(row.payload["attempt"] == attempt.id for row in rows)


def leases(session: Session, attempt: Attempt) -> int | None:
    return session.scalar(select(func.count()).select_from(Lease).where(Lease.attempt_id == attempt.id))


def test_fifty_starts_make_one_attempt(school: Flask) -> None:
    with house(school) as session:
        sitting = make_sitting(session).public_id
        who = Actor(id=actor(session, "candidate").person_id)

    def start(session: Session) -> UUID:
        return service.start(session, who, sitting, OPEN_TO_ALL, now=clock.now()).public_id

    outcomes = counted(race(school, [start] * AT_ONCE))

    assert list(outcomes.values()) == [AT_ONCE]
    with house(school) as session:
        found = session.scalars(select(Attempt).where(Attempt.person_id == who.id)).all()
        assert [attempt.public_id for attempt in found] == list(outcomes)


def test_fifty_finishes_end_it_once(sitter: Sitter) -> None:
    assert counted(race(sitter.app, [sitter.finish] * AT_ONCE)) == {True: 1, False: AT_ONCE - 1}
    assert sitter.look(handed_in) == 1
    assert sitter.look(lambda _, attempt: attempt.finished_by) == "candidate"


def test_fifty_takes_of_one_page_take_once(sitter: Sitter) -> None:
    assert counted(race(sitter.app, [sitter.take(str(UUID(int=1)))] * AT_ONCE)) == {1: AT_ONCE}
    assert sitter.look(leases) == 1
    assert sitter.look(lambda _, attempt: attempt.lease_number) == 1


def test_of_fifty_pages_that_take_each_gets_its_own_number(sitter: Sitter) -> None:
    acts = [sitter.take(str(UUID(int=number))) for number in range(1, AT_ONCE + 1)]

    assert counted(race(sitter.app, acts)) == dict.fromkeys(range(1, AT_ONCE + 1), 1)
    assert sitter.look(leases) == AT_ONCE
    assert sitter.look(lambda _, attempt: attempt.lease_number) == AT_ONCE


def test_the_clock_and_fifty_fingers_end_it_once(sitter: Sitter) -> None:
    with house(sitter.app) as session:
        attempt = session.get_one(Attempt, sitter.id)
        attempt.last_seen_at = attempt.deadline = clock.now() - 2 * GRACE

    outcomes = race(sitter.app, [*[sitter.finish] * (AT_ONCE - 5), *[sitter.close] * 5])

    assert not [one for one in outcomes if isinstance(one, Exception)]
    assert sitter.look(handed_in) == 1
    assert sitter.look(lambda _, attempt: attempt.finished_by) == "deadline"
