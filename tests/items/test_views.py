"""The bank's pages, for authors."""

from collections.abc import Callable
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.core.database import db, unit_of_work
from app.items.files import StimulusFile
from app.items.labels import DIFFICULTIES, LEVELS, TYPES, USES
from app.items.service import get, shut
from app.items.types import BY_KEY
from tests.exams.builders import item_file, make_item
from tests.items.test_bank import REASON, stimulus
from tests.pages import Browser

SignIn = Callable[..., Browser]


def fill(app: Flask, act: Callable[[Session], object]) -> None:
    with app.app_context(), unit_of_work() as session:
        act(session)


def one_of_each(session: Session) -> None:
    for key in BY_KEY:
        reasons = dict.fromkeys(reason_ids(key), REASON)
        make_item(session, item_file(f"{key.replace('_', '-')}-1", key, reasons=reasons))


def shut_the_essay(session: Session) -> None:
    version = get(session, "essay-1").current
    assert version is not None
    shut(session, [version])


def reason_ids(key: str) -> list[str]:
    file = item_file("any", key)
    return BY_KEY[key].reason_ids(BY_KEY[key].body_model.model_validate(file.body))


def test_the_bank_lists_items_with_the_words_of_the_screen(app: Flask, sign_in: SignIn) -> None:
    fill(app, one_of_each)
    page = sign_in("author").get("/en/bank")

    assert page.status == 200
    assert all(f"{key.replace('_', '-')}-1" in page.text for key in BY_KEY)


def test_filters_make_an_address(app: Flask, sign_in: SignIn) -> None:
    fill(app, one_of_each)
    page = sign_in("author").get("/en/bank?type=numeric&topic=functions")

    assert "numeric-1" in page.text
    assert "essay-1" not in page.text
    assert 'value="numeric" selected' in page.html


def test_an_unknown_filter_shows_nothing_and_breaks_nothing(app: Flask, sign_in: SignIn) -> None:
    fill(app, one_of_each)
    browser = sign_in("author")

    assert "numeric-1" not in browser.get("/en/bank?type=%27%3B--").text
    assert browser.get("/en/bank?start=-5").status == 200
    assert browser.get("/en/bank?start=99999999999999999999").status == 200
    assert browser.get("/en/bank?start=x").status == 200


@pytest.mark.parametrize("key", list(BY_KEY))
def test_an_item_of_each_type_can_be_read_in_each_language(app: Flask, sign_in: SignIn, key: str) -> None:
    fill(app, one_of_each)
    browser = sign_in("author")

    for language in ("kk", "ru", "en"):
        page = browser.get(f"/{language}/bank/{key.replace('_', '-')}-1")
        assert page.status == 200
        assert REASON[language] in page.text


def test_an_item_shows_its_material_and_its_source(app: Flask, sign_in: SignIn) -> None:
    shared = StimulusFile.model_validate(stimulus(text={"kk": "Мәтін", "ru": "Текст", "en": "Some **text**"}))
    fill(app, lambda session: make_item(session, item_file("fun-1", stimulus="case-1"), shared))

    assert "<strong>text</strong>" in sign_in("author").get("/en/bank/fun-1").html


def test_an_item_of_a_sealed_paper_is_listed_and_not_shown(app: Flask, sign_in: SignIn) -> None:
    fill(app, one_of_each)
    fill(app, shut_the_essay)
    browser = sign_in("author")
    page = browser.get("/en/bank")

    assert "In a sealed paper" in page.text
    assert "/bank/essay-1" not in page.html
    assert "/bank/numeric-1" in page.html
    refused = browser.get("/en/bank/essay-1")
    assert refused.status == 409
    assert "This question is in a sealed paper." in refused.text


def test_an_item_that_is_not_there_is_404(sign_in: SignIn) -> None:
    assert sign_in("author").get("/en/bank/fun-1").status == 404


@pytest.mark.parametrize("role", ["candidate", "examiner", "organiser", "administrator"])
def test_only_authors_see_the_bank(app: Flask, sign_in: SignIn, role: str) -> None:
    fill(app, one_of_each)
    browser = sign_in(role)

    assert browser.get("/en/bank").status == 403
    assert browser.get("/en/bank/essay-1").status == 403


def test_the_list_asks_no_more_when_there_are_more_items(app: Flask, sign_in: SignIn) -> None:
    browser, numbers = sign_in("author"), count(1)
    asked = []
    for more in (2, 20):
        with app.app_context(), unit_of_work() as session:
            for _ in range(more):
                make_item(session, item_file(f"fun-{next(numbers)}"))
        asked.append(queries(app, lambda: browser.get("/en/bank")))

    assert asked[0] == asked[1]


def queries(app: Flask, act: Callable[[], object]) -> int:
    asked: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(*given: object) -> None:
        asked.append(str(given[2]))

    event.listen(engine, "before_cursor_execute", note)
    act()
    event.remove(engine, "before_cursor_execute", note)
    return len(asked)


def test_everything_that_items_are_sorted_by_has_a_name() -> None:
    assert set(TYPES) == set(BY_KEY)
    assert set(LEVELS) == {"recall", "apply", "judge"}
    assert set(DIFFICULTIES) == {"easy", "medium", "hard"}
    assert set(USES) == {"exam", "suitability", "practice"}
