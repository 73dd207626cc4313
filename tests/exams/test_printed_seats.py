"""Seats of a sitting, and what is printed for them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotYours
from app.exams.life import WrongState
from app.exams.seats import read_code
from app.exams.service import seats
from app.exams.service.seats import MOST, NoSuchSeats, NotNow, TooManySeats
from app.items.types import BY_KEY
from tests.exams.builders import actor, make_paper, make_sitting
from tests.exams.test_fallback import Room


@pytest.fixture
def room(session: Session) -> Room:
    return Room(session)


def test_seats_have_numbers_and_codes_of_their_own(room: Room) -> None:
    more = room.make(3)

    assert [seat.number for seat in (room.seat, *more)] == [1, 2, 3, 4]
    codes = {seat.code for seat in (room.seat, *more)}
    assert len(codes) == 4
    assert all(read_code(code) == code for code in codes)


def test_parallel_papers_are_given_in_turn_or_as_chosen(session: Session) -> None:
    papers = [make_paper(session), make_paper(session)]
    sitting = make_sitting(session, *papers)
    who = actor(session, "organiser")

    def made(count: int, paper_id: UUID | None) -> list[int]:
        found = seats.make_seats(
            session, who, sitting.public_id, count=count, paper_id=paper_id, now=clock.now()
        )
        return [seat.paper_id for seat in found]

    in_turn = made(4, None)
    assert in_turn[0] != in_turn[1]
    assert in_turn[:2] == in_turn[2:]
    assert set(made(3, papers[1].public_id)) == {papers[1].id}
    with pytest.raises(NotYours):
        made(1, UUID(int=1))


def test_a_sitting_has_two_thousand_seats_at_most(room: Room) -> None:
    room.make(200)
    room.seat.number = MOST - 1
    room.session.flush()

    room.make(1)
    with pytest.raises(TooManySeats):
        room.make(1)


def test_a_sitting_that_is_over_or_cancelled_gets_no_seats(room: Room) -> None:
    later = room.sitting.closes_at
    with pytest.raises(WrongState):
        seats.make_seats(room.session, room.one, room.sitting.public_id, count=1, paper_id=None, now=later)
    room.sitting.cancelled_at = clock.now()
    with pytest.raises(WrongState):
        room.make()


def test_paper_is_printed_shortly_before_the_opening_until_the_close(session: Session) -> None:
    opens = clock.now() + timedelta(hours=1)
    room = Room(session, opens_at=opens, closes_at=opens + timedelta(hours=2))

    def copies(now: Any) -> list[seats.Copy]:
        return seats.printed_copies(session, room.sitting.public_id, first=1, last=9, language="kk", now=now)

    assert [copy.seat for copy in copies(opens - timedelta(minutes=30))] == [room.seat]
    assert copies(opens + timedelta(hours=1))
    for wrong in (opens - timedelta(minutes=31), opens + timedelta(hours=2)):
        with pytest.raises(NotNow):
            copies(wrong)
    room.sitting.cancelled_at = clock.now()
    with pytest.raises(NotNow):
        copies(opens)


def test_there_must_be_seats_to_print(room: Room) -> None:
    with pytest.raises(NoSuchSeats):
        seats.printed_copies(
            room.session, room.sitting.public_id, first=2, last=9, language="kk", now=clock.now()
        )


def test_the_sheets_hold_every_item_with_letters_and_in_one_order_for_all(room: Room) -> None:
    found = seats.sheets_of(room.session, room.seat.paper, "ru")
    again = seats.sheets_of(room.session, room.seat.paper, "kk")

    assert [one.position for one in found.questions] == [item.position for item in room.seat.paper.items]
    choice = next(one for one in found.questions if one.leaf.item.type == "single_choice")
    same = next(one for one in again.questions if one.position == choice.position)
    options = choice.shown["options"]
    assert [option["text"][:3] for option in options] == ["A. ", "B. ", "C. ", "D. "][: len(options)]
    assert [option["id"] for option in options] == [option["id"] for option in same.shown["options"]]


def test_the_order_on_paper_is_not_the_one_of_the_bank(session: Session) -> None:
    """Authors write the right answer where they will."""
    orders = set()
    for _ in range(6):
        paper = make_paper(session)
        for one in seats.sheets_of(session, paper, "en").questions:
            if one.leaf.item.type == "single_choice":
                orders.add(tuple(option["id"] for option in one.shown["options"]))
    ids = BY_KEY["single_choice"].option_ids(one_body(session))

    assert len(orders) > 1
    assert any(order != tuple(ids) for order in orders)


def one_body(session: Session) -> Any:
    found = seats.sheets_of(session, make_paper(session), "en").questions
    return next(one.leaf.item.parsed for one in found if one.leaf.item.type == "single_choice")


def test_a_list_that_numbers_itself_gets_no_letters() -> None:
    question = {"options": [{"id": "x", "text": "One"}], "scale": [{"value": 1, "text": "Bad"}]}

    assert seats.lettered(question) == question
    assert seats.lettered({"unit": ""}) == {"unit": ""}
