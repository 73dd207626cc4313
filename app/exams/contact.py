"""Who of a room needs a look: what a row of the live board says of one attempt. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

CUT_AFTER = timedelta(seconds=60)
"""A page with a line is heard of every 30 seconds: two in a row are missing."""
SILENT_AFTER = timedelta(minutes=2)


class Contact(StrEnum):
    """What an organiser sees of one attempt at a glance."""

    WRITING = "writing"
    WAITING = "waiting"
    """Its page holds answers back."""
    CUT = "cut"
    """Not heard of for a minute."""
    SILENT = "silent"
    """Not heard of for two minutes: somebody should go and look."""
    HANDED_IN = "handed-in"
    BY_CLOCK = "by-clock"


def contact(*, finished_by: str | None, waiting: int, heard_at: datetime, now: datetime) -> Contact:
    """Return what stands in an attempt's row."""
    if finished_by is not None:
        return Contact.BY_CLOCK if finished_by == "deadline" else Contact.HANDED_IN
    if now - heard_at > SILENT_AFTER:
        return Contact.SILENT
    if now - heard_at > CUT_AFTER:
        return Contact.CUT
    return Contact.WAITING if waiting else Contact.WRITING


def minutes_since(heard_at: datetime, now: datetime) -> int:
    """Return whole minutes since an attempt was heard of: a row changes when the minute does."""
    return max(0, int((now - heard_at).total_seconds()) // 60)
