from collections.abc import Callable
from http import HTTPStatus

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.core.access import PolicyBroken, Rule, init_app, problems
from app.core.database import db
from app.core.permissions import Permission
from tests.pages import Browser

SignIn = Callable[..., Browser]


def app_with(**methods: list[str]) -> Flask:
    app = Flask(__name__, static_folder=None)
    for name, allowed in methods.items():
        app.add_url_rule(f"/{name}", name, lambda: "", methods=allowed)
    return app


LOOK = {("paper", "GET"): Rule(None)}
SEAL = Rule(Permission.SITTING_WRITE, event="paper-sealed")


@pytest.mark.parametrize(
    ("policy", "found"),
    [
        ({}, ["no rule for GET paper", "no rule for POST paper"]),
        (LOOK | {("paper", "POST"): SEAL, ("x", "GET"): Rule(None)}, ["no route for GET x"]),
        (
            LOOK | {("paper", "POST"): Rule(Permission.SITTING_READ, event="paper-sealed")},
            ["POST paper writes with a permission to read"],
        ),
        (
            LOOK | {("paper", "POST"): Rule(Permission.SITTING_WRITE)},
            ["POST paper leaves no audit event"],
        ),
        (LOOK | {("paper", "POST"): SEAL}, []),
        (LOOK | {("paper", "POST"): Rule(None, keeps_nothing=True)}, []),
        (
            LOOK | {("paper", "POST"): Rule(None, event="paper-sealed", keeps_nothing=True)},
            ["POST paper keeps nothing, and yet asks who it is or leaves an event"],
        ),
        (
            LOOK | {("paper", "POST"): Rule(Permission.SITTING_WRITE, keeps_nothing=True)},
            ["POST paper keeps nothing, and yet asks who it is or leaves an event"],
        ),
    ],
)
def test_names_what_the_policy_lacks_or_says_wrongly(
    policy: dict[tuple[str, str], Rule], found: list[str]
) -> None:
    assert problems(app_with(paper=["GET", "POST"]), policy) == found


def test_an_application_without_a_rule_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LAX", raising=False)

    with pytest.raises(PolicyBroken, match="no rule for GET paper"):
        init_app(app_with(paper=["GET"]), {}, lambda **_: None)


def test_an_act_leaves_one_event_with_its_ids(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in("candidate")

    browser.post("/kk/account/profile", {"name": "Жаңа Есім", "language": "ru"})

    with app.app_context():
        event = db.session().scalars(select(AuditEvent)).one()
        assert (event.tag, event.actor_id, event.roles) == ("profile-changed", browser.person_id, "candidate")
        assert event.about == {"route": "accounts.change_profile"}
        assert len(event.request_id) == 12


def test_a_refused_act_leaves_no_event(app: Flask, sign_in: SignIn, visitor: Browser) -> None:
    sign_in("candidate").post("/kk/account/profile", {"name": "1", "language": "ru"})
    sign_in("candidate").post("/kk/papers/draw")
    visitor.post("/kk/account/profile")

    with app.app_context():
        assert db.session().scalars(select(AuditEvent)).all() == []


def test_reading_what_is_secret_leaves_an_event_as_a_writer(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in("author")

    assert browser.get("/kk/bank").status == HTTPStatus.OK
    assert browser.client.head("/kk/bank").status_code == HTTPStatus.OK

    with app.app_context():
        assert [event.tag for event in db.session().scalars(select(AuditEvent))] == ["bank-read", "bank-read"]


def test_a_public_page_knows_nobody_and_sets_no_cookie(sign_in: SignIn) -> None:
    browser = sign_in("candidate")

    page = browser.get("/kk/places")

    assert page.status == HTTPStatus.OK
    assert "Set-Cookie" not in page.response.headers
    assert "Cookie" not in page.response.headers.get("Vary", "")


def test_what_keeps_nothing_asks_for_no_token(app: Flask) -> None:
    client = app.test_client()

    echoed = client.post("/kk/rehearsal/echo", data="x", content_type="text/plain")

    assert echoed.status_code == HTTPStatus.OK
    assert client.post("/kk/sign-up", data={}).status_code == HTTPStatus.BAD_REQUEST


def test_a_visitor_who_acts_is_told_to_sign_in(visitor: Browser) -> None:
    assert visitor.post("/kk/sign-out").status == HTTPStatus.UNAUTHORIZED


def test_a_visitor_who_looks_comes_back_after_signing_in(visitor: Browser) -> None:
    assert (
        visitor.get("/en/record?tag=a&actor=1").location == "/en/sign-in?next=/en/record?tag%3Da%26actor%3D1"
    )
