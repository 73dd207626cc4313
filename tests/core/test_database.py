from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Person, RoleGrant
from app.core.database import UtcDateTime, after_commit, db, unit_of_work
from tests.conftest import NOON
from tests.factories import make_person
from tests.pages import Browser

TYPE, DIALECT = UtcDateTime(), sqlite.dialect()


def test_moments_go_in_and_come_out_in_utc() -> None:
    local = datetime(2026, 12, 1, 12, tzinfo=timezone(timedelta(hours=5)))

    assert TYPE.process_bind_param(local, DIALECT) == datetime(2026, 12, 1, 7, tzinfo=UTC)
    assert TYPE.process_result_value(datetime(2026, 12, 1, 7), DIALECT) == NOON
    assert TYPE.process_result_value(local, DIALECT) == NOON
    assert TYPE.process_bind_param(None, DIALECT) is TYPE.process_result_value(None, DIALECT) is None


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        TYPE.process_bind_param(datetime(2026, 12, 1), DIALECT)


def test_a_unit_of_work_is_kept_whole_or_not_at_all(app: Flask) -> None:
    def fail() -> None:
        with unit_of_work() as session:
            make_person(session, "candidate")
            raise LookupError

    with app.app_context():
        with pytest.raises(LookupError):
            fail()
        assert db.session().scalars(select(Person)).all() == []
        db.session.remove()


def test_rows_have_their_parents(app: Flask) -> None:
    def orphan() -> None:
        with unit_of_work() as session:
            session.add(RoleGrant(person_id=1, role="author", granted_at=NOON))

    with app.app_context():
        with pytest.raises(IntegrityError):
            orphan()
        db.session.remove()


def test_the_file_survives_a_crash_and_lets_readers_read(app: Flask) -> None:
    with app.app_context():
        asked = {
            name: db.session().execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "busy_timeout")
        }
        db.session.remove()

    assert asked == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1,
        "busy_timeout": 10000,
    }  # fmt: skip


def test_what_follows_the_commit_never_turns_a_done_act_into_an_error(
    app: Flask, sign_in: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = sign_in("candidate")
    view = app.view_functions["accounts.change_profile"]

    def fail() -> None:
        raise LookupError

    def view_that_asks() -> object:
        after_commit(fail)
        return view()

    monkeypatch.setitem(app.view_functions, "accounts.change_profile", view_that_asks)
    answer = browser.post("/kk/account/profile", {"name": "Жаңа Есім", "language": "ru"})

    assert answer.location == "/kk/account"
    with app.app_context():
        assert db.session().get_one(Person, browser.person_id).name == "Жаңа Есім"
        db.session.remove()
