"""Decisions when many press at the same moment, on the database that decides races in production."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import unit_of_work
from app.core.permissions import Actor
from app.exams import service
from app.exams.life import WrongState
from app.exams.models import AcceptedLate, Attempt, Sitting, TimeGrant
from app.exams.service import decisions, late_answers
from app.exams.service.extra_time import HasEnded
from app.exams.service.kinds import Target
from tests.exams.builders import OPEN_TO_ALL, actor, make_attempt, make_sitting
from tests.exams.deciding import answered_late, propose
from tests.postgresql.racing import Act, counted, race

pytestmark = pytest.mark.postgresql
APPROVALS, STARTS, DECISIONS = 50, 20, 10


def approving(who: Actor, decision: UUID, content_hash: str) -> Act:
    def act(session: Session) -> str:
        now = clock.now()
        decisions.approve(session, who, decision, content_hash=content_hash, now=now)
        return "done"

    return act


class Room:
    """A sitting with people in it, and organisers who decide."""

    def __init__(self, app: Flask, *, people: int) -> None:
        self.app = app
        with app.app_context(), unit_of_work() as session:
            sitting = make_sitting(session)
            self.sitting = sitting.public_id
            self.attempts = [make_attempt(session, sitting=sitting).public_id for _ in range(people)]
            self.organisers = [Actor(id=actor(session, "organiser").person_id) for _ in range(2)]
            self.candidates = [Actor(id=actor(session, "candidate").person_id) for _ in range(STARTS)]

    def propose(
        self, kind: str, content: dict[str, object], prepare: Callable[..., object] = lambda *_: 0
    ) -> Act:
        """Propose a decision; return the act of approving it."""
        with self.app.app_context(), unit_of_work() as session:
            sitting = service.get_sitting(session, self.sitting)
            attempt = decisions.attempt_in(session, sitting, self.attempts[0])
            prepare(session, attempt)
            target = Target(sitting=sitting) if kind == "sitting-time" else Target(attempt=attempt)
            made = propose(session, kind, target, content, by=self.organisers[0])
            return approving(self.organisers[1], made.public_id, made.content_hash)

    def deadlines_fit(self) -> bool:
        """Tell whether each end is the first one plus all grants."""
        with self.app.app_context(), unit_of_work() as session:
            given = select(func.coalesce(func.sum(TimeGrant.seconds), 0)).where(
                TimeGrant.attempt_id == Attempt.id
            )
            rows = session.execute(select(Attempt, given.scalar_subquery())).all()
            return all(
                attempt.extra_seconds == seconds
                and attempt.deadline
                == min(attempt.started_at + timedelta(seconds=attempt.length_seconds), attempt.closes_at)
                + timedelta(seconds=int(seconds))
                for attempt, seconds in rows
            )

    def extras(self) -> list[int]:
        with self.app.app_context(), unit_of_work() as session:
            return list(session.scalars(select(Attempt.extra_seconds).order_by(Attempt.id)))


@pytest.mark.parametrize("kind", ["extra-time", "sitting-time"])
def test_fifty_approvals_at_once_have_one_effect(app: Flask, kind: str) -> None:
    room = Room(app, people=3)
    outcomes = race(app, [room.propose(kind, {"seconds": 600})] * APPROVALS)

    assert counted(outcomes) == {"done": 1, WrongState: APPROVALS - 1}
    assert room.extras() == ([600] * 3 if kind == "sitting-time" else [600, 0, 0])
    assert room.deadlines_fit()


def test_fifty_approvals_of_late_answers_have_one_effect(app: Flask) -> None:
    room, numbers = Room(app, people=1), list[int]()

    def prepare(session: Session, attempt: Attempt) -> None:
        answered_late(session, attempt, "b")
        numbers.extend(event.number for event in late_answers.waiting(session, attempt))

    with app.app_context(), unit_of_work() as session:
        prepare(session, session.scalars(select(Attempt)).one())
    outcomes = race(app, [room.propose("late-answers", {"events": numbers})] * APPROVALS)

    assert counted(outcomes) == {"done": 1, WrongState: APPROVALS - 1}
    with app.app_context(), unit_of_work() as session:
        assert session.scalars(select(AcceptedLate.number)).all() == numbers


def test_decisions_about_one_room_add_up(app: Flask) -> None:
    room = Room(app, people=5)
    acts = [room.propose("sitting-time", {"seconds": 60}) for _ in range(DECISIONS)]
    acts += [room.propose("extra-time", {"seconds": 7}) for _ in range(DECISIONS)]
    outcomes = race(app, acts)

    assert counted(outcomes) == {"done": 2 * DECISIONS}
    assert room.extras() == [60 * DECISIONS + 7 * DECISIONS] + [60 * DECISIONS] * 4
    assert room.deadlines_fit()


def test_whoever_starts_while_a_sitting_gets_time_has_it(app: Flask) -> None:
    room = Room(app, people=1)
    approve = room.propose("sitting-time", {"seconds": 600})

    def starting(who: Actor) -> Act:
        def start(session: Session) -> str:
            service.start(session, who, room.sitting, OPEN_TO_ALL, now=clock.now())
            return "started"

        return start

    starts = [starting(who) for who in room.candidates]
    outcomes = race(app, [*starts[:10], approve, *starts[10:]])

    assert counted(outcomes) == {"started": STARTS, "done": 1}
    assert room.deadlines_fit()
    with app.app_context(), unit_of_work() as session:
        closes_at = session.scalars(select(Sitting.closes_at)).one()
        # By the sitting's new end, or by the time that was added: nobody has neither.
        for attempt in session.scalars(select(Attempt)):
            assert attempt.closes_at == closes_at or attempt.extra_seconds == 600


def test_time_and_the_end_of_an_attempt_meet_once(app: Flask) -> None:
    room = Room(app, people=1)
    approve = room.propose("extra-time", {"seconds": 600})

    def finish(session: Session) -> bool:
        attempt = session.scalars(select(Attempt).with_for_update()).one()
        return service.finish(session, attempt, now=clock.now())

    outcomes = race(app, [approve, finish])
    assert outcomes[1] is True
    assert outcomes[0] in {"done", HasEnded}
    assert room.extras() == [600 if outcomes[0] == "done" else 0]
