"""The application on a real PostgreSQL database, made once, emptied for each test."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from app import create_app
from app.audit.chain import FIRST
from app.core.database import db
from tests.conftest import NOON, FrozenClock
from tests.conftest import testing_settings as settings_of_tests
from tests.postgresql import server
from tests.services import need


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """The address of a new empty database."""
    need(there=server.is_there(), absent=server.ABSENT)
    with server.fresh_database() as url:
        yield url


@pytest.fixture(scope="session")
def migrated(
    database_url: str, tmp_path_factory: pytest.TempPathFactory, clock: FrozenClock
) -> Iterator[Flask]:
    """The application on a migrated database."""
    settings = settings_of_tests(tmp_path_factory.mktemp("postgresql"), database_url=database_url)
    app = create_app(settings, read_clock=clock)
    with app.app_context():
        upgrade()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(migrated: Flask, clock: FrozenClock) -> Flask:
    with migrated.app_context():
        tables = ", ".join(table.name for table in db.metadata.sorted_tables)
        with db.engine.begin() as connection:
            # The triggers that keep rows from being taken away rest meanwhile.
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))
            connection.execute(text("INSERT INTO audit_head VALUES (1, 0, :first)"), {"first": FIRST})
    clock.now = NOON
    return migrated
