"""When an attempt is open."""

from datetime import UTC, datetime, timedelta

import pytest

from app.exams.timing import GRACE, Timing, TooLate, fixed_deadline

NOON = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
TIMING = Timing(started_at=NOON, deadline=NOON + timedelta(minutes=30))


def test_open_until_the_deadline_and_not_at_it() -> None:
    TIMING.ensure_open(TIMING.deadline - TICK)
    with pytest.raises(TooLate):
        TIMING.ensure_open(TIMING.deadline)


def test_an_answer_counts_up_to_the_end_of_the_grace() -> None:
    assert TIMING.counts(TIMING.deadline + GRACE)
    assert not TIMING.counts(TIMING.deadline + GRACE + TICK)


def test_seconds_left_never_fall_below_nothing() -> None:
    assert TIMING.seconds_left(NOON) == 1800
    assert TIMING.seconds_left(NOON + timedelta(hours=1)) == 0


@pytest.mark.parametrize(
    ("closes_in", "extra", "minutes"), [(60, 0, 30), (20, 0, 20), (20, 15, 35), (30, 0, 30)]
)
def test_the_deadline_is_the_earlier_end_and_then_the_extra(closes_in: int, extra: int, minutes: int) -> None:
    deadline = fixed_deadline(
        started_at=NOON,
        length=timedelta(minutes=30),
        closes_at=NOON + timedelta(minutes=closes_in),
        extra=timedelta(minutes=extra),
    )

    assert deadline == NOON + timedelta(minutes=minutes)
