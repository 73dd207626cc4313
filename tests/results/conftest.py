"""Results with the places there, and with somebody who takes what certificates would take."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core import jobs
from app.core.database import db, unit_of_work
from tests.factories import make_places
from tests.pages import Browser


@pytest.fixture
def issued(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The results for which a certificate was asked."""
    kept: list[int] = []
    monkeypatch.setitem(
        app.extensions["handlers"], "result-released", lambda payload: kept.append(payload["result"])
    )
    return kept


@pytest.fixture
def session(app: Flask, issued: list[int]) -> Iterator[Session]:
    """A session for services on a database that has places."""
    with app.app_context(), unit_of_work() as session:
        make_places(session)
        yield session
    with app.app_context():
        db.session.remove()


@pytest.fixture
def work(app: Flask, issued: list[int]) -> Callable[..., object]:
    """Return a function: work(act) does `act(session)` in its own transaction, then what it asked for."""

    def do(act: Callable[[Session], object]) -> object:
        with app.app_context():
            try:
                with unit_of_work() as session:
                    done = act(session)
                jobs.drain()
                return done
            finally:
                db.session.remove()

    return do


@pytest.fixture
def candidate(sign_in: Callable[..., Browser]) -> Browser:
    return sign_in("candidate")
