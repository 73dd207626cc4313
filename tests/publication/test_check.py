"""The check of a certificate: three answers, and no fourth."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.database import unit_of_work
from app.publication.models import Consent
from tests.conftest import NOON, FrozenClock
from tests.pages import Browser
from tests.publication.author import Author, publish
from tests.publication.stage import NAME, in_one_go


def test_a_published_certificate_shows_every_fact_on_the_paper(app: Flask, visitor: Browser) -> None:
    ids = in_one_go(app)
    number = ids["number"]
    shown = " ".join((number[:4], number[4:8], number[8:]))

    page = visitor.get(f"/en/check?number={shown.replace(' ', '-')}")

    assert page.status == 200
    text = page.text.replace("\u00a0", " ")
    for fact in (
        "The certificate is genuine",
        f"Number {shown}",
        f"Holder {NAME}",
        "Score 80 / 100",
        "Pass mark 60",
        "Day of the exam 1 December 2026",
        "Issued 1 December 2026",
        "Valid until 1 December 2028",
        "Version of the test 2026-",
        "trial form",
        "In force, not withdrawn",
        "school.test",
    ):
        assert fact in text, fact


def test_a_certificate_whose_term_is_over_says_so(app: Flask, visitor: Browser, clock: FrozenClock) -> None:
    ids = in_one_go(app)
    with app.app_context(), unit_of_work() as session:
        session.scalars(select(Consent)).one().until = NOON.replace(year=2029).date()
    clock.now = NOON.replace(year=2028, month=12, day=2)

    assert "The term is over" in visitor.get(f"/en/check?number={ids['number']}").text


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_unknown_private_and_withdrawn_numbers_get_the_same_answer(
    author: Author, visitor: Browser, language: str
) -> None:
    unknown = "000000000000"
    answers = set()
    private = author.number
    for number in (unknown, private):
        answers.add(_answer(visitor, language, number))
    publish(author, "certificate")
    assert visitor.get(f"/{language}/check?number={private}").status == 200
    action = author.withdrawal()
    author.post(action)
    answers.add(_answer(visitor, language, private))

    assert len(answers) == 1


def _answer(visitor: Browser, language: str, number: str) -> tuple[object, ...]:
    response = visitor.client.get(f"/{language}/check?number={number}")
    shown = "\u00a0".join((number[:4], number[4:8], number[8:]))
    body = response.get_data(as_text=True).replace(shown, "SHOWN").replace(number, "NUMBER")
    heads = tuple(
        (key, value) for key, value in response.headers if key not in {"Content-Security-Policy", "Date"}
    )
    return response.status_code, body, heads


def test_the_neutral_answer_says_two_reasons_and_no_judgement(visitor: Browser) -> None:
    page = visitor.get("/en/check?number=000000000000")

    assert page.status == 404
    assert "We cannot confirm this number" in page.text
    assert "It does not mean that the paper is false." in page.text
    for word in ("invalid", "revoked", "fake", "withdrawn"):
        assert word not in page.text.lower()
    assert page.response.headers["X-Robots-Tag"] == "noindex, noarchive"
    assert page.response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("typed", ["000000000001", "12", "abc", "0" * 39, "%00", "٠" * 11 + "1", "<script>"])
def test_a_mistyped_number_is_said_to_be_mistyped_before_any_lookup(visitor: Browser, typed: str) -> None:
    page = visitor.get(f"/en/check?number={typed}")

    assert page.status in {400, 422}
    if page.status == 422:
        assert "The number is mistyped" in page.text
        assert "<script>" not in page.html


def test_the_check_without_a_number_is_a_form(visitor: Browser) -> None:
    page = visitor.get("/en/check")

    assert page.status == 200
    assert "12 digits, spaces do not matter" in page.text


@pytest.mark.parametrize("short", ["C", "c"])
def test_the_short_address_of_the_code_leads_to_the_check_in_the_readers_language(
    visitor: Browser, short: str
) -> None:
    page = visitor.get(f"/{short}/000000000000", headers={"Accept-Language": "ru"})

    assert page.status == 302
    assert page.location == "/ru/check?number=000000000000"
    assert "Set-Cookie" not in page.response.headers
