"""How far marks lie apart, and what counts in the end."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.marking.agreement import (
    WrongLevels,
    ensure_complete,
    final_points,
    most_points,
    needs_third,
    points,
)

marks = st.integers(0, 16)


def test_four_criteria_earn_sixteen_points_at_most() -> None:
    assert most_points(4) == 16


def test_points_are_the_sum_of_the_levels() -> None:
    assert points({"facts": 3, "order": 4}) == 7


@pytest.mark.parametrize(
    ("second", "third"), [(8, False), (10, False), (12, False), (13, True), (7, True), (6, True)]
)
def test_a_third_is_needed_above_the_tolerance_only(second: int, third: bool) -> None:
    assert needs_third(10, second, tolerance=2) is third


def test_doubt_asks_for_a_third_even_when_marks_are_equal() -> None:
    assert needs_third(10, 10, tolerance=2, is_doubted=True)


def test_two_marks_count_by_their_mean() -> None:
    assert final_points([9, 12]) == Fraction(21, 2)


@pytest.mark.parametrize(
    ("three", "final"),
    [
        ([4, 12, 11], Fraction(23, 2)),
        ([4, 12, 5], Fraction(9, 2)),
        ([4, 12, 8], Fraction(10)),
        ([4, 4, 16], Fraction(4)),
        ([7, 7, 7], Fraction(7)),
    ],
)
def test_of_three_the_two_closest_count_and_of_equal_pairs_the_higher(
    three: list[int], final: Fraction
) -> None:
    assert final_points(three) == final


@pytest.mark.parametrize("number", [0, 1, 4])
def test_neither_fewer_nor_more_marks_have_a_final(number: int) -> None:
    with pytest.raises(ValueError, match=f"{number} marks"):
        final_points([1] * number)


@given(st.lists(marks, min_size=2, max_size=3))
def test_the_final_lies_among_the_marks_in_any_order(given_marks: list[int]) -> None:
    final = final_points(given_marks)

    assert min(given_marks) <= final <= max(given_marks)
    assert final_points(given_marks[::-1]) == final
    assert (final * 100).denominator == 1


@given(marks, marks, st.integers(0, 16))
def test_who_marks_first_does_not_matter(first: int, second: int, tolerance: int) -> None:
    assert needs_third(first, second, tolerance=tolerance) == needs_third(second, first, tolerance=tolerance)


@pytest.mark.parametrize(
    "levels",
    [{}, {"facts": 1}, {"facts": 1, "order": 5}, {"facts": -1, "order": 1}, {"facts": 1, "order": 1, "x": 1}],
)
def test_each_criterion_has_one_level_of_the_scale(levels: dict[str, int]) -> None:
    ensure_complete({"facts": 0, "order": 4}, ["facts", "order"])

    with pytest.raises(WrongLevels):
        ensure_complete(levels, ["facts", "order"])
