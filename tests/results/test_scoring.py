"""What answers add up to: known sums, the bars themselves and a step beside, and what always holds."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exams.blueprints import Blueprint
from app.results import charts, record
from app.results.scoring import (
    Band,
    ItemScore,
    Part,
    WrongPoints,
    band,
    corrected,
    margin,
    rounded,
    score,
)
from tests.marking.papers import EXAM, SUITABILITY

exam_blueprint = Blueprint.model_validate(EXAM)
suitability_blueprint = Blueprint.model_validate(SUITABILITY)
shares = st.fractions(0, 1, max_denominator=12)


def item(
    position: int, section: str, points: str | Fraction, most: int = 1, competency: str = ""
) -> ItemScore:
    return ItemScore(position, section, competency or section, Fraction(points), most)


def exam(*functions: str, written: str = "8") -> list[ItemScore]:
    found = [item(number, "functions", points) for number, points in enumerate(functions, start=1)]
    return [*found, item(len(found) + 1, "written", written, 8, "clarity")]


def suitability(*points: str | Fraction) -> list[ItemScore]:
    keys = ("analysis", "conflict", "constraint")
    return [
        item(number, key, earned)
        for number, (key, earned) in enumerate(zip(keys, points, strict=True), start=1)
    ]


# -- the exam -------------------------------------------------------------------------------------


def test_points_are_added_up_by_section_competency_and_in_all() -> None:
    scores = score(exam("1", "1/2", written="13/2"), exam_blueprint)

    assert [(part.key, part.points, part.most) for part in scores.sections] == [
        ("functions", Fraction(3, 2), 2),
        ("written", Fraction(13, 2), 8),
    ]
    assert [(part.key, part.points) for part in scores.competencies] == [
        ("clarity", Fraction(13, 2)),
        ("functions", Fraction(3, 2)),
    ]
    assert scores.total is not None
    assert (scores.total.points, scores.total.most, scores.total.percent) == (Fraction(8), 10, 80)
    assert scores.has_passed


def test_the_pass_mark_itself_passes() -> None:
    assert score(exam("1", "1", written="4"), exam_blueprint).has_passed


def test_a_hair_under_the_pass_mark_does_not_pass_and_is_not_shown_as_reached() -> None:
    scores = score(exam("1", "1", written="3999/1000"), exam_blueprint)

    assert not scores.has_passed
    assert scores.total is not None
    assert scores.total.percent == 59


def test_a_section_under_its_floor_does_not_pass_whatever_the_total() -> None:
    scores = score(exam("3/4", "0"), exam_blueprint)

    assert scores.total is not None
    assert scores.total.reaches
    assert [part.key for part in scores.below] == ["functions"]
    assert not scores.has_passed


def test_the_floor_itself_is_enough() -> None:
    assert score(exam("4/5", "0"), exam_blueprint).has_passed


def test_a_section_without_a_floor_may_be_empty() -> None:
    blueprint = Blueprint.model_validate(
        {**EXAM, "pass_rule": {"kind": "thresholds", "total": "20", "sections": {"functions": "40"}}}
    )

    assert score(exam("1", "1", written="0"), blueprint).has_passed


# -- the suitability test -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("percent", "expected"),
    [
        ("100", Band.SHOWN),
        ("75", Band.SHOWN),
        ("74.99", Band.NEAR),
        ("60", Band.NEAR),
        ("45", Band.NEAR),
        ("44.99", Band.NOT_YET),
        ("0", Band.NOT_YET),
    ],
)
def test_bands_begin_at_bar_and_margin(percent: str, expected: Band) -> None:
    assert band(Fraction(percent) / 100, bar=Fraction(60), margin=Fraction(15)) is expected


def test_competencies_are_not_added_up() -> None:
    scores = score(suitability("1", "1/2", "0"), suitability_blueprint)

    assert scores.total is None
    assert [part.band for part in scores.sections] == [Band.SHOWN, Band.NEAR, Band.NOT_YET]


@pytest.mark.parametrize(
    ("points", "suitable"),
    [(("1", "1", "0"), True), (("1/2", "1/2", "0"), True), (("1", "0", "0"), False)],
)
def test_one_competency_may_be_not_yet(points: tuple[str, str, str], suitable: bool) -> None:
    assert score(suitability(*points), suitability_blueprint).has_passed is suitable


# -- rounding and margin --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "places", "shown"), [("59.99", 0, "59"), ("60", 0, "60"), ("22/3", 1, "7.3"), ("0", 1, "0.0")]
)
def test_scores_are_rounded_down(value: str, places: int, shown: str) -> None:
    assert rounded(Fraction(value), places) == Decimal(shown)


def test_the_margin_is_one_standard_error_of_so_many_questions() -> None:
    assert margin(Part("total", Fraction(34), 46)) == (67, 79)


@pytest.mark.parametrize(("points", "most"), [("0", 46), ("46", 46), ("1", 1)])
def test_no_margin_is_told_where_the_formula_knows_none(points: str, most: int) -> None:
    assert margin(Part("total", Fraction(points), most)) is None


@given(most=st.integers(2, 100), share=shares)
def test_the_margin_holds_the_score_and_stays_on_the_scale(most: int, share: Fraction) -> None:
    part = Part("total", share * most, most)
    found = margin(part)

    if found is not None:
        assert 0 <= found[0] <= part.percent <= found[1] <= 100


# -- what always holds ----------------------------------------------------------------------------


@given(st.lists(shares, min_size=1, max_size=12), shares)
def test_sections_and_competencies_and_total_hold_the_same_points(
    points: list[Fraction], written: Fraction
) -> None:
    scores = score(exam(*map(str, points), written=str(written * 8)), exam_blueprint)

    assert scores.total is not None
    earned = sum(points, Fraction(0)) + written * 8
    assert scores.total.points == earned
    assert sum((part.points for part in scores.sections), Fraction(0)) == earned
    assert sum((part.points for part in scores.competencies), Fraction(0)) == earned
    assert 0 <= scores.total.percent <= 100


@given(st.lists(shares, min_size=2, max_size=12), shares, st.data())
def test_more_points_never_turn_a_pass_into_a_fail(
    points: list[Fraction], written: Fraction, data: st.DataObject
) -> None:
    before = exam(*map(str, points), written=str(written * 8))
    one = data.draw(st.sampled_from(before))
    after = corrected(before, {one.position: Fraction(one.most)})

    assert score(after, exam_blueprint).has_passed >= score(before, exam_blueprint).has_passed


@given(st.tuples(shares, shares, shares))
def test_what_is_shown_as_reached_is_reached(points: tuple[Fraction, Fraction, Fraction]) -> None:
    for part in score(suitability(*points), suitability_blueprint).sections:
        assert (part.percent >= 75) == (part.band is Band.SHOWN)
        assert (part.percent < 45) == (part.band is Band.NOT_YET)


# -- corrections ----------------------------------------------------------------------------------


def test_a_correction_changes_one_item_and_keeps_the_order() -> None:
    items = exam("0", "1")

    assert corrected(items, {1: Fraction(1)}) == exam("1", "1")


@pytest.mark.parametrize("wrong", [{9: "1"}, {1: "-1/2"}, {1: "3/2"}, {3: "17/2"}])
def test_points_that_an_item_cannot_earn_are_refused(wrong: dict[int, str]) -> None:
    with pytest.raises(WrongPoints):
        corrected(exam("0", "1"), {position: Fraction(points) for position, points in wrong.items()})


# -- record and chart -----------------------------------------------------------------------------


@given(st.lists(shares, min_size=1, max_size=5), shares)
def test_what_is_written_is_read_again(points: list[Fraction], written: Fraction) -> None:
    scores = score(exam(*map(str, points), written=str(written * 8)), exam_blueprint)
    content = record.written(scores, EXAM["pass_rule"])

    assert record.read(content) == scores
    assert record.content_hash(content) == record.content_hash(
        record.written(record.read(content), EXAM["pass_rule"])
    )


def test_bands_are_written_and_read_again() -> None:
    scores = score(suitability("1", "1/2", "0"), suitability_blueprint)

    assert record.read(record.written(scores, SUITABILITY["pass_rule"])) == scores


def test_other_scores_have_another_hash() -> None:
    def content(points: str) -> dict[str, Any]:
        return record.written(score(exam(points, "1"), exam_blueprint), EXAM["pass_rule"])

    assert record.content_hash(content("1")) != record.content_hash(content("1/2"))


def test_the_hash_of_a_batch_does_not_depend_on_the_order() -> None:
    lines = [("a", 1, "x"), ("b", 1, "y")]

    assert record.batch_hash(lines) == record.batch_hash(lines[::-1]) != record.batch_hash(lines[:1])


def test_bars_stand_below_each_other_and_are_as_long_as_the_percent() -> None:
    bars = charts.bars(score(exam("1", "0"), exam_blueprint).sections)

    assert [(bar.percent, bar.length, bar.floor) for bar in bars] == [(50, 164.0, 131.2), (100, 328.0, None)]
    assert bars[0].top < bars[1].text_y
    assert bars[1].top + charts.BAR <= charts.height(2)
