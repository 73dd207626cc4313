"""A finished attempt becomes scripts, and they find their examiners, on a real database."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotYours
from app.core.permissions import Actor
from app.marking import service
from app.marking.models import Marking
from tests.factories import DISTRICT, UNIT
from tests.marking.papers import (
    SUITABILITY_ITEMS,
    WRITTEN,
    add_marker,
    hand_in,
    open_sitting,
)
from tests.marking.scripts import given, take_roles, taken_in

Put = list[tuple[str, dict[str, int]]]
pytestmark = pytest.mark.usefixtures("put")


def test_an_open_answer_goes_to_two_different_examiners(session: Session) -> None:
    script = taken_in(session)

    assert (script.position, script.state, [one.round for one in script.markings]) == (
        WRITTEN,
        "marking",
        [1, 2],
    )
    assert (
        len({one.examiner_id for one in script.markings}) == len({one.code for one in script.markings}) == 2
    )


def test_taking_in_again_changes_nothing(session: Session) -> None:
    script = taken_in(session)
    codes = {one.code for one in script.markings}

    service.take_in({"attempt": script.attempt_id})

    assert {one.code for one in session.scalars(select(Marking))} == codes


def test_no_examiner_of_the_candidates_own_district_gets_the_script(session: Session) -> None:
    own = {add_marker(session, district=DISTRICT) for _ in range(4)}
    script = taken_in(session, place=UNIT)

    assert not own & {one.examiner_id for one in script.markings}


def test_an_examiner_without_a_noted_district_gets_nothing(session: Session) -> None:
    unknown = {add_marker(session, district=None) for _ in range(4)}
    script = taken_in(session)

    assert not unknown & {one.examiner_id for one in script.markings}


def test_an_empty_answer_earns_nothing_and_troubles_nobody(session: Session, put: Put) -> None:
    script = taken_in(session, answers={1: "a"})

    assert (script.state, script.points, script.markings) == ("settled", 0, [])
    assert put == [("attempt-marked", {"attempt": script.attempt_id})]


def test_a_paper_without_open_answers_is_marked_at_once(session: Session, put: Put) -> None:
    opened = open_sitting(session, "suitability", items=SUITABILITY_ITEMS)
    attempt = hand_in(session, opened, {1: "a"})

    service.take_in({"attempt": attempt.id})

    assert put == [("attempt-marked", {"attempt": attempt.id})]


def test_a_script_waits_for_an_examiner_who_may_and_then_finds_one(session: Session) -> None:
    first = add_marker(session)
    attempt = hand_in(session, open_sitting(session))
    service.take_in({"attempt": attempt.id})
    assert [one.examiner_id for one in session.scalars(select(Marking))] == [first]
    assert service.examiners(session).progress.without_marker == 1

    second = add_marker(session)
    service.assign_waiting(session, clock.now())

    assert {one.examiner_id for one in session.scalars(select(Marking))} == {first, second}
    assert service.examiners(session).progress.without_marker == 0


def test_a_script_of_somebody_who_may_no_longer_mark_goes_to_another(session: Session) -> None:
    script = taken_in(session)
    gone, other = script.markings
    third = add_marker(session)
    take_roles(session, gone.examiner_id)

    service.assign_waiting(session, clock.now())

    assert {one.examiner_id for one in session.scalars(select(Marking))} == {other.examiner_id, third}


def test_a_mark_that_is_given_stays_when_its_examiner_goes(session: Session) -> None:
    script = taken_in(session)
    first = script.markings[0]
    service.give(session, first, given(4, 4), now=clock.now())
    take_roles(session, first.examiner_id)

    service.assign_waiting(session, clock.now())

    assert session.get(Marking, first.id) is not None


def test_the_database_refuses_one_person_twice_on_a_script(session: Session) -> None:
    script = taken_in(session)
    double = Marking(
        code="BBBB-BBBB",
        script_id=script.id,
        examiner_id=script.markings[0].examiner_id,
        round=3,
        queue_order=1,
    )

    session.add(double)
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_a_code_opens_only_for_its_examiner(session: Session) -> None:
    first, second = taken_in(session).markings

    assert service.own_marking(session, Actor(first.examiner_id), first.code) is first
    for code in (second.code, "BBBB-BBBB"):
        with pytest.raises(NotYours):
            service.own_marking(session, Actor(first.examiner_id), code)


def test_a_blind_mark_is_not_reached_as_an_adjudicator(session: Session) -> None:
    first = taken_in(session).markings[0]

    with pytest.raises(NotYours):
        service.own_marking(session, Actor(first.examiner_id), first.code, third=True)


def test_the_queue_is_in_random_order_and_ends(session: Session) -> None:
    first = taken_in(session).markings[0]
    actor = Actor(first.examiner_id)
    assert service.next_code(session, actor) == first.code
    assert (service.queue_of(session, actor).waiting, service.queue_of(session, actor).done) == (1, 0)

    service.give(session, first, given(4, 4), now=clock.now())

    assert service.next_code(session, actor) is None
    assert (service.queue_of(session, actor).waiting, service.queue_of(session, actor).done) == (0, 1)
