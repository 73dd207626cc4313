"""Pages of candidacy."""

from collections.abc import Callable

import pytest

from app.candidacy import requirements
from tests.factories import DISTRICT, UNIT
from tests.pages import Browser

SignIn = Callable[..., Browser]
RULES = requirements.load().rules


def test_the_path_begins_with_the_requirements(sign_in: SignIn) -> None:
    page = sign_in("candidate").get("/en/my-path")
    assert page.status == 200
    assert "Next step" in page.text
    assert page.html.count('class="step-title"') == 6


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_requirements_say_what_they_are_not(sign_in: SignIn, language: str) -> None:
    page = sign_in("candidate").get(f"/{language}/requirements")
    assert page.status == 200
    assert page.html.count('type="radio"') == sum(len(rule.options) for rule in RULES)


def test_answers_come_back_with_what_follows(sign_in: SignIn) -> None:
    browser = sign_in("candidate")
    rule = RULES[0]
    answer = browser.post("/en/requirements", {rule.key: rule.options[0].key})
    assert answer.status == 303
    page = browser.get("/en/requirements")
    assert rule.follows[rule.options[0].outcome].en in page.html
    assert "Without an answer" in page.text


@pytest.mark.parametrize("value", ["perhaps", "x" * 10_000, "<b>"])
def test_a_foreign_answer_is_refused_and_changes_nothing(sign_in: SignIn, value: str) -> None:
    browser = sign_in("candidate")
    assert browser.post("/en/requirements", {RULES[0].key: value}).status == 422
    assert "What your answers come to" not in browser.get("/en/requirements").text


def test_an_unknown_question_is_a_bad_request(sign_in: SignIn) -> None:
    assert sign_in("candidate").post("/en/requirements", {"height": "yes"}).status == 400


def test_the_place_is_found_by_name_and_chosen(sign_in: SignIn) -> None:
    browser = sign_in("candidate")
    assert UNIT in browser.get("/en/my-place?q=мысалбулак").html
    assert browser.post("/en/my-place", {"kato": UNIT}).location == "/en/my-path"
    assert "Chosen now" in browser.get("/en/my-place").text


@pytest.mark.parametrize(
    ("kato", "status"), [(DISTRICT, 422), ("999999999", 404), ("", 422), ("12", 422), ("ә" * 9, 422)]
)
def test_what_is_no_place_is_refused(sign_in: SignIn, kato: str, status: int) -> None:
    assert sign_in("candidate").post("/en/my-place", {"kato": kato}).status == status


def test_a_search_without_a_hit_says_what_to_try(sign_in: SignIn) -> None:
    assert "Try a shorter word" in sign_in("candidate").get("/en/my-place?q=zzzz").text
