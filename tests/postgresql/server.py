"""The PostgreSQL server of tests and measurements: a database made for one purpose, and dropped after it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
from psycopg import sql

SERVER = os.environ.get("TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")
ABSENT = (
    f"no PostgreSQL at {SERVER}: start one (on Debian: apt install postgresql) that lets this user in, "
    "or name another in TEST_POSTGRESQL"
)


def is_there() -> bool:
    """Tell whether the server answers and lets us in."""
    try:
        psycopg.connect(SERVER, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def fresh_database() -> Iterator[str]:
    """Give the address, as the settings want it, of a new empty database; drop it afterwards."""
    name = f"akim_school_{uuid4().hex[:12]}"
    _say(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        # Only the name differs: user, password and host are those of the server.
        yield SERVER.replace("postgresql://", "postgresql+psycopg://", 1).rpartition("/")[0] + f"/{name}"
    finally:
        _say(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _say(statement: sql.Composed) -> None:
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(statement)
