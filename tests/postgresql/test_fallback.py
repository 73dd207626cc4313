"""Races of answer files and of paper entries, on the database that decides them in production."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.core import clock
from app.core.database import db, unit_of_work
from app.core.permissions import Actor
from app.exams import service
from app.exams.answer_file import seal_file
from app.exams.models import AnswerEvent, AnswerFile, Attempt, Seat, SeatEntry
from app.exams.service import fallback, files, seats
from app.exams.service.fallback import AlreadySettled, AnotherSeat
from app.exams.service.seats import SeatState
from tests.exams.builders import OPEN_TO_ALL, actor, make_attempt, make_sitting, position_of
from tests.postgresql.racing import Act, counted, race

pytestmark = pytest.mark.postgresql
AT_ONCE = 50


class Room:
    """A sitting with seats, one candidate, and as many organisers as enter at the same moment."""

    def __init__(self, app: Flask, *, seats_: int = 1, people: int = 2) -> None:
        self.app = app
        with app.app_context(), unit_of_work() as session:
            sitting = make_sitting(session)
            self.people = [Actor(id=actor(session, "organiser").person_id) for _ in range(people)]
            candidate = actor(session, "candidate")
            self.email = session.get_one(Person, candidate.person_id).email
            made = seats.make_seats(
                session, self.people[0], sitting.public_id, count=seats_, paper_id=None, now=clock.now()
            )
            self.codes = [seat.code for seat in made]
            paper = made[0].paper
            self.position = next(one.position for one in paper.items if one.version.type == "single_choice")

    def enter(self, who: Actor, answer: str = "b", code: str = "") -> Act:
        def act(session: Session) -> SeatState:
            return fallback.enter(
                session,
                who,
                code or self.codes[0],
                email=self.email,
                fields={self.position: {"answer": [answer]}},
                settings=OPEN_TO_ALL,
                now=clock.now(),
            ).state

        return act

    def count(self, table: type[Any]) -> int:
        with self.app.app_context():
            found = db.session.scalar(select(func.count()).select_from(table)) or 0
            db.session.remove()
        return found


def test_fifty_entries_of_two_people_at_once_are_settled_once(app: Flask) -> None:
    room = Room(app)
    outcomes = counted(race(app, [room.enter(room.people[place % 2]) for place in range(AT_ONCE)]))

    assert outcomes[SeatState.SETTLED] == 1
    assert set(outcomes) <= {SeatState.ONCE, SeatState.SETTLED, AlreadySettled}
    assert sum(outcomes.values()) == AT_ONCE
    assert (room.count(SeatEntry), room.count(Attempt), room.count(AnswerEvent)) == (2, 1, 1)


def test_fifty_entries_of_one_person_at_once_settle_nothing(app: Flask) -> None:
    room = Room(app)
    outcomes = counted(race(app, [room.enter(room.people[0])] * AT_ONCE))

    assert outcomes == {SeatState.ONCE: AT_ONCE}
    assert (room.count(SeatEntry), room.count(Attempt)) == (1, 0)


def test_fifty_people_at_once_who_agree_make_one_attempt(app: Flask) -> None:
    room = Room(app, people=AT_ONCE)
    outcomes = counted(race(app, [room.enter(who) for who in room.people]))

    assert outcomes == {SeatState.ONCE: 1, SeatState.SETTLED: 1, AlreadySettled: AT_ONCE - 2}
    assert (room.count(SeatEntry), room.count(Attempt), room.count(AnswerEvent)) == (2, 1, 1)


def test_two_seats_of_one_person_settled_at_once_are_one_attempt(app: Flask) -> None:
    room = Room(app, seats_=2)
    one, other = room.people
    race(app, [room.enter(one, "b", code) for code in room.codes])
    outcomes = counted(race(app, [room.enter(other, "b", code) for code in room.codes]))

    assert outcomes == {SeatState.SETTLED: 1, AnotherSeat: 1}
    assert (room.count(Attempt), room.count(AnswerEvent)) == (1, 1)


def test_seats_made_at_once_have_numbers_of_their_own(app: Flask) -> None:
    room = Room(app)
    with app.app_context(), unit_of_work() as session:
        sitting_id = session.scalars(select(Seat)).one().sitting.public_id

    def make(session: Session) -> object:
        made = seats.make_seats(session, room.people[0], sitting_id, count=3, paper_id=None, now=clock.now())
        return made[0].number

    assert set(counted(race(app, [make] * 20))) == set(range(2, 62, 3))


def test_one_file_brought_fifty_times_at_once_is_taken_once(app: Flask) -> None:
    with app.app_context(), unit_of_work() as session:
        attempt = make_attempt(session)
        public_id, who = attempt.public_id, Actor(id=attempt.person_id)
        key = current_app.extensions["keys"].answer_files().public_key()
        event = {
            "client": str(UUID(int=1)),
            "sequence": 1,
            "position": position_of(attempt, "single_choice"),
            "lease": None,
            "fields": {"answer": ["b"]},
            "typed": 5,
        }
        raw = seal_file(key, attempt=public_id, device=str(UUID(int=2)), base=None, since=10, events=[event])

    def bring() -> Callable[[Session], object]:
        def act(session: Session) -> bool:
            found = service.own_attempt(session, who, public_id, lock=True)
            keys = current_app.extensions["keys"]
            return files.take_in(session, found, raw, keys, by=who, now=clock.now()).is_new

        return act

    outcomes = counted(race(app, [bring()] * AT_ONCE))

    assert outcomes == {True: 1, False: AT_ONCE - 1}
    with app.app_context():
        for table in (AnswerFile, AnswerEvent):
            assert db.session.scalar(select(func.count()).select_from(table)) == 1
        db.session.remove()
