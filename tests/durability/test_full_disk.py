"""Where the disk is full, nobody is told that an answer is saved; what was saved stays, and the page may come again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from werkzeug.test import TestResponse

from app.core.database import db
from app.exams.models import AnswerEvent
from tests.exams.test_attempt_views import TAB, Desk, house
from tests.pages import Browser

LONG = "Ауыл тұрғындарының жиналысы. " * 600


@pytest.fixture
def desk(app: Flask, sign_in: Callable[..., Browser]) -> Desk:
    return Desk(app, sign_in("candidate"))


@contextmanager
def full_disk(app: Flask) -> Iterator[None]:
    """Let the file grow no more: SQLite then says what it says of a disk without room."""

    def limit(connection: DBAPIConnection, *_: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone() or (0,)
        cursor.execute(f"PRAGMA max_page_count={pages}")

    def free(connection: DBAPIConnection, *_: object) -> None:
        connection.cursor().execute("PRAGMA max_page_count=1000000")

    with app.app_context():
        engine = db.engine
    event.listen(engine, "checkout", limit)
    event.listen(engine, "checkin", free)
    try:
        yield
    finally:
        event.remove(engine, "checkout", limit)
        event.remove(engine, "checkin", free)


def write(desk: Desk, sequence: int) -> TestResponse:
    fields = {"answer": [f"{sequence} {LONG}"]}
    sent = {"client": TAB, "sequence": sequence, "position": desk.essay, "fields": fields}
    return desk.browser.client.post(
        f"{desk.address}/events",
        json={"events": [sent]},
        headers={"X-CSRFToken": desk.browser.csrf, "Accept": "application/json"},
    )


def rows(app: Flask) -> int | None:
    with house(app) as session:
        return session.scalar(select(func.count()).select_from(AnswerEvent))


def check_refused(answer: TestResponse) -> None:
    said: dict[str, Any] = answer.get_json()
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "replies" not in said
    assert said["error"] == 503


def test_on_a_full_disk_a_save_is_refused_and_succeeds_once_there_is_room(app: Flask, desk: Desk) -> None:
    assert write(desk, 1).get_json()["replies"][0]["outcome"] == "saved"

    with full_disk(app):
        check_refused(write(desk, 2))
        page = desk.browser.get(desk.address)
        assert page.status == 200, "who reads is served on"

    assert rows(app) == 1
    assert write(desk, 2).get_json()["replies"][0]["outcome"] == "saved"
    assert rows(app) == 2


def test_a_plain_form_on_a_full_disk_is_told_that_nothing_was_done(app: Flask, desk: Desk) -> None:
    with full_disk(app):
        page = desk.browser.post(
            f"{desk.address}/answers", {f"{desk.essay}-answer": LONG, f"{desk.essay}-shown": "0"}
        )

    assert page.status == 503
    assert page.response.headers["Retry-After"]
    assert "The act was not carried out" in page.text
    assert desk.answers == {}


def test_a_save_that_waits_too_long_for_the_lock_is_refused(app: Flask, desk: Desk) -> None:
    with app.app_context():
        engine = db.engine

    def impatient(connection: DBAPIConnection, *_: object) -> None:
        connection.cursor().execute("PRAGMA busy_timeout=50")

    event.listen(engine, "checkout", impatient)
    try:
        with engine.connect() as other:
            other.execute(text("SELECT 1"))
            check_refused(write(desk, 1))
    finally:
        event.remove(engine, "checkout", impatient)
        with app.app_context():
            engine.dispose()

    assert write(desk, 1).get_json()["replies"][0]["outcome"] == "saved"
