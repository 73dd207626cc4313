"""The chained record under parallel writers, and in the hands of somebody who owns the database."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from app.audit import service
from app.core import clock
from app.core.database import db, unit_of_work
from app.core.permissions import Actor
from tests.postgresql.racing import counted, race

pytestmark = pytest.mark.postgresql
WRITERS, EACH = 12, 10
WORDS_MAY_LEAVE = ("item_versions", "stimulus_versions")
ONLY_ADDED = ("audit_events", "answer_events", "item_versions", "stimulus_versions", "blueprint_versions")


def write(session: Session, count: int = EACH) -> None:
    for number in range(count):
        service.record(
            session, tag="paper-sealed", actor=Actor(number), about={"paper": f"{number}"}, now=clock.now()
        )


def one(session: Session) -> None:
    write(session, 1)


@pytest.fixture
def work(app: Flask) -> Callable[..., object]:
    """Return a function: work(act) does `act(session)` in a transaction of its own."""

    def do(act: Callable[[Session], object]) -> object:
        with app.app_context():
            try:
                with unit_of_work() as session:
                    return act(session)
            finally:
                db.session.remove()

    return do


def test_parallel_writers_make_one_whole_chain(app: Flask, work: Callable[..., object]) -> None:
    acts = [one, write] * (WRITERS // 2)

    assert counted(race(app, acts)) == {None: WRITERS}
    assert work(service.first_fault) is None
    assert work(lambda session: service.newest_link(session).sequence) == WRITERS // 2 * (EACH + 1)


def test_the_chain_is_whole_to_whoever_checks_while_others_write(app: Flask) -> None:
    outcomes = race(app, [write, service.first_fault] * (WRITERS // 2))

    assert counted(outcomes) == {None: WRITERS}


@pytest.mark.parametrize(
    ("tampering", "fault"),
    [
        ("UPDATE audit_events SET tag = 'role-granted' WHERE sequence = 4", "event 4 was changed"),
        ("UPDATE audit_events SET about = '{}' WHERE sequence = 4", "event 4 was changed"),
        (
            "UPDATE audit_events SET at = at + interval '1 microsecond' WHERE sequence = 4",
            "event 4 was changed",
        ),
        ("DELETE FROM audit_events WHERE sequence = 4", "event 4 is missing: 5 follows"),
        ("DELETE FROM audit_events WHERE sequence = 10", "the head names event 10, the last one kept is 9"),
        (
            "UPDATE audit_events SET sequence = 9 - sequence WHERE sequence IN (4, 5)",
            "event 4 does not follow event 3",
        ),
    ],
)
def test_names_the_first_row_that_somebody_touched(
    work: Callable[..., object], tampering: str, fault: str
) -> None:
    def tamper(session: Session) -> None:
        # Whoever owns the database can put the triggers to rest.
        session.execute(text("SET LOCAL session_replication_role = replica"))
        for step in _one_by_one(tampering):
            session.execute(text(step))

    work(write)
    assert work(service.first_fault) is None
    work(tamper)

    assert work(service.first_fault) == fault


def _one_by_one(tampering: str) -> list[str]:
    if "9 - sequence" not in tampering:
        return [tampering]
    # Two rows cannot stand under one number even for a moment.
    change = "UPDATE audit_events SET sequence = {} WHERE sequence = {}"
    return [change.format(new, old) for new, old in ((99, 4), (4, 5), (5, 99))]


@pytest.mark.parametrize(
    ("table", "act"),
    [
        (table, act)
        for table in ONLY_ADDED
        for act in ("UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE")
        # Words may leave a version of the bank, row by row, and nothing else may change: the vault's tests hold that.
        if not (table in WORDS_MAY_LEAVE and act.startswith("UPDATE"))
    ],
)
def test_the_database_itself_refuses_to_change_what_is_only_added(
    work: Callable[..., object], table: str, act: str
) -> None:
    column = "hash" if table == "audit_events" else "id"

    def try_it(session: Session) -> None:
        session.execute(text(act.format(table, column, column)))

    with pytest.raises(ProgrammingError, match="rows are only added"):
        work(try_it)
