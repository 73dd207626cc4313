"""Until when an appeal can be made. Pure."""

from datetime import date, timedelta

from app.core.errors import N_, Refused

WORKING_DAYS = 5
"""The school's own term, after the civil service test: days from Monday to Friday after the release."""
FRIDAY = 4


class TooLateToAppeal(Refused):
    """The term is over."""

    message = N_("The term for an appeal against this result is over.")


def last_day(released_on: date) -> date:
    """Return the last day on which an appeal is taken; both are days of the country's calendar."""
    day, left = released_on, WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() <= FRIDAY
    return day


def ensure_in_time(released_on: date, today: date) -> None:
    """Raise `TooLateToAppeal` from the day after the last one on."""
    if today > last_day(released_on):
        raise TooLateToAppeal
