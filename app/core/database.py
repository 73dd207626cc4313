"""The database: the handle, the base of all tables, column types, and the only commit."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from math import inf
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from sqlite3 import OperationalError as SqliteError
from time import monotonic
from typing import Any, cast

from flask import Flask, Response, current_app, g, request
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Dialect, Engine, Insert, MetaData, event, inspect
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from app.core import durability
from app.core.settings import ROOT, Settings
from app.core.turns import SUFFIX, Turns, WaitingConnection, connection_type

Json = dict[str, Any]
JsonList = list[Any]
# Python's None is the column's NULL, never the JSON text `null`, which a query would not find empty.
AnyJson = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
READING = frozenset({"GET", "HEAD", "OPTIONS"})
FIRST_REFUSAL = 400
FIRST_FAULT = 500
RESTS_SECONDS = 1.0
"""After so long without use a connection may have lost its server unnoticed."""
logger = logging.getLogger(__name__)

_writing: ContextVar[bool] = ContextVar("writing", default=True)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware, in UTC on the way in and out. Naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a moment without a time zone"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of all tables."""

    # A type map beside the registry that Flask-SQLAlchemy adds is refused; inside it, it works.
    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(column_0_label)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={datetime: UtcDateTime, Json: AnyJson, JsonList: AnyJson},
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True)
migrate = Migrate(render_as_batch=True, compare_type=True)


def init_app(app: Flask, settings: Settings) -> None:
    """Connect the application to its database."""
    settings.instance.mkdir(parents=True, exist_ok=True)
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(settings.database)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_item=_render_item)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _prepare_sqlite(db.engine)
        else:
            _prepare_postgresql(db.engine)
        durability.watch(db.engine)
    app.before_request(_choose_kind_of_transaction)


def _engine_options(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        turns = Turns(Path(f"{make_url(url).database}{SUFFIX}"))
        return {"connect_args": {"factory": connection_type(turns)}}
    limits = "-c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=60000"
    return {
        "pool_size": 4,
        "max_overflow": 4,
        "pool_recycle": 1800,
        "connect_args": {"options": f"{limits} -c timezone=UTC"},
    }


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: SqliteConnection, _record: object) -> None:
        # The driver must not begin transactions by itself: `begin` below chooses the kind.
        connection.isolation_level = None
        for pragma in (
            "foreign_keys=ON",
            "recursive_triggers=ON",
            "journal_mode=WAL",
            "synchronous=FULL",
            "busy_timeout=10000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        driver = cast("WaitingConnection", connection.connection.driver_connection)
        try:
            driver.begin(writes=_writing.get())
        except SqliteError as error:
            statement = "BEGIN"
            raise OperationalError(statement, None, error) from error


def _prepare_postgresql(engine: Engine) -> None:
    """Ask a connection that has rested whether its server is there; one in use a moment ago need not be asked."""

    @event.listens_for(engine, "checkin")
    def checkin(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["rests_since"] = monotonic()

    @event.listens_for(engine, "checkout")
    def checkout(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        if monotonic() - record.info.get("rests_since", -inf) < RESTS_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            # The pool opens another one, and trusts none of those it holds.
            raise InvalidatePoolError from error


def _choose_kind_of_transaction() -> None:
    rule = current_app.extensions["policy"].get((request.endpoint or "", request.method))
    # A page whose reading is an event writes that event.
    leaves_event = rule is not None and rule.event is not None
    keeps_nothing = rule is not None and rule.keeps_nothing
    _writing.set((request.method not in READING and not keeps_nothing) or leaves_event)


def expect_writes() -> None:
    """Begin this request's transaction as a writer's, although its method only reads."""
    _writing.set(True)


def _render_item(kind: str, item: object, context: Any) -> str | bool:  # noqa: ANN401 - Alembic's own
    """Write our column types into migrations as what they are in the database."""
    if kind != "type":
        return False
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, JSON):
        context.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')"
    return False


def insert_once(session: Session, table: type[Base], **values: object) -> None:
    """Add a row unless one with the same key is there: no error, no change, also under a race."""
    insert = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgresql
    session.execute(insert(table).values(values).on_conflict_do_nothing())


def put_row(connection: Connection, table: type[Base], values: dict[str, object]) -> None:
    """Add a row, or give the one with the same primary key these values; one statement, no look before it."""
    connection.execute(_put_statement(connection.dialect.name, table), values)


@cache
def _put_statement(dialect: str, table: type[Base]) -> Insert:
    statement = (insert_sqlite if dialect == "sqlite" else insert_postgresql)(table)
    key = list(inspect(table).primary_key)
    changes = {column.name: column for column in statement.excluded if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=key, set_=changes)


# -- one request is one transaction ------------------------------------------------------------


def keep_despite_refusal() -> None:
    """Commit this request although its answer is a refusal (a counted wrong password, say).

    Whoever calls this refuses before changing anything else.
    """
    g.keep = True


def after_commit(act: Callable[[], object]) -> None:
    """Do `act` once this request's transaction is durable; not at all if it is rolled back."""
    g.setdefault("after_commit", []).append(act)


def end_transaction(response: Response) -> Response:
    """Commit what a request that succeeded did, before a byte of the answer leaves."""
    session = db.session()
    kept = g.get("keep", False) and response.status_code < FIRST_FAULT
    if response.status_code >= FIRST_REFUSAL and not kept:
        session.rollback()
        return response
    session.commit()
    for act in g.pop("after_commit", []):
        try:
            act()
        except Exception:
            # What was asked for is done and durable: the answer must say so.
            logger.exception("an act after the commit failed")
            session.rollback()
    return response


@contextmanager
def unit_of_work(*, writes: bool = True) -> Iterator[Session]:
    """Give a command or a job its session; commit at the end, roll back on an error.

    Args:
        writes: a long look at much data says False, so that others may write meanwhile.
    """
    _writing.set(writes)
    session = db.session()
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
