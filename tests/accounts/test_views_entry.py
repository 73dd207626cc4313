"""Coming in and going out, as a browser sees it."""

from collections.abc import Callable
from http import HTTPStatus

import pytest
from flask import Flask, url_for
from sqlalchemy import func, select

from app.accounts.models import CredentialTry, LoginSession
from app.audit.models import AuditEvent
from app.core.database import db, unit_of_work
from tests.accounts.codes import code_at, give_authenticator
from tests.conftest import FrozenClock
from tests.factories import PASSWORD, make_person
from tests.pages import Browser, Page

SignIn = Callable[..., Browser]
EMAIL = "aigul@mail.example"


def person(app: Flask, *roles: str, authenticator: bool = False, email: str = EMAIL) -> None:
    with app.app_context(), unit_of_work() as session:
        made, _ = make_person(session, *roles, email=email)
        if authenticator:
            give_authenticator(session, made.id)


def come(browser: Browser, address: str = "/kk/sign-in", **values: str) -> Page:
    return browser.post(address, {"email": EMAIL, "password": PASSWORD} | values)


def address(app: Flask, endpoint: str) -> str:
    with app.test_request_context("/kk/"):
        return url_for(endpoint)


@pytest.mark.parametrize(
    ("role", "first"), [("candidate", "candidacy.home"), ("team-member", "training.course")]
)
def test_a_person_begins_at_their_first_section(app: Flask, visitor: Browser, role: str, first: str) -> None:
    person(app, role)

    answer = come(visitor)

    assert answer.status == HTTPStatus.SEE_OTHER
    assert answer.location == address(app, first)
    assert visitor.get("/kk/account").status == HTTPStatus.OK


def test_a_person_goes_on_to_the_page_they_wanted(app: Flask, visitor: Browser) -> None:
    person(app, "candidate")

    sent_away = visitor.get("/ru/account?x=1")

    assert sent_away.status == HTTPStatus.SEE_OTHER
    assert sent_away.location == "/ru/sign-in?next=/ru/account?x%3D1"
    assert visitor.get(sent_away.location).status == HTTPStatus.OK
    assert come(visitor, sent_away.location).location == "/ru/account?x=1"


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/%5Cevil.example", "/%09/evil.example"]
)
def test_nobody_is_led_to_another_site(app: Flask, visitor: Browser, target: str) -> None:
    person(app, "candidate")

    page = visitor.get(f"/kk/sign-in?next={target}")
    answer = come(visitor, f"/kk/sign-in?next={target}")

    assert "evil" not in page.html.split("<main")[1]
    assert answer.location == address(app, "candidacy.home")


def test_staff_give_their_second_factor_before_anything_else(
    app: Flask, visitor: Browser, clock: FrozenClock
) -> None:
    person(app, "auditor", authenticator=True)

    assert come(visitor, "/kk/sign-in?next=/kk/record").location == "/kk/second-factor?next=/kk/record"
    assert visitor.get("/kk/record").location == "/kk/second-factor"
    assert visitor.get("/kk/account").location == "/kk/second-factor"
    assert visitor.get("/kk/second-factor?next=/kk/record").status == HTTPStatus.OK
    answer = visitor.post("/kk/second-factor?next=/kk/record", {"code": code_at(clock.now)})

    assert answer.location == "/kk/record"
    assert visitor.get("/kk/record").status == HTTPStatus.OK


def test_the_session_of_staff_ends_with_the_browser_and_is_strict(app: Flask, visitor: Browser) -> None:
    person(app, "auditor", authenticator=True)

    (cookie,) = [c for c in come(visitor).response.headers.getlist("Set-Cookie") if c.startswith("school=")]

    assert "Expires" not in cookie
    assert "SameSite=Strict" in cookie
    assert "HttpOnly" in cookie


def test_the_session_of_a_candidate_stays(app: Flask, visitor: Browser) -> None:
    person(app, "candidate")

    (cookie,) = [c for c in come(visitor).response.headers.getlist("Set-Cookie") if c.startswith("school=")]

    assert "Expires" in cookie
    assert "SameSite=Lax" in cookie


def test_what_the_browser_held_before_is_gone_after_signing_in(app: Flask, visitor: Browser) -> None:
    person(app, "candidate")
    with visitor.client.session_transaction() as cookie:
        cookie["planted"] = "by a stranger"

    come(visitor)

    with visitor.client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert "csrf_token" not in cookie


def test_unknown_wrong_unconfirmed_and_disabled_get_the_same_answer(app: Flask) -> None:
    person(app, "candidate")
    with app.app_context(), unit_of_work() as session:
        make_person(session, "examiner", email="staff@mail.example")
        unconfirmed, _ = make_person(session, email="unconfirmed@mail.example")
        unconfirmed.confirmed_at = None
        disabled, _ = make_person(session, email="disabled@mail.example")
        disabled.disabled_at = disabled.created_at
    answers = set()

    for email, password in [
        (EMAIL, "wrong wrong wrong"),
        ("staff@mail.example", "wrong wrong wrong"),
        ("unconfirmed@mail.example", PASSWORD),
        ("disabled@mail.example", PASSWORD),
        ("nobody@mail.example", PASSWORD),
    ]:
        page = come(Browser(app), email=email, password=password)
        words = page.html.replace(email, "")
        names = tuple(sorted(cookie.split("=")[0] for cookie in page.response.headers.getlist("Set-Cookie")))
        answers.add((page.status, _without_numbers(words), names))

    assert len(answers) == 1
    assert next(iter(answers))[0] == HTTPStatus.UNPROCESSABLE_ENTITY


def _without_numbers(html: str) -> str:
    """Leave out the token of the form, which differs every time."""
    before, _, rest = html.partition('name="csrf_token" value="')
    return before + rest.partition('"')[2]


def test_a_wrong_password_is_counted_and_recorded_although_it_is_refused(
    app: Flask, visitor: Browser
) -> None:
    person(app, "candidate")

    come(visitor, password="wrong wrong wrong")

    with app.app_context():
        session = db.session()
        assert session.scalar(select(func.count()).select_from(CredentialTry)) == 2
        event = session.scalars(select(AuditEvent)).one()
        assert (event.tag, event.refused, event.actor_id) == ("signed-in", True, None)
        assert EMAIL not in str(event.about)
        assert session.scalar(select(func.count()).select_from(LoginSession)) == 0


def test_too_many_wrong_passwords_pause_with_words(app: Flask, visitor: Browser) -> None:
    person(app, "candidate")
    for _ in range(10):
        come(visitor, password="wrong wrong wrong")

    answer = come(visitor)

    assert answer.status == HTTPStatus.TOO_MANY_REQUESTS
    assert answer.response.headers["Retry-After"]


@pytest.mark.parametrize(
    "values",
    [{"email": "", "password": ""}, {"email": "aigul"}, {"email": "a" * 2000}, {"password": "x" * 2000}],
)
def test_a_form_that_cannot_be_right_is_shown_again(visitor: Browser, values: dict[str, str]) -> None:
    assert come(visitor, **values).status == HTTPStatus.UNPROCESSABLE_ENTITY


def test_who_is_in_already_goes_on(sign_in: SignIn) -> None:
    browser = sign_in("auditor")

    assert browser.get("/kk/sign-in?next=/kk/account").location == "/kk/account"


def test_signing_in_as_another_ends_the_earlier_session(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in("candidate")
    person(app, "candidate")

    come(browser)

    with app.app_context():
        ended = db.session().scalars(select(LoginSession.ended_at).order_by(LoginSession.id)).all()
        assert [moment is not None for moment in ended] == [True, False]


def test_signing_out_ends_the_session_and_clears_the_browser(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in("candidate")

    answer = browser.post("/kk/sign-out")

    assert answer.location == "/kk/sign-in?done=out"
    assert answer.response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert browser.get("/kk/account").location.startswith("/kk/sign-in")
    assert browser.get(answer.location).status == HTTPStatus.OK
    with app.app_context():
        assert db.session().scalars(select(LoginSession.ended_at)).one() is not None


def test_a_copied_cookie_is_worth_nothing_after_signing_out(app: Flask, sign_in: SignIn) -> None:
    browser, thief = sign_in("candidate"), Browser(app)
    thief.client.set_cookie("school", browser.client.get_cookie("school").value)  # type: ignore[union-attr]
    assert thief.get("/kk/account").status == HTTPStatus.OK

    browser.post("/kk/sign-out")

    assert thief.get("/kk/account").status == HTTPStatus.SEE_OTHER


def test_signing_out_needs_the_token_of_the_form(sign_in: SignIn) -> None:
    browser = sign_in("candidate")

    assert browser.client.post("/kk/sign-out").status_code == HTTPStatus.BAD_REQUEST
    assert browser.get("/kk/account").status == HTTPStatus.OK


def test_the_password_is_given_again_and_leads_back(sign_in: SignIn) -> None:
    browser = sign_in("candidate")

    assert browser.get("/kk/reauthenticate?next=/kk/account").status == HTTPStatus.OK
    wrong = browser.post("/kk/reauthenticate?next=/kk/account", {"password": "wrong wrong wrong"})
    right = browser.post("/kk/reauthenticate?next=/kk/account", {"password": PASSWORD})

    assert wrong.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert right.location == "/kk/account"
    assert browser.get("/kk/account").status == HTTPStatus.OK


def test_an_act_that_needs_the_password_asks_for_it_and_changes_nothing(
    app: Flask, sign_in: SignIn, clock: FrozenClock
) -> None:
    browser = sign_in("candidate")
    clock.pass_by(minutes=6)

    looked = browser.get("/en/second-factor/set-up")
    pressed = browser.post("/en/second-factor/remove", headers={"Referer": "http://localhost/en/account"})

    assert looked.status == pressed.status == HTTPStatus.FORBIDDEN
    assert "/en/reauthenticate?next=/en/second-factor/set-up" in looked.html
    assert "/en/reauthenticate?next=/en/account" in pressed.html
    with app.app_context():
        assert db.session().scalars(select(AuditEvent)).all() == []
