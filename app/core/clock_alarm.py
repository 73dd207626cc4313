"""When the clocks that deadlines hang on cannot be trusted: one has jumped, or two differ. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LIMIT = timedelta(seconds=2)
"""Clocks are slewed by milliseconds a minute; what moves further was set."""


class Cause(StrEnum):
    """What was seen."""

    JUMP = "jump"
    """The wall clock of this machine moved against its own count of seconds."""
    APART = "apart"
    """This machine and the database tell different times."""


@dataclass(frozen=True)
class Look:
    """One look at all clocks: the database was asked between the two looks at this machine's.

    Attributes:
        counted: seconds since some moment, by the clock that nobody can set.
    """

    before: datetime
    database: datetime
    after: datetime
    counted: float


@dataclass(frozen=True)
class Alarm:
    """Why the clocks are not trusted, and by how much: forward is more than zero."""

    cause: Cause
    by: timedelta


def alarm(last: Look | None, look: Look) -> Alarm | None:
    """Return what is wrong with the clocks, seen from the last look of the same process on; None when all is well."""
    if last is not None:
        jump = (look.after - last.after) - timedelta(seconds=look.counted - last.counted)
        if abs(jump) > LIMIT:
            return Alarm(Cause.JUMP, jump)
    apart = _outside(look)
    return Alarm(Cause.APART, apart) if abs(apart) > LIMIT else None


def _outside(look: Look) -> timedelta:
    """Return how far the database's moment lies outside the span in which it was asked: a slow line is no fault."""
    if look.database > look.after:
        return look.database - look.after
    return min(timedelta(0), look.database - look.before)
