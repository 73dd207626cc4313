"""Who may start, and what stands in the way."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.core.errors import Refused
from app.exams import eligibility as rules
from app.exams.eligibility import Standing, ensure_may_start, hindrances
from app.exams.life import SittingState

NOON = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
FREE = Standing(
    sitting=SittingState.OPEN,
    is_of_the_place=True,
    needs_course=True,
    has_finished_course=True,
    last_end=None,
    retake_after_days=30,
    runs_another=False,
)


def test_nothing_stands_in_the_way_of_who_fulfils_all() -> None:
    ensure_may_start(FREE, now=NOON)


@pytest.mark.parametrize(
    ("standing", "refusal"),
    [
        (replace(FREE, sitting=SittingState.PLANNED), rules.NotOpenYet),
        (replace(FREE, sitting=SittingState.OVER), rules.SittingOver),
        (replace(FREE, sitting=SittingState.CANCELLED), rules.SittingCancelled),
        (replace(FREE, is_of_the_place=False), rules.OtherPlace),
        (replace(FREE, has_finished_course=False), rules.CourseFirst),
        (replace(FREE, runs_another=True), rules.AnotherIsOpen),
        (replace(FREE, last_end=NOON - timedelta(days=29)), rules.TooSoon),
    ],
)
def test_each_rule_refuses_alone(standing: Standing, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        ensure_may_start(standing, now=NOON)


def test_a_course_that_opens_nothing_is_not_asked_for() -> None:
    assert hindrances(replace(FREE, needs_course=False, has_finished_course=False), now=NOON) == []


def test_the_pause_is_over_to_the_moment() -> None:
    ended = NOON - timedelta(days=30)

    assert hindrances(replace(FREE, last_end=ended), now=NOON) == []
    assert hindrances(replace(FREE, last_end=ended), now=NOON - timedelta(seconds=1))


def test_everything_in_the_way_is_named() -> None:
    standing = replace(FREE, sitting=SittingState.OVER, is_of_the_place=False, has_finished_course=False)

    assert [type(one) for one in hindrances(standing, now=NOON)] == [
        rules.CourseFirst,
        rules.OtherPlace,
        rules.SittingOver,
    ]
