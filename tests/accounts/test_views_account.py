"""One's own account and second factor, as a browser sees them."""

import re
from collections.abc import Callable
from http import HTTPStatus
from uuid import uuid4

from flask import Flask
from sqlalchemy import event, select

from app.accounts import service
from app.accounts.models import LoginSession, Person
from app.core.database import db, unit_of_work
from tests.accounts.codes import code_at, give_authenticator
from tests.conftest import NOON, FrozenClock
from tests.factories import PASSWORD, make_person
from tests.pages import Browser

SignIn = Callable[..., Browser]
NEW = "four green apple trees"


def enter(app: Flask, *roles: str, authenticator: bool = False) -> Browser:
    """Return a browser that has given its password only."""
    with app.app_context(), unit_of_work() as session:
        person, _ = make_person(session, *roles)
        if authenticator:
            give_authenticator(session, person.id)
        browser = Browser(app, token=service.open_session(session, person, device="test", now=NOON))
        browser.person_id = person.id
    return browser


def key_on(html: str) -> str:
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", html)
    assert found is not None
    return found[1].replace(" ", "")


def test_profile_is_saved(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in("candidate")

    saved = browser.post("/kk/account/profile", {"name": "Жаңа Есім", "language": "ru"})
    wrong = browser.post("/kk/account/profile", {"name": "1", "language": "ru"})
    foreign = browser.post("/kk/account/profile", {"name": "Жаңа Есім", "language": "de"})

    assert saved.location == "/kk/account"
    assert wrong.status == foreign.status == HTTPStatus.UNPROCESSABLE_ENTITY
    with app.app_context():
        person = db.session().get_one(Person, browser.person_id)
        assert (person.name, person.language) == ("Жаңа Есім", "ru")


def test_password_is_changed_and_other_browsers_are_out(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in("candidate")
    with app.app_context(), unit_of_work() as session:
        person = session.get_one(Person, browser.person_id)
        other = Browser(app, token=service.open_session(session, person, device="other", now=NOON))

    wrong = browser.post("/kk/account/password", {"old": NEW, "new": NEW})
    weak = browser.post("/kk/account/password", {"old": PASSWORD, "new": "password"})
    right = browser.post("/kk/account/password", {"old": PASSWORD, "new": NEW})

    assert wrong.status == weak.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'id="old-error"' in wrong.html
    assert 'id="new-error"' in weak.html
    assert right.location == "/kk/account"
    assert browser.get("/kk/account").status == HTTPStatus.OK
    assert other.get("/kk/account").status == HTTPStatus.SEE_OTHER


def test_sessions_are_listed_and_ended(app: Flask, sign_in: SignIn) -> None:
    browser, stranger = sign_in("candidate"), sign_in("candidate")
    with app.app_context(), unit_of_work() as session:
        person = session.get_one(Person, browser.person_id)
        token = service.open_session(session, person, device="Opera, Android", now=NOON)
        other = Browser(app, token=token)
    found = re.search(r"/kk/account/sessions/([0-9a-f-]{36})/end", browser.get("/kk/account").html)
    assert found is not None

    foreign = stranger.post(f"/kk/account/sessions/{found[1]}/end")
    missing = browser.post(f"/kk/account/sessions/{uuid4()}/end")
    assert other.get("/kk/account").status == HTTPStatus.OK
    ended = browser.post(f"/kk/account/sessions/{found[1]}/end")

    assert foreign.status == missing.status == HTTPStatus.NOT_FOUND
    assert ended.location == "/kk/account"
    assert other.get("/kk/account").status == HTTPStatus.SEE_OTHER


def test_all_other_sessions_end_at_once(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in("candidate")
    with app.app_context(), unit_of_work() as session:
        person = session.get_one(Person, browser.person_id)
        for _ in range(3):
            service.open_session(session, person, device="", now=NOON)

    assert browser.post("/kk/account/sessions/end-others").location == "/kk/account"

    with app.app_context():
        left = db.session().scalars(select(LoginSession).where(LoginSession.ended_at.is_(None))).all()
        assert len(left) == 1
    assert browser.get("/kk/account").status == HTTPStatus.OK


def test_the_page_asks_no_more_of_the_database_when_there_are_more_sessions(
    app: Flask, sign_in: SignIn
) -> None:
    browser = sign_in("candidate")
    few = _queries(app, browser, "/kk/account")
    with app.app_context(), unit_of_work() as session:
        person = session.get_one(Person, browser.person_id)
        for _ in range(20):
            service.open_session(session, person, device="", now=NOON)

    assert _queries(app, browser, "/kk/account") == few


def _queries(app: Flask, browser: Browser, address: str) -> int:
    count = 0

    def add(*_: object) -> None:
        nonlocal count
        count += 1

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", add)
    assert browser.get(address).status == HTTPStatus.OK
    event.remove(engine, "before_cursor_execute", add)
    return count


def test_staff_set_their_second_factor_up_at_the_first_sign_in(app: Flask, clock: FrozenClock) -> None:
    browser = enter(app, "auditor")

    assert (
        browser.get("/kk/second-factor?next=/kk/record").location
        == "/kk/second-factor/set-up?next=/kk/record"
    )
    page = browser.get("/kk/second-factor/set-up?next=/kk/record")
    wrong = browser.post("/kk/second-factor/set-up", {"code": "000000"})
    done = browser.post(
        "/kk/second-factor/set-up?next=/kk/record", {"code": code_at(clock.now, key_on(page.html))}
    )

    assert 'class="qr"' in page.html
    assert wrong.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert done.status == HTTPStatus.OK
    assert len(re.findall(r"<code>([a-z2-7]{4} ){3}[a-z2-7]{4}</code>", done.html)) == 8
    assert 'href="/kk/record"' in done.html
    assert browser.get("/kk/record").status == HTTPStatus.OK
    assert browser.get("/kk/second-factor/set-up").location == "/kk/account"


def test_the_page_with_the_key_changes_nothing(app: Flask) -> None:
    browser = enter(app, "auditor")

    keys = {key_on(browser.get("/kk/second-factor/set-up").html) for _ in range(2)}

    assert len(keys) == 1
    with app.app_context():
        assert db.session().get_one(Person, browser.person_id).totp_secret is None


def test_a_wrong_code_is_refused_with_words(app: Flask) -> None:
    browser = enter(app, "auditor", authenticator=True)

    page = browser.post("/kk/second-factor", {"code": "000000"})

    assert page.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert browser.get("/kk/second-factor/set-up").location == "/kk/second-factor"


def test_a_candidate_sets_up_and_removes_a_factor(sign_in: SignIn, clock: FrozenClock) -> None:
    browser = sign_in("candidate")
    key = key_on(browser.get("/kk/second-factor/set-up").html)
    browser.post("/kk/second-factor/set-up", {"code": code_at(clock.now, key)})

    assert "/kk/second-factor/remove" in browser.get("/kk/account").html
    assert browser.post("/kk/second-factor/remove").location == "/kk/account"

    assert "/kk/second-factor/set-up" in browser.get("/kk/account").html


def test_staff_cannot_remove_theirs(sign_in: SignIn) -> None:
    browser = sign_in("auditor")

    assert browser.post("/kk/second-factor/remove").status == HTTPStatus.CONFLICT
