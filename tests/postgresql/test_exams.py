"""Races in the exam, on the database that decides them in production."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.database import db, unit_of_work
from app.core.jobs import OutboxItem
from app.core.permissions import Actor
from app.exams import service
from app.exams.incoming import Sent
from app.exams.journal import Outcome
from app.exams.life import WrongState
from app.exams.models import AnswerEvent, Attempt, Paper, RefusedAnswer
from app.exams.service import journal_fault
from tests.exams.builders import OPEN_TO_ALL, actor, make_attempt, make_paper, make_sitting, position_of
from tests.postgresql.racing import counted, race

pytestmark = pytest.mark.postgresql
STARTS, SAVES, FINISHES = 20, 50, 20
TAB = str(UUID(int=1))


class Sitting:
    """One attempt that many requests reach at the same moment."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context(), unit_of_work() as session:
            attempt = make_attempt(session)
            self.who, self.public_id = Actor(id=attempt.person_id), attempt.public_id
            self.position = position_of(attempt, "single_choice")

    def save(self, sequence: int, answer: str = "a") -> Callable[[Session], object]:
        """Return the act of one request of the page's script."""

        def act(session: Session) -> Outcome:
            attempt = service.own_attempt(session, self.who, self.public_id, lock=True)
            fields = {"answer": [answer]}
            sent = Sent(client=TAB, sequence=sequence, position=self.position, fields=fields)
            return service.save(session, attempt, [sent], now=clock.now())[0].outcome

        return act

    def finish(self, session: Session) -> bool:
        attempt = service.own_attempt(session, self.who, self.public_id, lock=True)
        return service.finish(session, attempt, now=clock.now())

    def look(self, question: Callable[[Session, Attempt], Any]) -> Any:
        with self.app.app_context(), unit_of_work() as session:
            attempt = service.own_attempt(session, self.who, self.public_id)
            return question(session, attempt)

    def events(self) -> int:
        count = select(func.count()).select_from(AnswerEvent)
        return int(
            self.look(
                lambda session, attempt: session.scalar(count.where(AnswerEvent.attempt_id == attempt.id))
            )
        )


@pytest.fixture
def sitting(app: Flask) -> Sitting:
    return Sitting(app)


def test_twenty_starts_at_once_make_one_attempt(app: Flask) -> None:
    with app.app_context(), unit_of_work() as session:
        sitting_id = make_sitting(session).public_id
        who = Actor(id=actor(session, "candidate").person_id)

    def start(session: Session) -> UUID:
        return service.start(session, who, sitting_id, OPEN_TO_ALL, now=clock.now()).public_id

    found = race(app, [start] * STARTS)

    assert len(set(found)) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Attempt)) == 1
        db.session.remove()


def test_fifty_equal_saves_at_once_are_one_event(app: Flask, sitting: Sitting) -> None:
    outcomes = race(app, [sitting.save(1)] * SAVES)

    assert counted(outcomes) == {Outcome.SAVED: 1, Outcome.REPEATED: SAVES - 1}
    assert sitting.events() == 1
    assert sitting.look(journal_fault) is None


def test_fifty_different_saves_at_once_are_each_one_event_and_the_newest_counts(
    app: Flask, sitting: Sitting
) -> None:
    options = "abc"
    outcomes = race(app, [sitting.save(number, options[number % 3]) for number in range(1, SAVES + 1)])

    assert set(counted(outcomes)) <= {Outcome.SAVED, Outcome.STALE}
    assert sitting.events() == SAVES
    assert sitting.look(journal_fault) is None
    answers = sitting.look(lambda session, attempt: service.answers_of(session, attempt.id))
    assert answers == {sitting.position: options[SAVES % 3]}


def test_of_contradicting_saves_at_once_one_counts_and_the_others_are_kept_aside(
    app: Flask, sitting: Sitting
) -> None:
    outcomes = race(app, [sitting.save(1, "ab"[number % 2]) for number in range(SAVES)])

    found = counted(outcomes)
    assert (found[Outcome.SAVED], found[Outcome.REPEATED], found[Outcome.REFUSED]) == (
        1,
        SAVES / 2 - 1,
        SAVES / 2,
    )
    assert sitting.events() == 1
    aside = select(func.count()).select_from(RefusedAnswer)
    assert sitting.look(lambda session, _attempt: session.scalar(aside)) == SAVES / 2
    assert sitting.look(journal_fault) is None


def test_twenty_finishes_at_once_end_it_once(app: Flask, sitting: Sitting) -> None:
    outcomes = race(app, [sitting.finish] * FINISHES)

    assert counted(outcomes) == {True: 1, False: FINISHES - 1}
    asked = select(func.count()).select_from(OutboxItem).where(OutboxItem.kind == "attempt-finished")
    assert sitting.look(lambda session, _attempt: session.scalar(asked)) == 1


def test_what_is_saved_while_it_is_finished_counts_or_is_kept_as_late(app: Flask, sitting: Sitting) -> None:
    saves = [sitting.save(number) for number in range(1, FINISHES + 1)]
    outcomes = race(app, [*saves, sitting.finish])

    assert outcomes.pop() is True
    assert set(counted(outcomes)) <= {Outcome.SAVED, Outcome.STALE, Outcome.LATE}
    assert sitting.events() == FINISHES
    assert sitting.look(journal_fault) is None
    in_time = FINISHES - counted(outcomes)[Outcome.LATE]
    assert sitting.look(lambda _session, attempt: attempt.event_count) == in_time


def test_a_paper_sealed_by_two_at_once_is_sealed_by_one_of_them(app: Flask) -> None:
    with app.app_context(), unit_of_work() as session:
        paper = make_paper(session, sealed=False)
        public_id, content_hash = paper.public_id, paper.content_hash
        one, *others = [actor(session, "organiser") for _ in range(3)]
        service.propose(session, one, public_id, content_hash=content_hash, now=clock.now())

    def seal(who: Actor) -> Callable[[Session], object]:
        def act(session: Session) -> str:
            return service.seal(session, who, public_id, content_hash=content_hash, now=clock.now()).state

        return act

    assert counted(race(app, [seal(who) for who in others])) == {"sealed": 1, WrongState: 1}
    with app.app_context():
        kept = db.session.scalars(select(Paper)).one()
        assert kept.proposed_by_id == one.id
        assert kept.sealed_by_id in {who.id for who in others}
        db.session.remove()


def test_a_paper_discarded_while_it_is_sealed_is_one_or_the_other(app: Flask) -> None:
    with app.app_context(), unit_of_work() as session:
        paper = make_paper(session, sealed=False)
        public_id, content_hash = paper.public_id, paper.content_hash
        one, other = actor(session, "organiser"), actor(session, "organiser")
        service.propose(session, one, public_id, content_hash=content_hash, now=clock.now())

    def seal(session: Session) -> str:
        return service.seal(session, other, public_id, content_hash=content_hash, now=clock.now()).state

    def discard(session: Session) -> str:
        return service.discard(session, public_id).state

    outcomes = race(app, [seal, discard])

    assert outcomes in (["sealed", WrongState], [WrongState, "discarded"])
