"""Answers on paper: two entries, and the attempt that comes of them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.audit.models import AuditEvent
from app.core import clock
from app.core.errors import NotYours
from app.core.permissions import Actor
from app.core.settings import Settings
from app.exams import service
from app.exams.eligibility import CourseFirst, NotOpenYet, OtherPlace, SittingCancelled, TooSoon
from app.exams.incoming import FormAnswer
from app.exams.models import Attempt, Seat, SeatEntry
from app.exams.seats import WrongCode
from app.exams.service import fallback, seats
from app.exams.service.fallback import (
    AlreadySettled,
    AnotherSeat,
    Entry,
    NoSuchCandidate,
    OtherPaperBegun,
)
from app.exams.service.seats import SeatState
from tests.exams.builders import OPEN_TO_ALL, actor, make_attempt, make_paper, make_sitting
from tests.factories import DISTRICT, make_places

Fields = dict[int, dict[str, list[str]]]


class Room:
    """A sitting with one seat, a candidate who wrote on its sheets, and two organisers."""

    def __init__(self, session: Session, **changes: Any) -> None:
        self.session, self.sitting = session, make_sitting(session, **changes)
        self.one, self.other = actor(session, "organiser"), actor(session, "organiser")
        self.candidate = actor(session, "candidate")
        self.seat = self.make()[0]

    def make(self, count: int = 1, paper_id: UUID | None = None) -> list[Seat]:
        return seats.make_seats(
            self.session, self.one, self.sitting.public_id, count=count, paper_id=paper_id, now=clock.now()
        )

    def email(self, who: Actor | None = None) -> str:
        return self.session.get_one(Person, (who or self.candidate).person_id).email

    def position(self, kind: str) -> int:
        return next(one.position for one in self.seat.paper.items if one.version.type == kind)

    def fields(self, choice: str = "b", essay: str = "Ауыл") -> Fields:
        return {
            self.position("single_choice"): {"answer": [choice]},
            self.position("essay"): {"answer": [essay]},
        }

    def enter(self, who: Actor, fields: Fields | None = None, **changes: Any) -> Entry:
        values: dict[str, Any] = {
            "code": self.seat.code,
            "email": self.email(),
            "fields": self.fields() if fields is None else fields,
            "settings": OPEN_TO_ALL,
            "now": clock.now(),
        }
        return fallback.enter(self.session, who, **(values | changes))

    def attempt(self) -> Attempt | None:
        query = select(Attempt).where(Attempt.sitting_id == self.sitting.id)
        return self.session.scalar(query)

    def answers(self, attempt: Attempt) -> Mapping[int, Any]:
        return service.answers_of(self.session, attempt.id)


@pytest.fixture
def room(session: Session) -> Room:
    return Room(session)


# -- two entries ----------------------------------------------------------------------------------


def test_one_entry_waits_for_a_second_person(room: Room) -> None:
    found = room.enter(room.one)

    assert (found.state, found.settled, found.difference) == (SeatState.ONCE, None, None)
    assert room.attempt() is None


def test_the_same_person_twice_is_one_person(room: Room) -> None:
    room.enter(room.one)
    found = room.enter(room.one)

    assert found.state is SeatState.ONCE
    assert room.attempt() is None


def test_two_equal_entries_make_an_attempt_that_is_handed_in(
    room: Room, handed_in: list[dict[str, Any]]
) -> None:
    room.enter(room.one)
    found = room.enter(room.other)
    attempt = room.attempt()

    assert attempt is not None
    assert (found.state, found.settled, found.counts) == (SeatState.SETTLED, attempt, True)
    assert room.answers(attempt) == {
        room.position("single_choice"): "b",
        room.position("essay"): "Ауыл",
    }
    assert (attempt.person_id, attempt.paper_id) == (room.candidate.person_id, room.seat.paper_id)
    assert (attempt.state, attempt.finished_by) == ("finished", "paper")
    assert attempt.started_at == room.sitting.opens_at
    assert {event.client for event in service.events_of(room.session, attempt)} == {"paper"}
    assert service.journal_fault(room.session, attempt) is None
    assert list(service.faults(room.session)) == []
    assert (room.seat.first_by_id, room.seat.second_by_id) == (room.one.person_id, room.other.person_id)


def test_what_came_of_a_seat_is_in_the_record(room: Room) -> None:
    room.enter(room.one)
    room.enter(room.other)
    attempt = room.attempt()
    event = room.session.scalars(select(AuditEvent)).one()

    assert attempt is not None
    assert (event.tag, event.actor_id) == ("seat-settled", room.other.person_id)
    assert event.about["attempt"] == str(attempt.public_id)
    assert event.about["head"] == attempt.head_hash


def test_a_receipt_of_paper_does_not_speak_of_the_clock(room: Room) -> None:
    room.enter(room.one)
    room.enter(room.other)
    attempt = room.attempt()

    assert attempt is not None
    receipt = service.receipt(room.session, attempt)
    assert (receipt.by_deadline, receipt.answered, receipt.events) == (False, 2, 2)


def test_entries_after_the_close_end_the_attempt_at_its_own_end(room: Room) -> None:
    later = clock.now() + timedelta(days=2)
    room.enter(room.one, now=later)
    room.enter(room.other, now=later)
    attempt = room.attempt()

    assert attempt is not None
    assert attempt.finished_at == attempt.deadline == room.sitting.opens_at + timedelta(minutes=30)
    assert room.answers(attempt)


def test_sheets_left_empty_are_an_attempt_without_answers(room: Room) -> None:
    room.enter(room.one, {})
    room.enter(room.other, {room.position("essay"): {"answer": ["  "]}})
    attempt = room.attempt()

    assert attempt is not None
    assert (attempt.event_count, room.answers(attempt)) == (0, {})
    assert service.journal_fault(room.session, attempt) is None


def test_where_entries_differ_both_learn_where_and_not_what(room: Room) -> None:
    room.enter(room.one)
    found = room.enter(room.other, room.fields(essay="Аул"))

    assert found.state is SeatState.DIFFERS
    assert found.difference is not None
    assert found.difference.positions == (room.position("essay"),)
    assert not found.difference.in_person
    assert found.own is not None
    assert found.own.answers[str(room.position("essay"))] == "Аул"
    first = fallback.entry_of(room.session, room.one, room.seat.code)
    assert first.difference == found.difference
    assert "Аул" not in repr(first)
    assert room.attempt() is None


def test_either_corrects_their_own_and_then_it_is_settled(room: Room) -> None:
    room.enter(room.one, room.fields("a"))
    room.enter(room.other)
    found = room.enter(room.one)

    assert found.state is SeatState.SETTLED
    assert len(room.session.scalars(select(SeatEntry)).all()) == 2
    assert (room.seat.first_by_id, room.seat.second_by_id) == (room.other.person_id, room.one.person_id)


def test_a_third_person_may_agree_with_either(room: Room) -> None:
    third = actor(room.session, "organiser")
    room.enter(room.one, room.fields("a"))
    room.enter(room.other)
    found = room.enter(third, room.fields("a"))

    assert found.state is SeatState.SETTLED
    assert (room.seat.first_by_id, room.seat.second_by_id) == (room.one.person_id, third.person_id)


def test_two_persons_for_one_seat_are_a_difference(room: Room) -> None:
    room.enter(room.one)
    found = room.enter(room.other, email=room.email(actor(room.session, "candidate")))

    assert found.difference is not None
    assert (found.difference.in_person, found.difference.positions) == (True, ())
    assert room.attempt() is None


def test_a_settled_seat_stays_as_it_is(room: Room) -> None:
    room.enter(room.one)
    room.enter(room.other)

    with pytest.raises(AlreadySettled):
        room.enter(room.one, room.fields("a"))
    attempt = room.attempt()
    assert attempt is not None
    assert attempt.event_count == 2


def test_an_answer_that_its_item_does_not_allow_is_refused_with_its_place(room: Room) -> None:
    with pytest.raises(service.MalformedAnswers) as refused:
        room.enter(room.one, room.fields("zz"))

    assert set(refused.value.by_position) == {room.position("single_choice")}
    assert room.session.scalars(select(SeatEntry)).all() == []
    with pytest.raises(NotYours):
        room.enter(room.one, {99: {"answer": ["a"]}})


@pytest.mark.parametrize("email", ["nobody@mail.example", "no address", ""])
def test_the_address_is_a_candidates(room: Room, email: str) -> None:
    with pytest.raises(NoSuchCandidate):
        room.enter(room.one, email=email)
    with pytest.raises(NoSuchCandidate):
        room.enter(room.one, email=room.email(room.other))


def test_addresses_are_read_as_they_are_written(room: Room) -> None:
    assert room.enter(room.one, email=f" {room.email().upper()} ").state is SeatState.ONCE


def test_nothing_is_entered_before_the_sitting_opens(session: Session) -> None:
    room = Room(session, opens_at=clock.now() + timedelta(minutes=10))

    with pytest.raises(NotOpenYet):
        room.enter(room.one)


@pytest.mark.parametrize("code", ["", "7KMA2RA", "2222222"])
def test_another_code_is_no_seat(room: Room, code: str) -> None:
    with pytest.raises((WrongCode, NotYours)):
        room.enter(room.one, code=code)


# -- whose answers they may be ------------------------------------------------------------------------


def test_who_might_not_sit_then_may_not_on_paper_either(room: Room) -> None:
    with pytest.raises(CourseFirst):
        room.enter(room.one, settings=Settings())
    make_places(room.session)
    room.sitting.place_kato = DISTRICT
    with pytest.raises(OtherPlace):
        room.enter(room.one)
    room.sitting.place_kato, room.sitting.cancelled_at = None, clock.now()
    with pytest.raises(SittingCancelled):
        room.enter(room.one)


def test_the_pause_between_two_attempts_holds_on_paper(room: Room) -> None:
    earlier = make_attempt(room.session, room.candidate.person_id)
    service.finish(room.session, earlier, now=clock.now())

    with pytest.raises(TooSoon):
        room.enter(room.one)


def begun(room: Room) -> Attempt:
    """Begin the candidate's attempt on a device, with one answer."""
    attempt = make_attempt(room.session, room.candidate.person_id, room.sitting)
    numeric = room.position("numeric")
    given = {
        numeric: FormAnswer({"answer": ["5"]}, 0),
        room.position("single_choice"): FormAnswer({"answer": ["a"]}, 0),
    }
    service.save_forms(room.session, attempt, given, now=clock.now())
    return attempt


def test_an_attempt_begun_on_a_device_goes_on_with_what_is_on_paper(room: Room) -> None:
    attempt = begun(room)
    room.enter(room.one)
    found = room.enter(room.other)

    assert (found.settled, found.counts) == (attempt, True)
    assert room.answers(attempt) == {
        room.position("numeric"): "5",
        room.position("single_choice"): "b",
        room.position("essay"): "Ауыл",
    }
    assert (attempt.state, attempt.finished_by) == ("finished", "paper")
    assert service.journal_fault(room.session, attempt) is None


def test_where_the_attempt_has_ended_the_paper_waits_for_a_decision(room: Room) -> None:
    attempt = begun(room)
    later = clock.now() + timedelta(hours=2)
    room.enter(room.one, now=later)
    found = room.enter(room.other, now=later)

    assert (found.state, found.counts) == (SeatState.SETTLED, False)
    assert room.answers(attempt) == {room.position("numeric"): "5", room.position("single_choice"): "a"}
    assert attempt.finished_by == "deadline"
    late = [event.is_late for event in service.events_of(room.session, attempt)]
    assert late == [False, False, True, True]
    assert service.journal_fault(room.session, attempt) is None


def test_sheets_of_another_paper_do_not_go_on(session: Session) -> None:
    papers = [make_paper(session), make_paper(session)]
    room = Room.__new__(Room)
    room.session, room.sitting = session, make_sitting(session, *papers)
    room.one, room.other, room.candidate = (
        actor(session, role) for role in ("organiser", "organiser", "candidate")
    )
    attempt = make_attempt(session, room.candidate.person_id, room.sitting)
    other = next(paper for paper in papers if paper.id != attempt.paper_id)
    room.seat = room.make(1, other.public_id)[0]

    with pytest.raises(OtherPaperBegun) as refused:
        room.enter(room.one)
    assert refused.value.values == {"begun": attempt.paper.label, "seat": other.label}


def test_one_person_has_one_seat(room: Room) -> None:
    second = room.make()[0]
    room.enter(room.one)
    room.enter(room.other)

    with pytest.raises(AnotherSeat):
        room.enter(room.one, code=second.code)


# -- the database ------------------------------------------------------------------------------------


def test_the_list_of_seats_tells_how_far_each_is(room: Room) -> None:
    free, once, differs = room.make(3)
    room.enter(room.one, code=once.code)
    room.enter(room.one, code=differs.code)
    room.enter(room.other, room.fields("a"), code=differs.code)
    room.enter(room.one)
    room.enter(room.other)
    found = seats.seats_of(room.session, room.sitting)

    assert [(line.seat.number, line.state) for line in found] == [
        (1, SeatState.SETTLED),
        (2, SeatState.FREE),
        (3, SeatState.ONCE),
        (4, SeatState.DIFFERS),
    ]
    assert free.number == 2
    assert [bool(line.receipt) for line in found] == [True, False, False, False]
    assert [line.seat.number for line in seats.seats_of(room.session, room.sitting, start=3)] == [4]


SETTLES = (
    "UPDATE seats SET attempt_id = :attempt, person_id = :person, settled_at = created_at, "
    "first_by_id = :first, second_by_id = :second"
)


@pytest.mark.parametrize("second", ["same", "none"])
def test_the_database_asks_for_two_people(room: Room, second: str) -> None:
    attempt = make_attempt(room.session, room.candidate.person_id, room.sitting)
    values = {
        "attempt": attempt.id,
        "person": attempt.person_id,
        "first": room.one.person_id,
        "second": room.one.person_id if second == "same" else None,
    }

    with pytest.raises(IntegrityError), room.session.begin_nested():
        room.session.execute(text(SETTLES), values)
    room.session.execute(text(SETTLES), values | {"second": room.other.person_id})


def test_the_database_keeps_one_entry_a_person(room: Room) -> None:
    room.enter(room.one)
    again = SeatEntry(
        seat_id=room.seat.id,
        entered_by_id=room.one.person_id,
        person_id=room.candidate.person_id,
        entered_at=clock.now(),
        answers={},
    )

    room.session.add(again)
    with pytest.raises(IntegrityError):
        room.session.flush()
    room.session.rollback()
