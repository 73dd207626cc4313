"""Marking with its places there."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core import jobs
from app.core.database import db, unit_of_work
from tests.factories import make_places


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session for services on a database that has places."""
    with app.app_context(), unit_of_work() as session:
        make_places(session)
        yield session
    with app.app_context():
        db.session.remove()


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, int]]]:
    """What marking put into the outbox."""
    kept: list[tuple[str, dict[str, int]]] = []
    monkeypatch.setattr(jobs, "put", lambda _session, kind, payload: kept.append((kind, payload)))
    return kept


@pytest.fixture
def work(app: Flask) -> Callable[..., object]:
    """Return a function: work(act) does `act(session)` in a transaction of its own."""

    def do(act: Callable[[Session], object]) -> object:
        with app.app_context():
            try:
                with unit_of_work() as session:
                    return act(session)
            finally:
                db.session.remove()

    return do
