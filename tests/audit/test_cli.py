from flask import Flask
from sqlalchemy import text

from app.audit import service
from app.core.database import unit_of_work
from app.core.permissions import VISITOR
from tests.audit.test_service import unlock
from tests.conftest import NOON


def add(app: Flask) -> None:
    with app.app_context(), unit_of_work() as session:
        for tag in ("a", "b", "c"):
            service.record(session, tag=tag, actor=VISITOR, about={}, now=NOON)


def test_says_that_the_record_is_whole(app: Flask) -> None:
    add(app)

    result = app.test_cli_runner().invoke(args=["audit", "verify"])

    assert result.exit_code == 0
    assert result.output.startswith("The record is whole: 3 events")


def test_ends_with_a_fault_and_a_sentence_when_an_event_is_gone(app: Flask) -> None:
    add(app)
    with app.app_context(), unit_of_work() as session:
        unlock(session)
        session.execute(text("DELETE FROM audit_events WHERE sequence = 2"))

    result = app.test_cli_runner().invoke(args=["audit", "verify"])

    assert result.exit_code == 1
    assert "The record is broken: event 2 is missing: 3 follows." in result.output
