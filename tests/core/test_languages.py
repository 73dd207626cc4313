from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from http import HTTPStatus

import pytest
from flask import Flask

from app.core import languages
from app.core.errors import Refused
from tests.pages import Browser


class Odd(Refused):
    message = "%(number)s %% of nothing"


@pytest.mark.parametrize(
    ("path", "accept", "spoken"),
    [
        ("/ru/sign-in", "en", "ru"),
        ("/en/nothing-here", "ru", "en"),
        ("/nothing-here", "ru,en;q=0.5", "ru"),
        ("/nothing-here", "de", "kk"),
        ("/nothing-here", "", "kk"),
        ("/de/sign-in", "en", "en"),
        ("/russia", "", "kk"),
    ],
)
def test_speaks_the_language_of_the_address_else_of_the_browser(
    visitor: Browser, path: str, accept: str, spoken: str
) -> None:
    assert f'<html lang="{spoken}"' in visitor.get(path, headers={"Accept-Language": accept}).html


@pytest.mark.parametrize(
    ("accept", "target"), [("ru", "/ru/"), ("en-GB,en", "/en/"), ("fr", "/kk/"), ("", "/kk/")]
)
def test_the_bare_address_leads_to_a_language(visitor: Browser, accept: str, target: str) -> None:
    answer = visitor.get("/", headers={"Accept-Language": accept})

    assert answer.location == target
    assert "Accept-Language" in answer.response.headers["Vary"]


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("/kk/sign-in", "/ru/sign-in"),
        ("/kk/sign-in?next=/kk/account", "/ru/sign-in?next=%2Fkk%2Faccount"),
        ("/kk/sign-in?a=1&amp;a=2", "/ru/sign-in?a=1&amp;amp%3Ba=2"),
        ("/kk/nothing-here", "/ru/"),
    ],
)
def test_links_lead_to_this_page_in_the_other_languages(visitor: Browser, path: str, link: str) -> None:
    assert f'href="{link}"' in visitor.get(path).html


@pytest.mark.parametrize(
    "query",
    [
        "endpoint=x",
        "_external=1",
        "_anchor=x",
        "_method=POST",
        "_scheme=javascript",
        "language=de",
        "values=1",
    ],
)
def test_no_query_bends_the_links(visitor: Browser, query: str) -> None:
    page = visitor.get(f"/kk/sign-in?{query}")

    assert page.status == HTTPStatus.OK
    assert f'href="/ru/sign-in?{query}"' in page.html


@pytest.mark.parametrize(
    ("path", "link"), [("/kk/account/profile", "/ru/account"), ("/kk/sign-in", "/ru/sign-in")]
)
def test_a_refused_form_links_to_a_page_that_can_be_read(
    sign_in: Callable[..., Browser], path: str, link: str
) -> None:
    page = sign_in("candidate").post(path)

    assert page.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert f'href="{link}"' in page.html


def test_days_and_times_are_those_of_the_country(app: Flask) -> None:
    late = datetime(2026, 11, 30, 20, 30, tzinfo=UTC)

    for path, day in (
        ("/kk/", "2026 ж. 1 желтоқсан"),
        ("/ru/", "1 декабря 2026 г."),
        ("/en/", "1 December 2026"),
    ):
        with app.test_request_context(path):
            assert languages.show_day(late).replace("\u202f", " ").replace("\xa0", " ") == day
            assert languages.show_day(date(2026, 12, 1)) == languages.show_day(late)
            assert languages.show_time(late) == "01:30"
            assert languages.show_date(late).endswith(", 01:30")


@pytest.mark.parametrize(("path", "number"), [("/kk/", "1234,5"), ("/ru/", "1234,5"), ("/en/", "1,234.5")])
def test_numbers_are_written_by_the_language(app: Flask, path: str, number: str) -> None:
    with app.test_request_context(path):
        for value in (Decimal("1234.5"), Fraction(2469, 2), 1234.5):
            assert languages.show_number(value).replace("\xa0", "") == number


def test_a_refusal_is_said_with_its_values(app: Flask) -> None:
    with app.test_request_context("/en/"):
        assert languages.say(Odd(number=5)) == "5 % of nothing"
        assert languages.say(Refused()) == "This cannot be done."


def test_texts_of_content_are_read_in_the_language_of_the_page(app: Flask) -> None:
    for language in languages.LANGUAGES:
        with app.test_request_context(f"/{language}/"):
            assert languages.in_language({"kk": "kk", "ru": "ru", "en": "en"}) == language


def test_outside_a_request_the_house_speaks_kazakh(app: Flask) -> None:
    with app.app_context():
        assert languages.current() == "kk"
