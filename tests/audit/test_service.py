from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import Executable, delete, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app.audit import service
from app.audit.models import AuditEvent, AuditHead
from app.audit.narrowing import Filter
from app.core.database import db, unit_of_work
from app.core.permissions import VISITOR, Actor
from tests.conftest import NOON

ORGANISER = Actor(id=7, roles=frozenset({"organiser", "adjudicator"}))


# What each engine offers besides, to make a row go away.
ANOTHER_WAY = {
    "sqlite": "INSERT OR REPLACE INTO audit_events SELECT * FROM audit_events WHERE sequence = 1",
    "postgresql": "TRUNCATE audit_events",
}


def add(session: Session, count: int = 3) -> None:
    for number in range(1, count + 1):
        service.record(session, tag=f"act-{number}", actor=ORGANISER, about={"id": "1"}, now=NOON)


def unlock(session: Session) -> None:
    """Take the guard away, as whoever owns the database can."""
    if session.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            session.execute(text(f"DROP TRIGGER audit_events_no_{act}"))
    else:
        session.execute(text("DROP TRIGGER audit_events_only_added ON audit_events"))


def test_the_first_event_stands_on_nothing(session: Session) -> None:
    event = service.record(
        session, tag="paper-sealed", actor=ORGANISER, about={"paper_id": "x"}, now=NOON, request_id="r"
    )

    assert (event.sequence, event.previous_hash) == (1, "0" * 64)
    assert (event.roles, event.actor_id, event.refused) == ("adjudicator,organiser", 7, False)
    assert service.newest_link(session).hash == event.hash


def test_each_event_holds_the_hash_of_the_one_before(session: Session) -> None:
    add(session)

    third, second, first = service.newest(session, before=None, count=5)
    assert (second.previous_hash, third.previous_hash) == (first.hash, second.hash)
    assert service.first_fault(session) is None


def test_an_event_is_kept_only_with_its_act(app: Flask) -> None:
    def fail() -> None:
        with unit_of_work() as session:
            add(session)
            raise LookupError

    with app.app_context():
        with pytest.raises(LookupError):
            fail()

        assert db.session().scalars(select(AuditEvent)).all() == []
        assert service.newest_link(db.session()).sequence == 0
        db.session.remove()


@pytest.mark.parametrize("change", ["update", "delete", "another way"])
def test_the_database_itself_refuses_to_change_events(session: Session, change: str) -> None:
    add(session)
    session.commit()
    statements: dict[str, Executable] = {
        "update": update(AuditEvent).values(tag="x"),
        "delete": delete(AuditEvent),
        "another way": text(ANOTHER_WAY[session.get_bind().dialect.name]),
    }

    with pytest.raises(DatabaseError, match="only added"):
        session.execute(statements[change])

    session.rollback()
    assert service.first_fault(session) is None


@pytest.mark.parametrize(
    ("statements", "fault"),
    [
        (["UPDATE audit_events SET tag = 'x' WHERE sequence = 2"], "event 2 was changed"),
        (["UPDATE audit_events SET actor_id = 8 WHERE sequence = 2"], "event 2 was changed"),
        (["UPDATE audit_events SET refused = true WHERE sequence = 1"], "event 1 was changed"),
        (["DELETE FROM audit_events WHERE sequence = 2"], "event 2 is missing: 3 follows"),
        (["DELETE FROM audit_events WHERE sequence = 1"], "event 1 is missing: 2 follows"),
        (["DELETE FROM audit_events WHERE sequence = 3"], "the head names event 3, the last one kept is 2"),
        (["DELETE FROM audit_events"], "the head names event 3, the last one kept is 0"),
        (["DELETE FROM audit_head"], "the head is missing"),
        (
            [
                "UPDATE audit_events SET sequence = 9 WHERE sequence = 1",
                "UPDATE audit_events SET sequence = 1 WHERE sequence = 2",
                "UPDATE audit_events SET sequence = 2 WHERE sequence = 9",
            ],
            "event 1 does not follow event 0",
        ),
    ],
)
def test_finds_what_was_changed_removed_or_swapped(
    session: Session, statements: list[str], fault: str
) -> None:
    add(session)
    unlock(session)

    for statement in statements:
        session.execute(text(statement))
    session.expire_all()

    assert service.first_fault(session) == fault


@pytest.mark.parametrize(
    ("value", "fault"),
    [("", "event 3 stands past the head"), ("f" * 64, "the head holds another hash than event 2")],
)
def test_an_event_past_the_head_and_a_forged_head_are_found(session: Session, value: str, fault: str) -> None:
    add(session)
    head = session.scalars(select(AuditHead)).one()
    head.sequence, head.hash = 2, value or session.get_one(AuditEvent, 2).hash
    session.flush()

    assert service.first_fault(session) == fault


def test_acts_at_the_same_moment_make_one_chain(app: Flask) -> None:
    at_once, failures = Barrier(4), list[Exception]()

    def act() -> None:
        with app.app_context():
            try:
                at_once.wait()
                for _ in range(5):
                    with unit_of_work() as session:
                        add(session, count=1)
            except Exception as error:
                failures.append(error)
            finally:
                db.session.remove()

    threads = [Thread(target=act) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    with app.app_context():
        assert service.newest_link(db.session()).sequence == 20
        assert service.first_fault(db.session()) is None
        db.session.remove()


@pytest.mark.parametrize(
    ("only", "found"),
    [
        (Filter(), [4, 3, 2, 1]),
        (Filter(tag="b"), [2]),
        (Filter(actor_id=7), [2, 1]),
        (Filter(refused=True), [4]),
        (Filter(since=date(2026, 12, 2)), [4, 3]),
        (Filter(until=date(2026, 12, 1)), [2, 1]),
        (Filter(since=date(2026, 12, 2), until=date(2026, 12, 2)), [3]),
        (Filter(tag="a", refused=True), []),
    ],
)
def test_narrows_the_record_by_days_of_the_country(session: Session, only: Filter, found: list[int]) -> None:
    # Noon is 07:00 UTC; the country's day begins at 19:00 UTC the day before.
    last_moment, first_moment = NOON + timedelta(hours=12, microseconds=-1), NOON + timedelta(hours=12)
    for tag, actor, now, refused in [
        ("a", ORGANISER, NOON, False),
        ("b", ORGANISER, last_moment, False),
        ("c", VISITOR, first_moment, False),
        ("d", VISITOR, first_moment + timedelta(days=1), True),
    ]:
        service.record(session, tag=tag, actor=actor, about={}, now=now, refused=refused)

    assert [event.sequence for event in service.newest(session, before=None, count=9, only=only)] == found


def test_goes_back_from_a_number(session: Session) -> None:
    add(session, count=5)

    assert [event.sequence for event in service.newest(session, before=4, count=2)] == [3, 2]
