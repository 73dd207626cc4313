"""Sign-up, confirmation and reset, as a browser sees them."""

from collections.abc import Callable
from http import HTTPStatus

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Person
from app.audit.models import AuditEvent
from app.core.database import db, unit_of_work
from tests.accounts.codes import path_in
from tests.factories import PASSWORD, make_person
from tests.pages import Browser, Page

Letters = Callable[[], list[str]]
EMAIL = "aigul@mail.example"
NEW = "four green apple trees"


def sign_up(browser: Browser, address: str = "/kk/sign-up", **values: str) -> Page:
    return browser.post(address, {"name": "Мысалова Айгүл", "email": EMAIL, "password": PASSWORD} | values)


def the_person(app: Flask) -> Person:
    with app.app_context():
        found = db.session().scalars(select(Person)).one()
        db.session().expunge_all()
        return found


def test_sign_up_letter_one_press_and_in(app: Flask, visitor: Browser, letters: Letters) -> None:
    assert visitor.get("/kk/sign-up").status == HTTPStatus.OK
    assert sign_up(visitor).location == "/kk/sign-up/sent"
    assert visitor.get("/kk/sign-up/sent").status == HTTPStatus.OK
    link = path_in(letters()[0])

    page = visitor.get(link)
    answer = visitor.post(link)

    assert 'type="password"' not in page.html
    assert answer.status == HTTPStatus.SEE_OTHER
    assert visitor.get("/kk/account").status == HTTPStatus.OK
    assert the_person(app).roles == {"candidate"}


def test_in_another_browser_the_password_is_asked_for(app: Flask, visitor: Browser, letters: Letters) -> None:
    sign_up(visitor)
    link, mail_browser = path_in(letters()[0]), Browser(app)

    page = mail_browser.get(link)
    pressed = mail_browser.post(link)
    wrong = mail_browser.post(link, {"password": "wrong wrong wrong"})
    right = mail_browser.post(link, {"password": PASSWORD})

    assert 'type="password"' in page.html
    assert pressed.status == wrong.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert right.status == HTTPStatus.SEE_OTHER
    assert mail_browser.get("/kk/account").status == HTTPStatus.OK


def test_opening_the_link_alone_confirms_nothing(app: Flask, visitor: Browser, letters: Letters) -> None:
    sign_up(visitor)

    visitor.get(path_in(letters()[0]))

    assert the_person(app).confirmed_at is None


def test_a_team_member_signs_up_as_one_and_goes_back_to_the_invitation(
    app: Flask, visitor: Browser, letters: Letters
) -> None:
    sign_up(visitor, "/kk/sign-up?role=team-member&next=/kk/join/abc")

    answer = visitor.post(path_in(letters()[0]))

    assert answer.location == "/kk/join/abc"
    assert the_person(app).roles == {"team-member"}


@pytest.mark.parametrize("role", ["administrator", "examiner", "x", ""])
def test_nobody_signs_up_as_staff(app: Flask, visitor: Browser, role: str) -> None:
    sign_up(visitor, f"/kk/sign-up?role={role}")

    assert the_person(app).roles == {"candidate"}


def test_known_and_unknown_addresses_get_the_same_answers(app: Flask, letters: Letters) -> None:
    with app.app_context(), unit_of_work() as session:
        make_person(session, email="known@mail.example")
    answers = set()

    for name in ("known", "unknown"):
        browser = Browser(app)
        up = sign_up(browser, email=f"{name}@mail.example")
        back = browser.post("/kk/reset", {"email": f"{name}@mail.example"})
        with browser.client.session_transaction() as cookie:
            kept = tuple(sorted(cookie))
        answers.add((up.status, up.location, back.status, back.location, kept))
        assert browser.get(back.location).status == HTTPStatus.OK

    assert len(answers) == 1
    assert len(letters()) == 4


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"email": "aigul"}, "email"),
        ({"email": "aigul@mail"}, "email"),
        ({"name": "12345"}, "name"),
        ({"name": ""}, "name"),
        ({"password": "short"}, "password"),
        ({"password": "passwordpassword"}, "password"),
        ({"name": "x" * 5000}, "name"),
    ],
)
def test_says_beside_the_field_what_is_wrong(visitor: Browser, values: dict[str, str], field: str) -> None:
    page = sign_up(visitor, **values)

    assert page.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert f'id="{field}-error"' in page.html
    assert 'class="error-summary"' in page.html


def test_a_field_that_nobody_knows_or_twice_ends_the_request(visitor: Browser) -> None:
    assert sign_up(visitor, role="administrator").status == HTTPStatus.BAD_REQUEST
    assert sign_up(visitor, email=[EMAIL, EMAIL]).status == HTTPStatus.BAD_REQUEST  # type: ignore[arg-type]
    assert sign_up(visitor, name="a\x00b").status == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize("path", ["confirm/x", "reset/x", "confirm/" + "x" * 500])
def test_a_dead_link_says_where_to_go_on(visitor: Browser, path: str) -> None:
    for page in (visitor.get(f"/kk/{path}"), visitor.post(f"/kk/{path}")):
        assert page.status == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "/kk/reset" in page.html


def test_a_new_password_by_letter(app: Flask, visitor: Browser, letters: Letters) -> None:
    with app.app_context(), unit_of_work() as session:
        make_person(session, "candidate", email=EMAIL)

    visitor.post("/kk/reset", {"email": EMAIL})
    link = path_in(letters()[0])
    assert visitor.get(link).status == HTTPStatus.OK
    assert visitor.post(link, {"password": "passwordpassword"}).status == HTTPStatus.UNPROCESSABLE_ENTITY
    done = visitor.post(link, {"password": NEW})

    assert done.location == "/kk/sign-in?done=reset"
    assert visitor.get(done.location).status == HTTPStatus.OK
    assert visitor.get(link).status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert visitor.post("/kk/sign-in", {"email": EMAIL, "password": NEW}).status == HTTPStatus.SEE_OTHER


def test_no_record_keeps_a_letters_token(app: Flask, visitor: Browser, letters: Letters) -> None:
    sign_up(visitor)
    link = path_in(letters()[0])
    visitor.post(link)

    with app.app_context():
        events = db.session().scalars(select(AuditEvent).order_by(AuditEvent.sequence)).all()
        assert [event.tag for event in events] == ["signed-up", "address-confirmed"]
        assert all(link.rpartition("/")[2] not in str(event.about) for event in events)
        assert events[1].actor_id is not None


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_links_in_letters_open_in_the_language_of_sign_up(
    visitor: Browser, letters: Letters, language: str
) -> None:
    sign_up(visitor, f"/{language}/sign-up")

    assert path_in(letters()[0]).startswith(f"/{language}/confirm/")
