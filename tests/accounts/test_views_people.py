"""People and their roles, as administrators and auditors see them."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import event, select

from app.accounts.models import Person
from app.audit.models import AuditEvent
from app.core.database import db, unit_of_work
from tests.factories import make_person
from tests.pages import Browser

SignIn = Callable[..., Browser]


def somebody(app: Flask, *roles: str, email: str = "marat@mail.example") -> UUID:
    with app.app_context(), unit_of_work() as session:
        return make_person(session, *roles, email=email, name="Маратов Марат")[0].public_id


def roles_of(app: Flask, public_id: UUID) -> frozenset[str]:
    with app.app_context():
        return db.session().scalars(select(Person).where(Person.public_id == public_id)).one().roles


def test_lists_people_and_finds_them(app: Flask, sign_in: SignIn) -> None:
    public_id, browser = somebody(app, "examiner"), sign_in("administrator")

    everybody = browser.get("/en/people")
    found = browser.get("/en/people?search=marat&role=examiner")
    nobody = browser.get("/en/people?search=nobody")

    assert "Маратов Марат" in everybody.text
    assert browser.email in everybody.text
    assert f"/en/people/{public_id}" in found.html
    assert browser.email not in found.text
    assert "Маратов" not in nobody.text


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-5", "page=99999999999999999999", "page=x", "role=x", "search=%25&x=1", "role=a&role=b"],
)
def test_odd_addresses_are_answered_plainly(sign_in: SignIn, query: str) -> None:
    assert sign_in("administrator").get(f"/kk/people?{query}").status == HTTPStatus.OK


def test_leafs_through_many_people(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in("administrator", email="a@mail.example")
    with app.app_context(), unit_of_work() as session:
        for number in range(55):
            make_person(session, email=f"p{number:02}@mail.example")

    first = browser.get("/kk/people")
    second = browser.get("/kk/people?page=2")

    assert "/kk/people?page=2" in first.html
    assert "p48@" in first.text
    assert "p49@" not in first.text
    assert "p49@" in second.text
    assert "/kk/people?page=1" in second.html
    assert "page=3" not in second.html


def test_the_list_asks_no_more_of_the_database_when_there_are_more_people(
    app: Flask, sign_in: SignIn
) -> None:
    browser = sign_in("administrator")

    def queries() -> int:
        count = 0

        def add(*_: object) -> None:
            nonlocal count
            count += 1

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", add)
        browser.get("/kk/people")
        event.remove(engine, "before_cursor_execute", add)
        return count

    few = queries()
    with app.app_context(), unit_of_work() as session:
        for _ in range(30):
            make_person(session, "candidate")

    assert queries() == few


def test_gives_and_takes_a_role(app: Flask, sign_in: SignIn, letters: Callable[[], list[str]]) -> None:
    public_id, browser = somebody(app), sign_in("administrator")
    page = f"/kk/people/{public_id}"

    assert browser.get(page).status == HTTPStatus.OK
    assert browser.post(f"{page}/roles/grant", {"role": "examiner"}).location == page
    assert roles_of(app, public_id) == {"examiner"}
    assert browser.get(page).status == HTTPStatus.OK
    assert browser.post(f"{page}/roles/take", {"role": "examiner"}).location == page
    assert roles_of(app, public_id) == frozenset()

    with app.app_context():
        events = db.session().scalars(select(AuditEvent).order_by(AuditEvent.sequence)).all()
        assert [(e.tag, e.about["role"], e.about["person_id"]) for e in events] == [
            ("role-granted", "examiner", str(public_id)),
            ("role-taken", "examiner", str(public_id)),
        ]
        assert {e.actor_id for e in events} == {browser.person_id}
    assert len(letters()) == 2


def test_roles_that_check_each_other_are_neither_offered_nor_given(app: Flask, sign_in: SignIn) -> None:
    public_id, browser = somebody(app, "examiner"), sign_in("administrator")

    page = browser.get(f"/kk/people/{public_id}")
    answer = browser.post(f"/kk/people/{public_id}/roles/grant", {"role": "organiser"})

    assert 'value="organiser"' not in page.html
    assert answer.status == HTTPStatus.CONFLICT
    assert roles_of(app, public_id) == {"examiner"}


@pytest.mark.parametrize("role", ["tsar", "", "x" * 5000])
def test_refuses_roles_that_nobody_knows(app: Flask, sign_in: SignIn, role: str) -> None:
    public_id, browser = somebody(app), sign_in("administrator")

    for act in ("grant", "take"):
        answer = browser.post(f"/kk/people/{public_id}/roles/{act}", {"role": role})
        assert answer.status == HTTPStatus.UNPROCESSABLE_ENTITY


def test_shuts_and_opens_an_account(app: Flask, sign_in: SignIn) -> None:
    public_id, browser = somebody(app), sign_in("administrator")
    page = f"/kk/people/{public_id}"

    for act in ("disable", "enable"):
        assert browser.post(f"{page}/{act}").location == page
        assert browser.get(page).status == HTTPStatus.OK


def test_administrators_do_not_change_themselves(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in("administrator")
    with app.app_context():
        own = db.session().get_one(Person, browser.person_id).public_id

    page = browser.get(f"/kk/people/{own}")

    assert "/disable" not in page.html
    for act, values in (
        ("disable", {}),
        ("roles/take", {"role": "administrator"}),
        ("roles/grant", {"role": "author"}),
    ):
        assert browser.post(f"/kk/people/{own}/{act}", values).status == HTTPStatus.CONFLICT
    assert roles_of(app, own) == {"administrator"}


def test_an_auditor_looks_but_changes_nothing(app: Flask, sign_in: SignIn) -> None:
    public_id, browser = somebody(app), sign_in("auditor")

    page = browser.get(f"/kk/people/{public_id}")

    assert page.status == HTTPStatus.OK
    assert "/roles/grant" not in page.html
    assert browser.post(f"/kk/people/{public_id}/disable").status == HTTPStatus.FORBIDDEN


def test_a_person_who_is_not_there_is_not_found(sign_in: SignIn) -> None:
    browser = sign_in("administrator")

    assert browser.get(f"/kk/people/{uuid4()}").status == HTTPStatus.NOT_FOUND
    assert browser.get("/kk/people/1").status == HTTPStatus.NOT_FOUND
    assert browser.post(f"/kk/people/{uuid4()}/disable").status == HTTPStatus.NOT_FOUND
