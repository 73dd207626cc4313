"""Until when an appeal is taken."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.results.appeals import TooLateToAppeal, ensure_in_time, last_day


@pytest.mark.parametrize(
    ("released", "last"),
    [
        (date(2026, 12, 14), date(2026, 12, 21)),  # a Monday
        (date(2026, 12, 18), date(2026, 12, 25)),  # a Friday
        (date(2026, 12, 19), date(2026, 12, 25)),  # a Saturday
        (date(2026, 12, 20), date(2026, 12, 25)),  # a Sunday
    ],
)
def test_five_working_days_follow_the_release(released: date, last: date) -> None:
    assert last_day(released) == last


def test_the_last_day_is_in_time_and_the_next_is_not() -> None:
    released = date(2026, 12, 18)
    ensure_in_time(released, date(2026, 12, 25))
    with pytest.raises(TooLateToAppeal):
        ensure_in_time(released, date(2026, 12, 26))


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_there_are_always_five_working_days_and_the_last_is_one(released: date) -> None:
    last = last_day(released)
    days = [released + timedelta(days=n) for n in range(1, (last - released).days + 1)]

    assert sum(day.weekday() < 5 for day in days) == 5
    assert last.weekday() < 5
