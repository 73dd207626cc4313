"""The floor: bare Flask views that look a session up and write one row durably, and do nothing else."""

import sqlite3
import threading
from collections.abc import Callable
from hashlib import sha256
from typing import Any, cast

import psycopg
from flask import Flask, jsonify, request, session
from flask.typing import ResponseReturnValue
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, String, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

TABLE = "bench_rows"
MAKE = f"CREATE TABLE {TABLE} (id {{key}}, person_id INTEGER NOT NULL, body TEXT NOT NULL)"
KEYS = {"sqlite": "INTEGER PRIMARY KEY", "postgresql": "SERIAL PRIMARY KEY"}
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON")
"""As durable as the application's own connections are."""
Write = Callable[[str, str], None]
Connection = psycopg.Connection[tuple[Any, ...]]
SECRET = "f" * 40


def _hash() -> str:
    return sha256(session["token"].encode()).hexdigest()


def _app(write: Write) -> Flask:
    app = Flask("floor", static_folder=None)
    app.secret_key = SECRET

    @app.post("/save")
    def save() -> ResponseReturnValue:
        write(_hash(), request.get_json()["events"][0]["fields"]["answer"][0])
        return jsonify(saved=True)

    return app


# -- with the driver alone ---------------------------------------------------------------------


def with_driver(url: str) -> Flask:
    """Return the barest view: one connection kept open by each thread, two statements, a commit."""
    return _app(_sqlite(url) if url.startswith("sqlite") else _postgresql(url))


def _sqlite(url: str) -> Write:
    kept = threading.local()

    def own_connection() -> sqlite3.Connection:
        if not hasattr(kept, "connection"):
            kept.connection = sqlite3.connect(make_url(url).database or "", isolation_level=None)
            for pragma in PRAGMAS:
                kept.connection.execute(f"PRAGMA {pragma}")
        return cast("sqlite3.Connection", kept.connection)

    def write(token_hash: str, body: str) -> None:
        connection = own_connection()
        connection.execute("BEGIN IMMEDIATE")
        found = connection.execute("SELECT person_id FROM login_sessions WHERE token_hash = ?", (token_hash,))
        row = (found.fetchone()[0], body)
        connection.execute(f"INSERT INTO {TABLE} (person_id, body) VALUES (?, ?)", row)
        connection.execute("COMMIT")

    return write


def _postgresql(url: str) -> Write:
    kept = threading.local()

    def own_connection() -> Connection:
        if not hasattr(kept, "connection"):
            kept.connection = psycopg.connect(url.replace("+psycopg", "", 1))
        return cast("Connection", kept.connection)

    def write(token_hash: str, body: str) -> None:
        connection = own_connection()
        with connection.transaction():
            found = connection.execute(
                "SELECT person_id FROM login_sessions WHERE token_hash = %s", (token_hash,)
            )
            row = found.fetchone()
            assert row is not None
            connection.execute(f"INSERT INTO {TABLE} (person_id, body) VALUES (%s, %s)", (row[0], body))

    return write


# -- with the usual extension ------------------------------------------------------------------


def with_extension(url: str) -> Flask:
    """Return the view as most people write it: Flask-SQLAlchemy, two mapped tables, a pool."""

    class Base(DeclarativeBase):
        pass

    db = SQLAlchemy(model_class=Base)

    class LoginSession(db.Model):  # type: ignore[name-defined, misc] # the extension's own base
        __tablename__ = "login_sessions"
        id: Mapped[int] = mapped_column(primary_key=True)
        person_id: Mapped[int]
        token_hash: Mapped[str] = mapped_column(String(64))

    class Row(db.Model):  # type: ignore[name-defined, misc] # the extension's own base
        __tablename__ = TABLE
        id: Mapped[int] = mapped_column(primary_key=True)
        person_id: Mapped[int]
        body: Mapped[str]

    def write(token_hash: str, body: str) -> None:
        found = db.session.scalars(db.select(LoginSession).where(LoginSession.token_hash == token_hash)).one()
        db.session.add(Row(person_id=found.person_id, body=body))
        db.session.commit()

    app = _app(write)
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    if url.startswith("sqlite"):
        with app.app_context():
            _make_durable(db.engine)
    return app


def _make_durable(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
