"""What only PostgreSQL can show of the clock, the locks and the pages."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from flask import Flask
from sqlalchemy import select, text

from app.candidacy import service as candidacy
from app.certificates import service as certificates
from app.certificates.models import Certificate
from app.core import clock, database
from app.core.clock import database_clock
from app.core.database import db, unit_of_work
from app.core.permissions import Actor
from tests.factories import OTHER_UNIT, UNIT, make_person, make_places
from tests.pages import Browser
from tests.postgresql import server
from tests.postgresql.racing import race
from tests.results.released import provisional, release

pytestmark = pytest.mark.postgresql


def test_the_clock_is_that_of_the_server_and_moves_within_a_transaction(app: Flask) -> None:
    with app.app_context():
        first, second = database_clock(), database_clock()
        db.session.remove()

    assert first.tzinfo is UTC
    assert first < second
    assert abs(first - datetime.now(UTC)) < timedelta(minutes=5)


def test_an_acknowledged_write_survives_a_crash(visitor: Browser) -> None:
    answer = visitor.client.get("/readyz").get_json()

    assert answer["durable"] is True


def test_a_place_is_chosen_and_chosen_anew(app: Flask) -> None:
    """A row that brings others along is locked alone: PostgreSQL locks nothing across an outer join."""
    with app.app_context(), unit_of_work() as session:
        make_places(session)
        who = Actor(make_person(session, "candidate")[0].id)
        for kato in (UNIT, OTHER_UNIT):
            candidacy.choose_place(session, who, kato, now=clock.now())
        place = candidacy.place_of(session, who.person_id)

        assert place is not None
        assert place.kato == OTHER_UNIT


def test_a_certificate_asked_for_many_times_at_once_is_issued_once(app: Flask) -> None:
    with app.app_context(), unit_of_work() as session:
        make_places(session)
        payload = {"result": release(session, provisional(session)).id}

    assert race(app, [lambda _session: certificates.issue(payload)] * 5) == [None] * 5

    with app.app_context():
        assert len(db.session.scalars(select(Certificate)).all()) == 1
        db.session.remove()


def test_pages_are_read_and_forms_are_sent(sign_in: Callable[..., Browser]) -> None:
    browser = sign_in("candidate")

    assert browser.get("/kk/account").status == 200
    changed = browser.post("/kk/account/profile", {"name": "Үлгібаева Сара", "language": "ru"})
    assert changed.status == 303
    assert "Үлгібаева Сара" in browser.get("/ru/account").html


def end_connections(app: Flask) -> None:
    """End every connection of the application's pool, as a server does that starts again."""
    with app.app_context():
        name = db.engine.url.database
        # Something must have been asked, so that there is a connection that rests.
        db.session.execute(text("SELECT 1"))
        db.session.remove()
    end = "SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity WHERE datname = %s"
    with psycopg.connect(server.SERVER, autocommit=True) as connection:
        ended = connection.execute(end, (name,)).fetchall()
    # A server that is slow to end them would fail a request later, and look like a fault of the pool.
    assert ended
    assert all(is_gone for (is_gone,) in ended)


def test_a_connection_that_rested_is_replaced_unnoticed(
    app: Flask, visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    end_connections(app)
    monkeypatch.setattr(database, "RESTS_SECONDS", 0.0)

    assert visitor.client.get("/readyz").status_code == 200


def test_a_connection_lost_in_use_costs_one_request_at_most(app: Flask, visitor: Browser) -> None:
    end_connections(app)

    # The pool may hold several; whichever is found out first takes all others with it.
    answers = [visitor.client.get("/readyz").status_code for _ in range(6)]

    assert set(answers) <= {200, 503}
    assert answers.count(503) <= 1
