from collections.abc import Callable
from http import HTTPStatus

import pytest
from flask import Flask
from sqlalchemy import event

from app.audit import service
from app.core.database import db, unit_of_work
from app.core.permissions import VISITOR, Actor
from tests.conftest import NOON
from tests.pages import Browser

SignIn = Callable[..., Browser]


def add(app: Flask, count: int, *, tag: str = "act-done") -> None:
    with app.app_context(), unit_of_work() as session:
        for number in range(count):
            actor = Actor(id=7, roles=frozenset({"organiser"})) if number % 2 else VISITOR
            service.record(
                session, tag=tag, actor=actor, about={"number": f"n{number}"}, now=NOON, refused=number == 3
            )


def test_an_auditor_reads_the_record(app: Flask, sign_in: SignIn) -> None:
    add(app, 4)

    page = sign_in("auditor").get("/en/record")

    assert page.status == HTTPStatus.OK
    assert "act-done" in page.text
    assert "number n3" in page.text
    assert "Organiser" in page.text


def test_an_empty_record_says_so(sign_in: SignIn) -> None:
    assert sign_in("auditor").get("/kk/record").status == HTTPStatus.OK


def test_leafs_back_and_keeps_the_filters(app: Flask, sign_in: SignIn) -> None:
    add(app, 60)
    add(app, 60, tag="other-done")
    browser = sign_in("auditor")

    first = browser.get("/en/record?tag=act-done")
    second = browser.get("/en/record?tag=act-done&before=11")

    assert "/en/record?tag=act-done&amp;before=11" in first.html
    assert "other-done</code>" not in first.html
    assert "number n9" in second.text
    assert "number n10" not in second.text
    assert "before=" not in second.html.split("pager")[-1]
    assert '/en/record?tag=act-done"' in second.html


@pytest.mark.parametrize(
    "query",
    [
        "tag=" + "x" * 1000, "actor=x", "actor=-1", "actor=99999999999999999999", "since=x",
        "until=2026-13-41",
        "since=9999-12-31&until=9999-12-31", "before=x", "before=-1",
        "before=99999999999999999999999", "refused=x",
        "tag=a&tag=b", "since=0001-01-01&until=0001-01-01", "endpoint=x&_external=1",
    ],
)  # fmt: skip
def test_odd_filters_are_answered_plainly(sign_in: SignIn, query: str) -> None:
    assert sign_in("auditor").get(f"/kk/record?{query}").status == HTTPStatus.OK


def test_only_auditors_read_it(sign_in: SignIn, visitor: Browser) -> None:
    assert sign_in("administrator").get("/kk/record").status == HTTPStatus.FORBIDDEN
    assert sign_in("organiser").get("/kk/record").status == HTTPStatus.FORBIDDEN
    assert visitor.get("/kk/record").status == HTTPStatus.SEE_OTHER


def test_the_page_asks_no_more_of_the_database_when_there_are_more_events(
    app: Flask, sign_in: SignIn
) -> None:
    browser = sign_in("auditor")

    def queries() -> int:
        count = 0

        def add_one(*_: object) -> None:
            nonlocal count
            count += 1

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", add_one)
        browser.get("/kk/record")
        event.remove(engine, "before_cursor_execute", add_one)
        return count

    few = queries()
    add(app, 40)

    assert queries() == few
