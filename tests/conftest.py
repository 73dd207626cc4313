"""The application on a fresh, migrated database for each test; a clock that stands still; browsers."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import sync_playwright
from sqlalchemy.orm import Session

from app import create_app
from app.core.database import db, unit_of_work
from app.core.settings import Environment, Settings
from tests import services
from tests.factories import make_person
from tests.pages import Browser

# Two busy cores are no reason to fail: Hypothesis looks for wrong answers, not for slow ones.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

QUIET = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu")
NOON = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
"""Noon in the country."""


class FrozenClock:
    """Time that moves only when told to."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **length: float) -> None:
        """Let time go by: minutes=5, days=1 and so on."""
        self.now += timedelta(**length)


@pytest.fixture(scope="session")
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, clock: FrozenClock) -> tuple[Flask, Path]:
    """The application, made once, and the migrated empty database that each test starts from."""
    instance = tmp_path_factory.mktemp("instance")
    app = create_app(testing_settings(instance), read_clock=clock)
    with app.app_context():
        upgrade()
        db.engine.dispose()
    empty = instance / "empty.sqlite"
    shutil.copyfile(instance / "akim-school.sqlite", empty)
    return app, empty


def testing_settings(instance: Path, **changes: object) -> Settings:
    """Return settings for a test: nothing outside `instance` is touched."""
    values: dict[str, object] = {
        "environment": Environment.TESTING,
        "instance": instance,
        "rate_limits": False,
        "base_url": "http://school.test",
    }
    return Settings(**(values | changes))  # type: ignore[arg-type]


@pytest.fixture
def app(house: tuple[Flask, Path], clock: FrozenClock) -> Flask:
    app, empty = house
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    database = empty.with_name("akim-school.sqlite")
    for rest in ("-wal", "-shm"):
        database.with_name(database.name + rest).unlink(missing_ok=True)
    shutil.copyfile(empty, database)
    for folder in ("mail", "public"):
        shutil.rmtree(empty.parent / folder, ignore_errors=True)
    clock.now = NOON
    return app


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session for services: committed at the end, so that constraints speak."""
    with app.app_context(), unit_of_work() as session:
        yield session
    with app.app_context():
        db.session.remove()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """One browser for all tests of a process: Playwright cannot be started twice in one."""
    path = services.chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*QUIET])
        yield browser
        browser.close()


@pytest.fixture
def visitor(app: Flask) -> Browser:
    """A browser that nobody has signed in with."""
    return Browser(app)


@pytest.fixture
def sign_in(app: Flask) -> Callable[..., Browser]:
    """Return a function: sign_in("candidate") gives a browser signed in by a new person of these roles."""

    def enter(*roles: str, **values: Any) -> Browser:
        with app.app_context(), unit_of_work() as session:
            person, token = make_person(session, *roles, signed_in=True, **values)
            browser = Browser(app, token=token)
            browser.person_id = person.id
            browser.email = person.email
        return browser

    return enter


@pytest.fixture
def letters(app: Flask) -> Callable[[], list[str]]:
    """Return a function that reads the letters sent so far, oldest first, as plain text with headers."""
    folder = app.extensions["settings"].instance / "mail"

    def read() -> list[str]:
        found = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        messages = [message_from_bytes(path.read_bytes(), policy=default) for path in found]
        return [f"To: {m['To']}\nSubject: {m['Subject']}\n\n{m.get_content()}" for m in messages]

    return read
