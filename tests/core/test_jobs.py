from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import jobs
from app.core.database import Json, db, unit_of_work
from app.core.jobs import FIRST_RETRY, LONGEST_RETRY, OutboxItem
from tests.conftest import NOON, FrozenClock


@pytest.fixture
def done(app: Flask) -> Iterator[list[Json]]:
    """What the handlers did; "note" notes, "chain" asks for a note, "fail" fails after asking for one."""
    seen: list[Json] = []

    def chain(payload: Json) -> None:
        jobs.put(db.session(), "note", payload)

    def fail(payload: Json) -> None:
        jobs.put(db.session(), "note", payload)
        raise LookupError

    before = app.extensions["handlers"]
    app.extensions["handlers"] = {"note": seen.append, "chain": chain, "fail": fail}
    yield seen
    app.extensions["handlers"] = before


def put(app: Flask, kind: str, count: int = 1) -> None:
    with app.app_context(), unit_of_work() as session:
        for number in range(count):
            jobs.put(session, kind, {"id": number})


def drain(app: Flask) -> int:
    with app.app_context():
        try:
            return jobs.drain()
        finally:
            db.session.remove()


def items(app: Flask) -> list[OutboxItem]:
    with app.app_context():
        found = list(db.session().scalars(select(OutboxItem).order_by(OutboxItem.id)))
        db.session().expunge_all()
        db.session.remove()
        return found


def test_what_was_asked_for_happens_once_in_order(app: Flask, done: list[Json]) -> None:
    put(app, "note", count=3)

    assert drain(app) == 3
    assert drain(app) == 0
    assert done == [{"id": 0}, {"id": 1}, {"id": 2}]
    assert all(item.done_at == NOON for item in items(app))


def test_what_a_job_asks_for_happens_in_the_same_round(app: Flask, done: list[Json]) -> None:
    put(app, "chain")

    assert drain(app) == 2
    assert done == [{"id": 0}]


def test_more_than_one_batch_happens_in_one_round(app: Flask, done: list[Json]) -> None:
    put(app, "note", count=jobs.BATCH + 5)

    assert drain(app) == jobs.BATCH + 5
    assert len(done) == jobs.BATCH + 5


def test_a_job_that_fails_leaves_nothing_and_waits_longer_each_time(
    app: Flask, done: list[Json], clock: FrozenClock
) -> None:
    put(app, "fail")
    waits = []

    for _ in range(12):
        assert drain(app) == 0
        (item,) = items(app)
        waits.append(item.due_at - clock.now)
        assert drain(app) == 0
        assert items(app)[0].tries == len(waits)
        clock.now = item.due_at

    assert done == []
    assert items(app)[0].last_error == "LookupError"
    assert waits[:3] == [2 * FIRST_RETRY, 4 * FIRST_RETRY, 8 * FIRST_RETRY]
    assert waits[-1] == LONGEST_RETRY


def test_one_that_fails_does_not_stop_the_others(app: Flask, done: list[Json]) -> None:
    put(app, "fail")
    put(app, "note", count=2)

    assert drain(app) == 2
    assert len(done) == 2


def test_what_is_not_due_waits(app: Flask, done: list[Json], clock: FrozenClock) -> None:
    put(app, "note")
    with app.app_context(), unit_of_work() as session:
        session.scalars(select(OutboxItem)).one().due_at = NOON + timedelta(seconds=1)

    assert drain(app) == 0
    clock.pass_by(seconds=1)
    assert drain(app) == 1
    assert done == [{"id": 0}]


def test_what_is_rolled_back_was_never_asked_for(app: Flask, done: list[Json]) -> None:
    def fail() -> None:
        with unit_of_work() as session:
            jobs.put(session, "note", {"id": 1})
            raise LookupError

    with app.app_context(), pytest.raises(LookupError):
        fail()

    assert drain(app) == 0
    assert done == []


def test_nobody_asks_for_what_nobody_does(session: Session) -> None:
    with pytest.raises(KeyError):
        jobs.put(session, "unheard-of", {})


def test_every_act_of_every_minute_is_done_though_one_fails(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def fail(*_: object) -> None:
        raise LookupError

    acts = {"fail": fail, "note": lambda _session, now: seen.append(now)}
    monkeypatch.setitem(app.extensions, "periodic", acts)
    with app.app_context():
        jobs.run_periodic()
        db.session.remove()

    assert seen == [NOON]


def test_the_acts_of_the_house_may_run_at_any_moment_and_twice(app: Flask) -> None:
    with app.app_context():
        for act in app.extensions["periodic"].values():
            for _ in range(2):
                with unit_of_work() as session:
                    act(session, NOON)
        db.session.remove()
