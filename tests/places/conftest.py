"""The whole classifier, loaded once."""

import shutil
from pathlib import Path

import pytest
from flask import Flask

from app.core.database import db, unit_of_work
from app.places import service


@pytest.fixture(scope="session")
def atlas_file(house: tuple[Flask, Path]) -> Path:
    """A database that holds the whole classifier and nothing else."""
    app, empty = house
    database = empty.with_name("akim-school.sqlite")
    _put(app, empty, database)
    with app.app_context():
        with unit_of_work() as session:
            service.load(session)
        db.session.remove()
        db.engine.dispose()
    target = empty.with_name("atlas.sqlite")
    shutil.copyfile(database, target)
    return target


@pytest.fixture
def atlas(atlas_file: Path, app: Flask) -> Flask:
    """The application on the whole classifier."""
    _put(app, atlas_file, atlas_file.with_name("akim-school.sqlite"))
    return app


def _put(app: Flask, source: Path, database: Path) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    for rest in ("-wal", "-shm"):
        database.with_name(database.name + rest).unlink(missing_ok=True)
    shutil.copyfile(source, database)
