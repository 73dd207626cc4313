"""Loading the course, opening it, learning in it."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import Invalid, NotYours
from app.core.permissions import Actor
from app.training import service
from app.training.models import CheckAnswer, Enrolment, Lesson, LessonProgress
from app.training.service.learning import ChecksLeft, CourseClosed
from tests.factories import make_person
from tests.training import course

Load = Callable[..., int]


@pytest.fixture
def actor(loaded: Load, session: Session) -> Actor:
    person, _ = make_person(session, "candidate")
    service.open_course(session, person.id, "suitable", now=clock.now())
    return Actor(person.id, frozenset({"candidate"}))


def learn(session: Session, actor: Actor, module: str, lesson: str) -> Lesson | None:
    for check in course.CHECKS:
        service.answer_check(session, actor, module, lesson, check, answer="a", now=clock.now())
    return service.finish(session, actor, module, lesson, now=clock.now())


def test_loading_twice_changes_nothing(loaded: Load) -> None:
    assert loaded() == 0


def test_loading_tells_how_many_lessons_changed(loaded: Load) -> None:
    assert loaded(mark="!") == 3


def test_a_lesson_that_left_the_files_is_retired_with_its_progress(
    loaded: Load, session: Session, actor: Actor
) -> None:
    learn(session, actor, "powers", "first")
    session.commit()
    loaded({"powers": ["second"]})
    session.expire_all()
    assert session.get_one(Lesson, "first").retired_at is not None
    assert session.scalars(select(LessonProgress)).one().lesson_key == "first"
    assert service.progress(session, actor.person_id)[:2] == (0, 1)


def test_the_course_is_closed_until_it_is_opened(loaded: Load, session: Session) -> None:
    person, _ = make_person(session, "candidate")
    stranger = Actor(person.id, frozenset({"candidate"}))
    assert not service.is_open(session, person.id)
    with pytest.raises(CourseClosed):
        service.lesson_view(session, stranger, "powers", "first")


def test_opening_twice_keeps_the_first_reason(session: Session, actor: Actor) -> None:
    service.open_course(session, actor.person_id, "setting", now=clock.now())
    assert session.scalars(select(Enrolment.reason)).all() == ["suitable"]


def test_a_lesson_is_found_only_in_its_own_module(session: Session, actor: Actor) -> None:
    with pytest.raises(NotYours):
        service.lesson_view(session, actor, "money", "first")


def test_finishing_leads_to_the_next_lesson_and_ends_with_none(session: Session, actor: Actor) -> None:
    coming = learn(session, actor, "powers", "first")
    assert coming is not None
    assert coming.key == "second"
    learn(session, actor, "powers", "second")
    assert not service.is_finished(session, actor.person_id)
    assert learn(session, actor, "money", "third") is None
    assert service.is_finished(session, actor.person_id)


def test_a_lesson_cannot_be_finished_before_its_checks_are_answered(session: Session, actor: Actor) -> None:
    with pytest.raises(ChecksLeft):
        service.finish(session, actor, "powers", "first", now=clock.now())


def test_an_answer_can_be_given_anew_and_only_the_newest_is_kept(session: Session, actor: Actor) -> None:
    for answer in ("a", "b"):
        service.answer_check(session, actor, "powers", "first", "who", answer=answer, now=clock.now())
    row = session.scalars(select(CheckAnswer)).one()
    assert (row.answer, row.is_right) == ("b", True)


@pytest.mark.parametrize("answer", ["z", "", "who"])
def test_an_answer_that_is_no_option_is_refused(session: Session, actor: Actor, answer: str) -> None:
    with pytest.raises(Invalid):
        service.answer_check(session, actor, "powers", "first", "who", answer=answer, now=clock.now())


def test_an_unknown_check_is_not_there(session: Session, actor: Actor) -> None:
    with pytest.raises(NotYours):
        service.answer_check(session, actor, "powers", "first", "whether", answer="a", now=clock.now())


def test_a_changed_lesson_stays_finished_and_says_that_it_changed(
    loaded: Load, session: Session, actor: Actor
) -> None:
    learn(session, actor, "powers", "first")
    session.commit()
    loaded(mark="!")
    session.expire_all()
    line = service.outline(session, actor.person_id)[0].lines[0]
    assert (line.state, line.has_changed) == ("done", True)


def test_an_empty_course_is_not_finished(session: Session) -> None:
    assert not service.is_finished(session, 1)
