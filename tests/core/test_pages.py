from collections.abc import Callable, Iterator
from http import HTTPStatus

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from app.core.database import db
from app.core.durability import NotDurable
from app.core.errors import Refused
from tests.pages import Browser

SignIn = Callable[..., Browser]
SECRET = "the inside of the house"


class Shut(Refused):
    message = "The door is shut."
    status = 409


@pytest.fixture
def break_page(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Exception], None]]:
    """Return a function that makes the page of sign-in raise an error."""

    def put(error: Exception) -> None:
        def view() -> str:
            raise error

        monkeypatch.setitem(app.view_functions, "accounts.sign_in", view)

    yield put
    with app.app_context():
        db.session.remove()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RuntimeError(SECRET), HTTPStatus.INTERNAL_SERVER_ERROR),
        (KeyError(SECRET), HTTPStatus.INTERNAL_SERVER_ERROR),
        (OperationalError(SECRET, {}, Exception(SECRET)), HTTPStatus.SERVICE_UNAVAILABLE),
        (NoConnectionFree(SECRET), HTTPStatus.SERVICE_UNAVAILABLE),
        (NotDurable(SECRET), HTTPStatus.SERVICE_UNAVAILABLE),
        (
            InterfaceError(SECRET, {}, Exception(SECRET), connection_invalidated=True),
            HTTPStatus.SERVICE_UNAVAILABLE,
        ),
        (InterfaceError(SECRET, {}, Exception(SECRET)), HTTPStatus.INTERNAL_SERVER_ERROR),
        (IntegrityError(SECRET, {}, Exception(SECRET)), HTTPStatus.CONFLICT),
        (DataError(SECRET, {}, Exception(SECRET)), HTTPStatus.BAD_REQUEST),
        (OverflowError(SECRET), HTTPStatus.BAD_REQUEST),
        (StatementError(SECRET, SECRET, {}, OverflowError(SECRET)), HTTPStatus.BAD_REQUEST),
        (StatementError(SECRET, SECRET, {}, ValueError(SECRET)), HTTPStatus.INTERNAL_SERVER_ERROR),
        (Shut(), HTTPStatus.CONFLICT),
    ],
)
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_an_error_is_a_plain_page_without_a_word_of_the_inside(
    visitor: Browser,
    break_page: Callable[[Exception], None],
    error: Exception,
    status: HTTPStatus,
    language: str,
) -> None:
    break_page(error)

    page = visitor.get(f"/{language}/sign-in")

    assert page.status == status
    assert SECRET not in page.html
    assert f'<html lang="{language}"' in page.html


def test_a_refusal_says_its_sentence(visitor: Browser, break_page: Callable[[Exception], None]) -> None:
    break_page(Shut())

    assert "The door is shut." in visitor.get("/en/sign-in").text


def test_a_broken_database_still_gives_a_page_to_the_signed_in(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = sign_in("candidate")

    def refuse(*_: object, **__: object) -> None:
        raise OperationalError(SECRET, {}, Exception(SECRET))

    monkeypatch.setattr("sqlalchemy.orm.Session.scalar", refuse)
    page = browser.get("/kk/account")

    assert page.status == HTTPStatus.SERVICE_UNAVAILABLE
    assert page.response.headers["Retry-After"] == "30"
    assert page.response.headers["Content-Security-Policy"]


def test_a_commit_that_fails_is_no_success(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = sign_in("candidate")

    def refuse(*_: object) -> None:
        raise OperationalError(SECRET, {}, Exception(SECRET))

    with monkeypatch.context() as broken:
        broken.setattr("sqlalchemy.orm.Session.commit", refuse)
        page = browser.post("/kk/account/profile", {"name": "Жаңа Есім", "language": "ru"})

    assert page.status == HTTPStatus.SERVICE_UNAVAILABLE
    assert "Жаңа Есім" not in browser.get("/kk/account").text


def test_machines_get_their_errors_as_json(visitor: Browser) -> None:
    answer = visitor.get("/en/nothing-here", headers={"Accept": "application/json"}).response

    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert answer.get_json()["error"] == HTTPStatus.NOT_FOUND
    assert answer.get_json()["message"]


def test_a_wrong_method_names_the_right_ones(visitor: Browser) -> None:
    answer = visitor.get("/kk/sign-out")

    assert answer.status == HTTPStatus.METHOD_NOT_ALLOWED
    assert "POST" in answer.response.headers["Allow"]


def test_a_body_that_is_too_large_is_refused(visitor: Browser) -> None:
    assert visitor.post("/kk/sign-in", {"email": "x" * 300_000}).status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def test_a_form_without_its_token_is_refused_with_words(visitor: Browser) -> None:
    answer = visitor.client.post("/en/sign-in", data={"email": "a@mail.example", "password": "x"})

    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "too old" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "path", ["/kk/sign-in?next=%00", "/kk/sign-in?a=1&a=%00", "/kk/people?search=%00", "/kk/record?tag=%00"]
)
def test_a_null_character_is_refused_everywhere(sign_in: SignIn, path: str) -> None:
    assert sign_in("auditor").get(path).status == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize(
    "path", ["/kk/%ff%fe", "/kk/" + "x" * 5000, "/%00", "/kk/../../etc/passwd", "/kk/people/%00"]
)
def test_odd_addresses_lead_to_nothing(visitor: Browser, path: str) -> None:
    assert visitor.get(path).status == HTTPStatus.NOT_FOUND


def test_health_and_readiness(app: Flask, visitor: Browser) -> None:
    assert visitor.get("/healthz").response.get_json() == {"status": "ok"}
    assert visitor.get("/readyz").response.get_json() == {"status": "ok", "durable": True}
    with app.app_context():
        assert db.session().execute(text("PRAGMA synchronous")).scalar_one() == 2
        db.session.remove()
