"""Marks given for good, and what they settle, on a real database."""

from fractions import Fraction

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotYours
from app.core.permissions import Actor
from app.marking import service
from app.marking.agreement import WrongLevels
from app.marking.models import Script
from app.marking.service import AlreadyMarked, Given, ReasonMissing
from tests.factories import DISTRICT
from tests.marking.papers import (
    ESSAY,
    MOST,
    WRITTEN,
    add_marker,
    essay,
    hand_in,
    open_sitting,
)
from tests.marking.scripts import given, mark, taken_in

Put = list[tuple[str, dict[str, int]]]
pytestmark = pytest.mark.usefixtures("put")


def test_marks_are_locked_with_what_was_given(session: Session) -> None:
    first = taken_in(session).markings[0]

    service.give(session, first, given(3, 2, comment="Мерзімі бар."), now=clock.now())

    assert first.locked_at == clock.now()
    assert ({one.criterion: one.level for one in first.marks}, first.comment) == (
        {"facts": 3, "order": 2},
        "Мерзімі бар.",
    )


def test_the_same_marks_sent_twice_are_kept_once(session: Session) -> None:
    first = taken_in(session).markings[0]
    service.give(session, first, given(3, 2), now=clock.now())

    service.give(session, first, given(3, 2), now=clock.now())

    assert len(first.marks) == 2


def test_marks_that_are_given_cannot_be_changed(session: Session) -> None:
    first = taken_in(session).markings[0]
    service.give(session, first, given(3, 2), now=clock.now())

    with pytest.raises(AlreadyMarked):
        service.give(session, first, given(4, 2), now=clock.now())


@pytest.mark.parametrize("levels", [{"facts": 3}, {"facts": 3, "order": 5}, {"facts": 3, "order": 1, "x": 1}])
def test_marks_fit_the_rubric(session: Session, levels: dict[str, int]) -> None:
    first = taken_in(session).markings[0]

    with pytest.raises(WrongLevels):
        service.give(session, first, Given(levels), now=clock.now())


def test_a_script_given_to_another_meanwhile_is_not_marked(session: Session) -> None:
    first = taken_in(session).markings[0]
    session.delete(first)
    session.flush()

    with pytest.raises(NotYours):
        service.give(session, first, given(3, 2), now=clock.now())


def test_marks_within_the_tolerance_settle_by_their_mean(session: Session, put: Put) -> None:
    script = taken_in(session)

    mark(session, script, (4, 4), (3, 4))

    assert (script.state, script.points, script.settled_at) == ("settled", 750, clock.now())
    assert service.points_of(session, script.attempt_id) == {WRITTEN: Fraction(15, 2 * MOST)}
    assert put == [("attempt-marked", {"attempt": script.attempt_id})]


def test_one_mark_settles_nothing(session: Session, put: Put) -> None:
    script = taken_in(session)

    service.give(session, script.markings[0], given(4, 4), now=clock.now())

    assert (script.state, service.points_of(session, script.attempt_id), put) == ("marking", {}, [])


def test_marks_beyond_the_tolerance_go_to_an_adjudicator_of_another_district(
    session: Session, put: Put
) -> None:
    add_marker(session, "adjudicator", district=DISTRICT)
    adjudicator = add_marker(session, "adjudicator")
    script = taken_in(session)

    mark(session, script, (4, 4), (2, 3))

    assert (script.state, put) == ("adjudication", [])
    assert [(one.round, one.examiner_id) for one in script.markings][2:] == [(3, adjudicator)]


def test_doubt_goes_to_an_adjudicator_too(session: Session) -> None:
    script = taken_in(session)

    mark(session, script, (4, 4), (4, 4), doubt=True)

    assert script.state == "adjudication"


def test_an_adjudicator_who_comes_later_gets_what_waits(session: Session) -> None:
    script = taken_in(session)
    mark(session, script, (4, 4), (0, 0))
    adjudicator = add_marker(session, "adjudicator")

    service.assign_waiting(session, clock.now())

    assert service.next_code(session, Actor(adjudicator), third=True) is not None


def test_the_third_mark_settles_by_the_two_closest(session: Session, put: Put) -> None:
    adjudicator = add_marker(session, "adjudicator")
    script = taken_in(session)
    mark(session, script, (4, 4), (1, 1))
    code = service.next_code(session, Actor(adjudicator), third=True) or ""
    third = service.own_marking(session, Actor(adjudicator), code, third=True)

    service.give(session, third, given(3, 4, comment="Негізгі ой бар."), now=clock.now())

    assert (script.state, script.points) == ("settled", 750)
    assert put == [("attempt-marked", {"attempt": script.attempt_id})]


def test_an_adjudicator_says_why(session: Session) -> None:
    adjudicator = add_marker(session, "adjudicator")
    script = taken_in(session)
    mark(session, script, (4, 4), (1, 1))
    code = service.next_code(session, Actor(adjudicator), third=True) or ""
    third = service.own_marking(session, Actor(adjudicator), code, third=True)

    with pytest.raises(ReasonMissing):
        service.give(session, third, given(3, 4), now=clock.now())


def test_only_the_adjudicator_sees_other_marks(session: Session) -> None:
    add_marker(session, "adjudicator")
    script = taken_in(session)
    mark(session, script, (4, 4), (1, 1))
    first, second, third = script.markings

    assert service.other_marks(first) == service.other_marks(second) == []
    assert [(one.round, one.points) for one in service.other_marks(third)] == [(1, 8), (2, 2)]


def test_an_attempt_is_marked_when_its_last_script_is_settled(session: Session, put: Put) -> None:
    add_marker(session)
    add_marker(session)
    opened = open_sitting(session, items=[("written", essay("case-1")), ("written", essay("case-2"))])
    attempt = hand_in(session, opened, {1: ESSAY, 2: ESSAY})
    service.take_in({"attempt": attempt.id})
    first, second = session.scalars(select(Script).order_by(Script.position))

    mark(session, first, (4, 4), (4, 4))
    assert put == []
    mark(session, second, (2, 2), (2, 2))

    assert put == [("attempt-marked", {"attempt": attempt.id})]
    assert service.points_of(session, attempt.id) == {1: Fraction(1), 2: Fraction(1, 2)}


def test_all_given_marks_are_shown_for_an_appeal_without_people(session: Session) -> None:
    script = taken_in(session)
    mark(session, script, (4, 4), (3, 4))

    views = service.marks_on(session, script.attempt_id)[WRITTEN]

    assert [(one.round, one.points) for one in views] == [(1, 8), (2, 7)]
    assert not hasattr(views[0], "examiner_id")
