"""Whether what is acknowledged survives a crash: the database's own settings, asked before it is used."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Engine, event, text
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection

ASKED = ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")
_NAMES = ", ".join(f"current_setting('{name}')" for name in ASKED)
FULL = 2
"""SQLite's `synchronous`: the log is on the disk before a commit returns."""


class NotDurable(RuntimeError):  # noqa: N818 - named after the reason, as all are
    """The database may lose what it has acknowledged; the text names each setting and how it must be."""


def problems_of_server(settings: Mapping[str, str]) -> list[str]:
    """Return what makes a PostgreSQL server lose acknowledged writes, one line each.

    Args:
        settings: by name, as the server shows them to this connection.
    """
    found = [
        f"{name} is {settings[name]}: it must be on"
        for name in ("fsync", "full_page_writes")
        if settings[name] != "on"
    ]
    # All other values wait for this server's own disk: local, remote_write, remote_apply wait for still more.
    if settings["synchronous_commit"] == "off":
        found.append("synchronous_commit is off: it must be on (look at ALTER DATABASE and ALTER ROLE, too)")
    return found


def problems_of_file(journal_mode: str, synchronous: int) -> list[str]:
    """Return what makes an SQLite file lose acknowledged writes, one line each."""
    found = []
    if journal_mode != "wal":
        found.append(f"journal_mode is {journal_mode}: it must be wal (is the file on a network disk?)")
    if synchronous < FULL:
        found.append(f"synchronous is {synchronous}: it must be FULL (2)")
    return found


def warnings_of_server(settings: Mapping[str, str]) -> list[str]:
    """Return what does not lose writes, and yet should be mended before an exam."""
    if settings["data_checksums"] == "on":
        return []
    return ["data_checksums is off: a disk that rots is not noticed (pg_checksums --enable, server stopped)"]


def watch(engine: Engine) -> None:
    """Refuse every new connection that would acknowledge what may be lost.

    Settings of a role or a database reach a server's connections one by one, so each is asked.
    """

    @event.listens_for(engine, "connect")
    def connect(connection: DBAPIConnection, _record: object) -> None:
        ask = _ask_file if engine.dialect.name == "sqlite" else _ask_server
        if found := ask(connection):
            connection.close()
            raise NotDurable(in_words(found))


def _ask_file(connection: DBAPIConnection) -> list[str]:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode")
    mode = str(_row(cursor.fetchone())[0])
    cursor.execute("PRAGMA synchronous")
    return problems_of_file(mode, int(str(_row(cursor.fetchone())[0])))


def _ask_server(connection: DBAPIConnection) -> list[str]:
    cursor = connection.cursor()
    cursor.execute(f"SELECT {_NAMES}")
    row = _row(cursor.fetchone())
    connection.rollback()
    return problems_of_server(dict(zip(ASKED, map(str, row), strict=True)))


def _row(row: object) -> tuple[object, ...]:
    assert isinstance(row, tuple)  # noqa: S101 - a statement that always gives one
    return row


def problems(connection: Connection) -> list[str]:
    """Return what the database says now: settings of a server change while connections live."""
    if connection.dialect.name == "sqlite":
        mode = connection.execute(text("PRAGMA journal_mode")).scalar_one()
        return problems_of_file(mode, connection.execute(text("PRAGMA synchronous")).scalar_one())
    return problems_of_server(_shown(connection))


def _shown(connection: Connection) -> dict[str, str]:
    row = connection.execute(text(f"SELECT {_NAMES}")).one()
    return dict(zip(ASKED, map(str, row), strict=True))


def ensure(engine: Engine) -> list[str]:
    """Return the warnings of a database that may be served from.

    Raises:
        NotDurable: it may lose what it has acknowledged.
    """
    with engine.connect() as connection:
        if found := problems(connection):
            raise NotDurable(in_words(found))
        return [] if connection.dialect.name == "sqlite" else warnings_of_server(_shown(connection))


def in_words(found: Sequence[str]) -> str:
    """Return the sentence that refuses to serve."""
    return f"The database may lose acknowledged answers, so it is not used: {'; '.join(found)}."
