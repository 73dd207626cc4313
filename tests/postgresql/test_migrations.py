"""Migrations on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from app import create_app
from app.core.database import db
from tests.conftest import testing_settings as settings_of_tests
from tests.postgresql import server
from tests.schema import differences
from tests.services import need

pytestmark = pytest.mark.postgresql


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Flask]:
    """The application on a database that has nothing in it."""
    need(there=server.is_there(), absent=server.ABSENT)
    with server.fresh_database() as url:
        app = create_app(settings_of_tests(tmp_path, database_url=url))
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()


@pytest.mark.usefixtures("empty")
def test_migrated_tables_are_those_of_the_models() -> None:
    upgrade()

    assert differences() == []


@pytest.mark.usefixtures("empty")
def test_migrations_go_down_to_nothing_and_up_again() -> None:
    upgrade()
    downgrade(revision="base")

    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    assert db.session.scalar(text("SELECT count(*) FROM pg_proc WHERE proname = 'only_added'")) == 0
    db.session.rollback()

    upgrade()
    assert differences() == []
