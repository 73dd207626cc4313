"""The only place that reads the time."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import Connection, Executable, Row, func, text
from sqlalchemy.orm import Session

from app.core.clock_alarm import Look
from app.core.database import db

Clock = Callable[[], datetime]
COUNTRY = ZoneInfo("Asia/Almaty")
"""The whole country is UTC+5 since 1 March 2024."""
_COUNTS: int = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Goes on while the machine sleeps, where the machine has such a one: waking up is no fault of the clock."""
_MOMENT = text("SELECT clock_timestamp()")
MOMENT = func.clock_timestamp().label("moment")
"""The present moment as a column of a statement for PostgreSQL."""


def database_clock() -> datetime:
    """Return the present moment by the database's clock, the one clock all processes share.

    SQLite lives in this process, so its clock is the machine's.
    """
    if _is_server():
        moment = db.session().connection().execute(_MOMENT).scalar_one()
        return cast("datetime", moment).astimezone(UTC)
    return datetime.now(UTC)


def _is_server() -> bool:
    return db.session().get_bind().dialect.name == "postgresql"


def now() -> datetime:
    """Return the present moment, aware, in UTC, by the clock the application was made with."""
    return cast("Clock", current_app.extensions["clock"])()


def rows_now(
    asked: Connection | Session,
    statement: Executable,
    with_moment: Executable,
    parameters: Mapping[str, object],
) -> tuple[Sequence[Row[Any]], datetime]:
    """Return the rows of a statement, and the present moment after they were found.

    One way to a server that holds the clock instead of two: a save is mostly ways.

    Args:
        asked: runs the statement.
        statement: for a clock in this process.
        with_moment: the same with `MOMENT` as its last column. It must find its rows, and lock where it
            locks, before it gives out columns (a `WITH` does).
        parameters: of the statement.
    """
    if current_app.extensions["clock"] is database_clock and _is_server():
        rows = asked.execute(with_moment, parameters).all()
        if rows:
            return rows, rows[0][-1].astimezone(UTC)
    else:
        rows = asked.execute(statement, parameters).all()
    return rows, now()


def local(moment: datetime) -> datetime:
    """Return `moment` as the country's clocks show it."""
    return moment.astimezone(COUNTRY)


def look() -> Look:
    """Look at this machine's clock, at the database's, and at the count of seconds that nobody can set."""
    before = datetime.now(UTC)
    asked = database_clock()
    return Look(before=before, database=asked, after=datetime.now(UTC), counted=time.clock_gettime(_COUNTS))
