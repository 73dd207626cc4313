"""When clocks are not trusted."""

from datetime import UTC, datetime, timedelta

import pytest

from app.core.clock_alarm import Alarm, Cause, Look, alarm

START = datetime(2026, 12, 12, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def look(wall: float, *, counted: float, database: float | None = None, took: float = 0.01) -> Look:
    """Return a look at a machine's clock `wall` seconds after the start; the database agrees unless told."""
    before = START + wall * SECOND
    asked = before if database is None else START + database * SECOND
    return Look(before=before, database=asked, after=before + took * SECOND, counted=counted)


FIRST = look(0, counted=500)


@pytest.mark.parametrize("wall", [60, 58.1, 61.9])
def test_a_clock_that_goes_on_as_the_machine_counts_is_trusted(wall: float) -> None:
    assert alarm(FIRST, look(wall, counted=560)) is None


@pytest.mark.parametrize(("wall", "by"), [(3660, 3600), (62.5, 2.5), (-3540, -3600), (57, -3)])
def test_a_clock_that_was_set_is_noticed(wall: float, by: float) -> None:
    seen = alarm(FIRST, look(wall, counted=560))

    assert seen is not None
    assert seen.cause is Cause.JUMP
    assert seen.by.total_seconds() == pytest.approx(by, abs=0.001)


def test_the_first_look_of_a_process_has_nothing_to_compare_with() -> None:
    assert alarm(None, look(99999, counted=1)) is None


@pytest.mark.parametrize(("database", "by"), [(2.5, 2.49), (-2.5, -2.5), (600, 599.99)])
def test_a_database_with_another_time_is_noticed_at_the_first_look(database: float, by: float) -> None:
    assert alarm(None, look(0, counted=1, database=database)) == Alarm(Cause.APART, by * SECOND)


@pytest.mark.parametrize("database", [1.9, -1.9, 0])
def test_small_differences_are_no_alarm(database: float) -> None:
    assert alarm(None, look(0, counted=1, database=database)) is None


def test_a_slow_line_to_the_database_is_no_fault_of_a_clock() -> None:
    assert alarm(None, look(0, counted=1, database=7, took=9)) is None
