from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Person
from app.audit.models import AuditEvent
from app.core import jobs
from app.core.database import db, unit_of_work
from tests.accounts.codes import give_authenticator
from tests.factories import PASSWORD, make_person

ARGUMENTS = ["accounts", "create-admin", "--email", "admin@mail.example", "--name", "Басқарушы Біреу"]


def test_creates_an_administrator_from_arguments(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=[*ARGUMENTS, "--password-stdin"], input=f"{PASSWORD}\n")

    assert result.exit_code == 0, result.output
    assert "authenticator" in result.output
    with app.app_context():
        person = db.session().scalars(select(Person)).one()
        assert person.email == "admin@mail.example"
        assert person.roles == {"administrator"}
        assert person.confirmed_at is not None
        event = db.session().scalars(select(AuditEvent)).one()
        assert (event.tag, event.about) == ("administrator-created", {"person_id": str(person.public_id)})


def test_asks_for_what_is_missing(app: Flask) -> None:
    answers = f"admin@mail.example\nБасқарушы Біреу\n{PASSWORD}\n{PASSWORD}\n"

    result = app.test_cli_runner().invoke(args=["accounts", "create-admin"], input=answers)

    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output


@pytest.mark.parametrize(
    ("password", "says"), [("short", "15 to 200"), ("password1234567", "too easy"), ("", "15 to 200")]
)
def test_refuses_a_weak_password(app: Flask, password: str, says: str) -> None:
    result = app.test_cli_runner().invoke(args=[*ARGUMENTS, "--password-stdin"], input=f"{password}\n")

    assert result.exit_code == 1
    assert says in result.output
    with app.app_context():
        assert db.session().scalars(select(Person)).all() == []


def test_refuses_an_address_that_has_an_account(app: Flask) -> None:
    runner = app.test_cli_runner()
    runner.invoke(args=[*ARGUMENTS, "--password-stdin"], input=f"{PASSWORD}\n")

    result = runner.invoke(args=[*ARGUMENTS, "--password-stdin"], input=f"{PASSWORD}\n")

    assert result.exit_code == 1
    assert "already" in result.output


def test_removes_a_lost_factor_and_tells_the_person(app: Flask, letters: Callable[[], list[str]]) -> None:
    with app.app_context(), unit_of_work() as session:
        person, _ = make_person(session, "examiner", email="marat@mail.example")
        give_authenticator(session, person.id)

    result = app.test_cli_runner().invoke(args=["accounts", "remove-factor", "--email", "marat@mail.example"])
    unknown = app.test_cli_runner().invoke(args=["accounts", "remove-factor", "--email", "x@mail.example"])

    assert result.exit_code == 0, result.output
    assert unknown.exit_code == 1
    with app.app_context():
        assert db.session().scalars(select(Person.totp_confirmed_at)).one() is None
        jobs.drain()
    assert len(letters()) == 1
