"""Accounts raced on PostgreSQL."""

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import service
from app.accounts.models import Person, RoleGrant
from app.accounts.throttle import Visit
from app.core.database import db
from tests.conftest import NOON
from tests.factories import PASSWORD
from tests.postgresql.racing import race

pytestmark = pytest.mark.postgresql
SIGN_UPS = 8


def sign_up(session: Session) -> str:
    return service.sign_up(
        session,
        Visit(NOON, source="203.0.113.7"),
        email="aigul@mail.example",
        name="Мысалова Айгүл",
        language="kk",
        password=PASSWORD,
        role="candidate",
    )


def test_many_sign_ups_of_one_address_at_once_make_one_account(app: Flask) -> None:
    outcomes = race(app, [sign_up] * SIGN_UPS)

    assert [outcome for outcome in outcomes if not isinstance(outcome, str)] == []
    with app.app_context():
        counts = [db.session.scalar(select(func.count()).select_from(table)) for table in (Person, RoleGrant)]
        db.session.remove()
    assert counts == [1, 1]
