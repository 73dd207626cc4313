"""A server that cannot take a save: no room, a lock that is held, a line that breaks. Never “saved”, and the page may come again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from app.core.database import db
from tests.durability.test_full_disk import check_refused, rows, write
from tests.exams.test_attempt_views import Desk, house
from tests.pages import Browser
from tests.postgresql import server
from tests.postgresql.test_database import end_connections

pytestmark = pytest.mark.postgresql
FAULTS = {"53100": "no room on the disk", "53200": "no memory", "58030": "the disk does not answer"}


@pytest.fixture
def desk(app: Flask, sign_in: Callable[..., Browser]) -> Desk:
    return Desk(app, sign_in("candidate"))


@contextmanager
def refusing(app: Flask, state: str) -> Iterator[None]:
    """Let the server refuse every new answer with this SQLSTATE."""
    with house(app) as session:
        session.execute(
            text(
                "CREATE FUNCTION refuse_answers() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '{state}'; END $$"
            )
        )
        session.execute(
            text(
                "CREATE TRIGGER refuse BEFORE INSERT ON answer_events "
                "FOR EACH ROW EXECUTE FUNCTION refuse_answers()"
            )
        )
    try:
        yield
    finally:
        with house(app) as session:
            session.execute(text("DROP TRIGGER refuse ON answer_events"))
            session.execute(text("DROP FUNCTION refuse_answers()"))


@pytest.mark.parametrize("state", FAULTS, ids=FAULTS.values())
def test_what_the_server_cannot_write_is_refused_and_succeeds_later(
    app: Flask, desk: Desk, state: str
) -> None:
    with refusing(app, state):
        check_refused(write(desk, 1))

    assert rows(app) == 0
    assert write(desk, 1).get_json()["replies"][0]["outcome"] == "saved"
    assert rows(app) == 1


def test_a_lock_that_is_held_too_long_refuses_the_save(app: Flask, desk: Desk) -> None:
    with app.app_context():
        address = f"{server.SERVER.rpartition('/')[0]}/{db.engine.url.database}"
    with psycopg.connect(address) as holder:
        # Longer than a request may wait (lock_timeout of every connection).
        holder.execute("SELECT 1 FROM attempts FOR UPDATE")
        check_refused(write(desk, 1))

    assert write(desk, 1).get_json()["replies"][0]["outcome"] == "saved"


def test_a_line_that_broke_refuses_one_save_at_most(app: Flask, desk: Desk) -> None:
    end_connections(app)

    first = write(desk, 1)
    if first.status_code != 200:
        check_refused(first)

    assert write(desk, 1).get_json()["replies"][0]["outcome"] in {"saved", "repeated"}
    assert rows(app) == 1
