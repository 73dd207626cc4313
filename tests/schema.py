"""What the database has otherwise than the models say."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from app.core.database import db


def differences() -> list[object]:
    """Return every difference between the tables there are and the models, as Alembic names it."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, db.metadata)
        connection.rollback()
    return list(found)
