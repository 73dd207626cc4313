"""Migrations on SQLite; on PostgreSQL see tests/postgresql."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from app import create_app
from app.core.database import db, unit_of_work
from app.core.settings import ROOT
from tests.conftest import testing_settings as settings_of_tests
from tests.factories import make_person
from tests.schema import differences


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Flask]:
    """The application on a database that has nothing in it."""
    app = create_app(settings_of_tests(tmp_path))
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
    triggers = db.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    assert triggers.all() == []
    db.session.rollback()

    upgrade()
    assert differences() == []


@pytest.mark.usefixtures("empty")
def test_foreign_keys_hold_after_a_migration() -> None:
    upgrade()

    def orphan() -> None:
        with unit_of_work() as session:
            session.execute(text("INSERT INTO flags (attempt_id, position) VALUES (1, 1)"))

    with pytest.raises(IntegrityError):
        orphan()


COPIES_PEOPLE = """
from alembic import op

revision, down_revision = "9999", "{newest}"


def upgrade():
    with op.batch_alter_table("people", recreate="always"):
        pass
"""


@pytest.mark.usefixtures("empty")
def test_rows_outlive_a_migration_that_copies_the_table_of_their_parents(tmp_path: Path) -> None:
    upgrade()
    with unit_of_work() as session:
        make_person(session, "candidate")
    folder = tmp_path / "migrations"
    shutil.copytree(ROOT / "migrations", folder)
    newest = str(db.session.scalar(text("SELECT version_num FROM alembic_version")))
    (folder / "versions" / "9999_copy.py").write_text(COPIES_PEOPLE.format(newest=newest))
    db.session.remove()

    upgrade(directory=str(folder))

    assert db.session.scalar(text("SELECT count(*) FROM role_grants")) == 1
    assert db.session.execute(text("PRAGMA foreign_key_check")).all() == []
    assert db.session.scalar(text("PRAGMA foreign_keys")) == 1
