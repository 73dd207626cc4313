"""When a candidate may publish, and until when. Pure: the present day is always an argument."""

from datetime import date, timedelta

from app.core.errors import N_, Refused

USUAL = timedelta(days=30)
LONGEST = timedelta(days=365)
SILENT = timedelta(days=1)


class SilentDays(Refused):
    """Campaigning is forbidden on the day before voting and on voting day; what is public stays as it is."""

    message = N_(
        "Nothing new can be published on the day before voting and on voting day. Withdrawing is possible."
    )


class BadEnd(Refused):
    """The last day is over already, or too far away."""

    message = N_("Choose a last day from %(first)s to %(last)s.")
    status = 422


def usual_end(election_day: date, today: date) -> date:
    """Return the last day that is offered: 30 days after the election."""
    return max(election_day, today) + USUAL


def latest_end(election_day: date, today: date) -> date:
    """Return the latest last day that may be chosen: a year after the election."""
    return max(election_day, today) + LONGEST


def is_silent(election_day: date, today: date) -> bool:
    """Tell whether nothing new may be published today.

    Source:
        Constitutional law No 2464 of 28 September 1995 on elections, article 32.
    """
    return election_day - SILENT <= today <= election_day


def ensure_not_silent(election_day: date, today: date) -> None:
    """Raise `SilentDays` on the day before voting and on voting day."""
    if is_silent(election_day, today):
        raise SilentDays


def ensure_end(until: date, *, election_day: date, today: date) -> None:
    """Raise `BadEnd` unless `until` lies between today and a year after the election."""
    last = latest_end(election_day, today)
    if not today <= until <= last:
        raise BadEnd(first=today.isoformat(), last=last.isoformat())
