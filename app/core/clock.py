"""The only place that reads the time."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import text

from app.core.database import db

Clock = Callable[[], datetime]
COUNTRY = ZoneInfo("Asia/Almaty")
"""The whole country is UTC+5 since 1 March 2024."""
_MOMENT = text("SELECT clock_timestamp()")


def database_clock() -> datetime:
    """Return the present moment by the database's clock, the one clock all processes share.

    SQLite lives in this process, so its clock is the machine's.
    """
    session = db.session()
    if session.get_bind().dialect.name == "postgresql":
        moment = session.connection().execute(_MOMENT).scalar_one()
        return cast("datetime", moment).astimezone(UTC)
    return datetime.now(UTC)


def now() -> datetime:
    """Return the present moment, aware, in UTC, by the clock the application was made with."""
    return cast("Clock", current_app.extensions["clock"])()


def local(moment: datetime) -> datetime:
    """Return `moment` as the country's clocks show it."""
    return moment.astimezone(COUNTRY)
