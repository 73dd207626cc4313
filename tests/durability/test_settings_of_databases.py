"""A database that may lose what it acknowledged is not used."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from psycopg import sql
from sqlalchemy import Engine, create_engine, event

from app import create_app
from app.core import durability
from app.core.database import db
from app.core.durability import NotDurable
from app.core.settings import Settings
from tests.conftest import testing_settings as settings_of_tests
from tests.pages import Browser
from tests.postgresql import server
from tests.services import need

SOUND = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "data_checksums": "on"}
Change = Callable[[str, str], None]


@pytest.mark.parametrize(
    ("name", "value"), [("fsync", "off"), ("full_page_writes", "off"), ("synchronous_commit", "off")]
)
def test_each_setting_of_a_server_that_loses_writes_is_named(name: str, value: str) -> None:
    found = durability.problems_of_server(SOUND | {name: value})

    assert len(found) == 1
    assert found[0].startswith(f"{name} is {value}: it must be on")


@pytest.mark.parametrize("value", ["on", "local", "remote_write", "remote_apply"])
def test_whatever_waits_for_the_disk_is_good_enough(value: str) -> None:
    assert durability.problems_of_server(SOUND | {"synchronous_commit": value}) == []


def test_a_server_without_checksums_is_warned_of() -> None:
    assert durability.warnings_of_server(SOUND) == []
    assert "pg_checksums" in durability.warnings_of_server(SOUND | {"data_checksums": "off"})[0]


# -- SQLite ----------------------------------------------------------------------------------------


@pytest.fixture
def file_with(tmp_path: Path) -> Iterator[Callable[..., Engine]]:
    """Return a function: file_with("journal_mode=WAL") gives a watched file with these settings."""
    made: list[Engine] = []

    def make(*pragmas: str) -> Engine:
        engine = create_engine(f"sqlite:///{tmp_path / 'some.sqlite'}")

        @event.listens_for(engine, "connect")
        def connect(connection: object, _record: object) -> None:
            for pragma in pragmas:
                connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]  # the driver's own

        durability.watch(engine)
        made.append(engine)
        return engine

    yield make
    for engine in made:
        engine.dispose()


@pytest.mark.parametrize(
    ("pragmas", "words"),
    [
        (("journal_mode=DELETE", "synchronous=FULL"), "journal_mode is delete: it must be wal"),
        (("journal_mode=MEMORY", "synchronous=FULL"), "journal_mode is memory: it must be wal"),
        (("journal_mode=WAL", "synchronous=NORMAL"), "synchronous is 1: it must be FULL"),
        (("journal_mode=WAL", "synchronous=OFF"), "synchronous is 0: it must be FULL"),
    ],
)
def test_a_file_that_loses_writes_is_refused_at_each_connection(
    file_with: Callable[..., Engine], pragmas: tuple[str, ...], words: str
) -> None:
    with pytest.raises(NotDurable, match="may lose acknowledged answers") as refusal:
        file_with(*pragmas).connect()

    assert words in str(refusal.value)


def test_a_sound_file_is_used(file_with: Callable[..., Engine]) -> None:
    assert durability.ensure(file_with("journal_mode=WAL", "synchronous=FULL")) == []


def test_readiness_is_refused_while_the_file_is_not_durable(app: Flask, visitor: Browser) -> None:
    with app.app_context():
        engine = db.engine

    def loosen(connection: object, *_: object) -> None:
        connection.execute("PRAGMA synchronous=OFF")  # type: ignore[attr-defined]  # the driver's own

    assert visitor.client.get("/readyz").status_code == 200
    event.listen(engine, "checkout", loosen)
    try:
        answer = visitor.client.get("/readyz")
    finally:
        event.remove(engine, "checkout", loosen)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "synchronous" not in answer.get_data(as_text=True)


# -- PostgreSQL ------------------------------------------------------------------------------------


@pytest.fixture
def school(tmp_path: Path) -> Iterator[tuple[Flask, Change]]:
    """An application that has not connected yet, and a function that changes a setting of its database."""
    need(there=server.is_there(), absent=server.ABSENT)
    with server.fresh_database() as url:
        app = create_app(settings_of_tests(tmp_path, database_url=url))

        def change(name: str, value: str) -> None:
            statement = sql.SQL("ALTER DATABASE {} SET {} = {}").format(
                sql.Identifier(url.rpartition("/")[2]), sql.Identifier(name), sql.Literal(value)
            )
            with psycopg.connect(server.SERVER, autocommit=True) as connection:
                connection.execute(statement)

        yield app, change
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.mark.postgresql
@pytest.mark.parametrize("command", ["prepare", "serve"])
def test_nothing_is_prepared_or_served_on_a_server_that_does_not_wait_for_its_disk(
    school: tuple[Flask, Change], command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, change = school
    change("synchronous_commit", "off")
    monkeypatch.setattr("app.running._supervise", lambda _: pytest.fail("it was served"))

    with app.app_context():
        outcome = app.test_cli_runner().invoke(args=[command])

    assert outcome.exit_code == 1
    assert "synchronous_commit is off: it must be on" in outcome.output
    assert "Traceback" not in outcome.output


@pytest.mark.postgresql
def test_readiness_is_refused_until_the_server_waits_for_its_disk(school: tuple[Flask, Change]) -> None:
    app, change = school
    visitor = Browser(app)
    change("synchronous_commit", "off")
    refused = visitor.client.get("/readyz")
    change("synchronous_commit", "local")
    ready = visitor.client.get("/readyz")

    assert (refused.status_code, ready.status_code) == (503, 200)
    assert ready.get_json() == {"status": "ok", "durable": True}


@pytest.mark.postgresql
def test_a_sound_server_is_served_from(school: tuple[Flask, Change], monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[object] = []

    def supervise(parts: list[list[str]]) -> int:
        served.extend(parts)
        return 0

    monkeypatch.setattr("app.running._supervise", supervise)

    with school[0].app_context():
        outcome = school[0].test_cli_runner().invoke(args=["serve"])

    assert outcome.exit_code == 0, outcome.output
    assert len(served) == 2


def test_a_server_that_is_not_up_yet_stops_no_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a power cut the database may come up later than the site; each connection is asked then."""
    away = Settings(instance=tmp_path, database_url="postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    app = create_app(away)
    monkeypatch.setattr("app.running._supervise", lambda _: 0)

    with app.app_context():
        outcome = app.test_cli_runner().invoke(args=["serve"])

    assert outcome.exit_code == 0, outcome.output
    assert "does not answer yet" in outcome.output
    assert Browser(app).client.get("/readyz").status_code == 503
