from datetime import date
from fractions import Fraction
from uuid import UUID

import pytest

from app.publication import sheet
from app.publication.sheet import Grant, Paper, Sheet
from app.results.scoring import Part, Scores

NAMES = {"kk": "к", "ru": "р", "en": "e"}
EXAM = Scores((), (), (), Part("total", Fraction(73), 100, floor=Fraction(60)), has_passed=True)


def grant(*parts: str, kind: str = "exam", until: date = date(2027, 3, 16), scores: Scores = EXAM) -> Grant:
    paper = Paper("407188253014", date(2028, 12, 12)) if kind == "exam" else None
    return Grant(kind, scores, date(2026, 12, 12), "2026-2", frozenset(parts), until, paper)


def page(*grants: Grant) -> Sheet:
    return Sheet(
        UUID(int=1), "Аты Жөні", "103247000", NAMES, (("100000000", NAMES),), date(2027, 2, 14), grants
    )


def test_only_what_was_chosen_is_shown() -> None:
    bare, whole = grant(), grant("score", "sections", "certificate")

    assert (bare.shows_score, bare.shows_sections, bare.shown_paper) == (False, False, None)
    assert (whole.shows_score, whole.shows_sections, whole.shown_paper) == (True, True, whole.paper)


def test_a_result_that_is_not_added_up_has_no_score_to_show() -> None:
    bands = grant("score", kind="suitability", scores=Scores((), (), (), None, has_passed=True))

    assert not bands.shows_score
    assert bands.about is None
    assert bands.pass_mark is None


def test_the_score_has_its_margin_and_pass_mark() -> None:
    assert grant().about == (69, 77)
    assert grant().pass_mark == 60


def test_a_page_must_change_after_the_earliest_last_day() -> None:
    early, late = grant(until=date(2027, 1, 1)), grant(kind="suitability", until=date(2027, 5, 1))

    assert page(early, late).last_day == date(2027, 1, 1)
    assert page().last_day is None


def test_search_engines_may_come_only_if_every_result_allows_it() -> None:
    assert not page().is_for_search_engines
    assert page(grant("search-engines")).is_for_search_engines
    assert not page(grant("search-engines"), grant(kind="suitability")).is_for_search_engines


def test_the_number_is_known_only_where_the_certificate_is_shown() -> None:
    assert page(grant("score")).paper_number is None
    assert page(grant("certificate")).paper_number == "407188253014"
    assert page(grant()).grant("exam") is not None
    assert page(grant()).grant("suitability") is None


@pytest.mark.parametrize(("kind", "kept"), [("exam", ("score", "certificate")), ("suitability", ())])
def test_parts_that_a_kind_does_not_have_are_passed_over(kind: str, kept: tuple[str, ...]) -> None:
    assert sheet.known_parts(kind, ["certificate", "score", "score", "x"]) == kept


def test_the_way_ends_with_the_unit_itself() -> None:
    assert [code for code, _ in page().unit_way] == ["100000000", "103247000"]


def test_other_words_have_another_hash() -> None:
    assert sheet.text_hash(["a", "b"]) != sheet.text_hash(["a b"])
    assert len(sheet.text_hash([])) == 64
