"""Practice: open to anyone, the reason after each answer, nothing kept."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.core import clock
from app.core.database import db
from app.exams import service
from app.exams.blueprints import Blueprint
from app.exams.models import Attempt
from tests.exams.builders import blueprint, item_file, make_bank, make_item, text
from tests.exams.test_attempt_views import house
from tests.items.bodies import example
from tests.pages import Browser

REASON = {"kk": "Заңда солай", "ru": "Так в законе", "en": "So says the law"}


def _practice(**changes: object) -> Blueprint:
    section = {"key": "state", "title": text("Мемлекет"), "slots": [{"count": 2, "topics": ["state"]}]}
    sound: dict[str, Any] = {
        "id": "practice-state",
        "kind": "practice",
        "sections": [section],
        "pass_rule": None,
    }
    return Blueprint.model_validate(blueprint(**(sound | changes)))


@pytest.fixture(autouse=True)
def _bank(app: Flask) -> None:
    body = example("single_choice")["body"]
    reasons = {option["id"]: REASON for option in body["options"]}
    essay = example("essay")["body"]
    with house(app) as session:
        make_bank(session)
        make_item(session, item_file("pra-1", topic="state", use="practice", reasons=reasons))
        make_item(
            session,
            item_file("pra-2", "essay", topic="state", use="practice", body=essay, reasons={"key": REASON}),
        )
        service.sync_blueprints(session, {"practice-state": _practice()}, clock.now())


def place_of(visitor: Browser, type_key: str) -> str:
    """Return the address of the first item of a type."""
    pages = [f"/en/practice/practice-state/{number}" for number in (1, 2)]
    return next(page for page in pages if ("textarea" in visitor.get(page).html) is (type_key == "essay"))


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_anyone_finds_the_practice_papers(visitor: Browser, language: str) -> None:
    assert f"/{language}/practice/practice-state" in visitor.get(f"/{language}/practice").html
    assert visitor.get(f"/{language}/practice/practice-state").status == 200


def test_the_reason_comes_with_the_answer(visitor: Browser) -> None:
    page = place_of(visitor, "single_choice")
    assert "So says the law" not in visitor.get(page).text
    key = example("single_choice")["body"]["key"]
    assert "Right." in visitor.get(f"{page}?answer={key}").text
    wrong = next(one["id"] for one in example("single_choice")["body"]["options"] if one["id"] != key)
    answered = visitor.get(f"{page}?answer={wrong}").text
    assert "Not so." in answered
    assert "So says the law" in answered
    assert "your answer" in answered
    assert answered.count(example("single_choice")["body"]["options"][0]["text"]["en"]) == 2


@pytest.mark.parametrize("answer", ["zzz", "x" * 3000, "a&answer=b", "%00"])
def test_a_foreign_answer_is_refused_in_words(visitor: Browser, answer: str) -> None:
    page = visitor.get(f"{place_of(visitor, 'single_choice')}?answer={answer}")
    assert page.status in {200, 400}
    assert "So says the law" not in page.text


def test_a_text_is_compared_with_the_criteria(visitor: Browser) -> None:
    page = visitor.get(place_of(visitor, "essay"))
    assert "Compare your text with the criteria" in page.text
    assert "A model answer" in page.text


def test_nothing_of_it_is_kept(app: Flask, visitor: Browser) -> None:
    visitor.get(f"{place_of(visitor, 'single_choice')}?answer=a")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Attempt)) == 0
        db.session.remove()


@pytest.mark.parametrize(
    "address", ["/practice/exam", "/practice/none", "/practice/practice-state/0", "/practice/practice-state/3", "/practice/exam/1"]
)  # fmt: skip
def test_only_what_is_open_is_there(visitor: Browser, address: str) -> None:
    assert visitor.get(f"/en{address}").status == 404


def test_organisers_draw_no_papers_of_practice(app: Flask, sign_in: Any) -> None:
    page = sign_in("organiser").get("/en/papers").html
    assert 'value="exam"' in page
    assert 'value="practice-state"' not in page
