from typing import Any

from flask import Flask

from tests.marking.papers import count_queries
from tests.pages import Browser


def test_suggestions_carry_name_surroundings_and_unit_in_the_language_of_the_page(atlas: Flask) -> None:
    answer = Browser(atlas).get("/ru/places/search?q=kokbayskiy&rural=1").response

    assert answer.json == {
        "places": [
            {
                "kato": "103247000",
                "name": "Кокбайский сельский округ",
                "where": "Абайский район, область Абай",
                "unit": "103247000",
            }
        ]
    }


def test_a_village_names_its_unit(atlas: Flask) -> None:
    answer: Any = Browser(atlas).get("/kk/places/search?q=Ақсақал").response.json

    village = next(place for place in answer["places"] if place["kato"] == "103435518")
    assert village["unit"] == "103435000"
    assert village["where"].startswith("Көкжыра ауылдық округі, ")


def test_no_cookie_and_shared_caches_may_keep_it(atlas: Flask) -> None:
    answer = Browser(atlas).get("/en/places/search?q=abay").response

    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_malformed_questions_find_nothing(atlas: Flask) -> None:
    browser = Browser(atlas)
    for query in ("", "?q=", "?q=%00", "?q=%ff%fe", "?q=" + "a" * 3000, "?q=1&q=2", "?rural=x"):
        page = browser.get("/kk/places/search" + query)
        assert page.status in {200, 400}, query


def test_the_number_of_queries_does_not_grow_with_what_is_found(atlas: Flask) -> None:
    browser = Browser(atlas)
    few, many = (
        count_queries(atlas, browser, f"/kk/places/search?q={text}") for text in ("Есет Көтібаров", "а")
    )

    assert few == many
