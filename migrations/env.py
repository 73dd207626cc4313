"""Runs migrations inside the application; on SQLite without foreign keys, checked afterwards."""

from alembic import context
from flask import current_app
from sqlalchemy import text

from app.core.database import db

migrate = current_app.extensions["migrate"]


def run() -> None:
    engine = db.engine
    # The copy-and-move of a SQLite table drops the old one: with foreign keys on, children go with it.
    with engine.connect() as connection:
        is_sqlite = engine.dialect.name == "sqlite"
        if is_sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(connection=connection, target_metadata=db.metadata, **migrate.configure_args)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if is_sqlite:
            broken = connection.execute(text("PRAGMA foreign_key_check")).fetchall()
            connection.rollback()
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")
            if broken:
                message = f"rows without their parents after the migration: {broken[:5]}"
                raise RuntimeError(message)


run()
