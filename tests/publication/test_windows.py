from datetime import date

import pytest

from app.publication import windows

ELECTION = date(2027, 2, 14)


@pytest.mark.parametrize(
    ("today", "silent"),
    [
        (date(2027, 2, 12), False),
        (date(2027, 2, 13), True),
        (date(2027, 2, 14), True),
        (date(2027, 2, 15), False),
    ],
)
def test_the_day_before_voting_and_voting_day_are_silent(today: date, *, silent: bool) -> None:
    assert windows.is_silent(ELECTION, today) is silent
    if silent:
        with pytest.raises(windows.SilentDays):
            windows.ensure_not_silent(ELECTION, today)
    else:
        windows.ensure_not_silent(ELECTION, today)


def test_the_usual_end_is_thirty_days_after_the_election_or_after_today() -> None:
    assert windows.usual_end(ELECTION, date(2026, 12, 1)) == date(2027, 3, 16)
    assert windows.usual_end(ELECTION, date(2027, 5, 1)) == date(2027, 5, 31)


def test_the_last_day_lies_between_today_and_a_year_after_the_election() -> None:
    today = date(2026, 12, 1)
    for good in (today, date(2028, 2, 14)):
        windows.ensure_end(good, election_day=ELECTION, today=today)
    for bad in (date(2026, 11, 30), date(2028, 2, 15)):
        with pytest.raises(windows.BadEnd):
            windows.ensure_end(bad, election_day=ELECTION, today=today)
