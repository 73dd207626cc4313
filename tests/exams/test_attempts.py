"""Starting an attempt: by whom, when, and once."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.candidacy.models import Candidacy
from app.core import clock
from app.core.database import db, unit_of_work
from app.core.errors import NotYours
from app.core.permissions import Actor
from app.core.settings import Settings
from app.exams import eligibility as rules
from app.exams import service
from app.exams.models import Attempt
from app.training.models import Enrolment, Lesson, LessonProgress, Module
from tests.conftest import FrozenClock
from tests.exams.builders import (
    OPEN_TO_ALL,
    actor,
    make_attempt,
    make_paper,
    make_sitting,
)
from tests.factories import DISTRICT, OTHER_UNIT, UNIT, make_person, make_places

COURSE_FIRST = Settings()
THREADS = 8


def put_place(session: Session, who: Actor, kato: str) -> None:
    session.add(Candidacy(person_id=who.person_id, place_kato=kato, chosen_at=clock.now()))
    session.flush()


def test_the_deadline_is_fixed_at_the_start(session: Session) -> None:
    attempt = make_attempt(session)

    assert attempt.state == "open"
    assert attempt.deadline == clock.now() + timedelta(minutes=30)


def test_whoever_starts_late_has_until_the_sitting_closes(session: Session) -> None:
    sitting = make_sitting(session, closes_at=clock.now() + timedelta(minutes=10))

    assert make_attempt(session, sitting=sitting).deadline == sitting.closes_at


def test_a_second_start_is_the_first(session: Session) -> None:
    sitting, who = make_sitting(session), actor(session, "candidate")
    first = service.start(session, who, sitting.public_id, OPEN_TO_ALL, now=clock.now())
    later = clock.now() + timedelta(minutes=5)

    assert service.start(session, who, sitting.public_id, OPEN_TO_ALL, now=later) is first
    assert first.started_at == clock.now()


def test_many_starts_at_once_make_one_attempt(app: Flask) -> None:
    with app.app_context(), unit_of_work() as session:
        sitting_id = make_sitting(session).public_id
        person, _ = make_person(session, "candidate")
        who = Actor(id=person.id)
    gate, found, errors = Barrier(THREADS), [], []

    def start() -> None:
        with app.app_context():
            gate.wait()
            try:
                with unit_of_work() as session:
                    attempt = service.start(session, who, sitting_id, OPEN_TO_ALL, now=clock.now())
                    found.append(attempt.public_id)
            except Exception as error:
                errors.append(error)
            finally:
                db.session.remove()

    threads = [Thread(target=start) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert len(found) == THREADS
    assert len(set(found)) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Attempt)) == 1
        db.session.remove()


def test_there_is_no_start_in_a_sitting_that_is_not_there(session: Session) -> None:
    attempt = make_attempt(session)

    with pytest.raises(NotYours):
        service.start(session, actor(session), attempt.public_id, OPEN_TO_ALL, now=clock.now())


def test_nobody_starts_before_the_opening_nor_from_the_close_on(session: Session) -> None:
    sitting, who = make_sitting(session), actor(session, "candidate")
    early = sitting.opens_at - timedelta(seconds=1)

    with pytest.raises(rules.NotOpenYet):
        service.start(session, who, sitting.public_id, OPEN_TO_ALL, now=early)
    with pytest.raises(rules.SittingOver):
        service.start(session, who, sitting.public_id, OPEN_TO_ALL, now=sitting.closes_at)


def test_nobody_starts_in_a_cancelled_sitting_but_who_started_goes_on(session: Session) -> None:
    sitting = make_sitting(session)
    attempt = make_attempt(session, sitting=sitting)
    service.cancel(session, sitting.public_id, now=clock.now())

    with pytest.raises(rules.SittingCancelled):
        make_attempt(session, sitting=sitting)
    who = Actor(id=attempt.person_id)
    assert service.running_attempt(session, who, attempt.public_id, now=clock.now()) is attempt


@pytest.mark.parametrize(
    ("kato", "may"), [(UNIT, True), (DISTRICT, True), (OTHER_UNIT, False), (None, False)]
)
def test_a_sitting_of_a_place_is_for_what_lies_in_it(session: Session, kato: str | None, may: bool) -> None:
    make_places(session)
    sitting, who = make_sitting(session, place_kato=DISTRICT), actor(session, "candidate")
    if kato:
        put_place(session, who, kato)

    if may:
        attempt = service.start(session, who, sitting.public_id, OPEN_TO_ALL, now=clock.now())
        assert attempt.state == "open"
    else:
        with pytest.raises(rules.OtherPlace):
            service.start(session, who, sitting.public_id, OPEN_TO_ALL, now=clock.now())


def finish_course(session: Session, who: Actor) -> None:
    now = clock.now()
    words = {language: {"title": "Сабақ"} for language in ("kk", "ru", "en")}
    session.add(Module(key="m", position=1, title=words, summary=words, competencies=[], about={}))
    session.flush()
    session.add(
        Lesson(
            key="l", module_key="m", position=1, minutes=5, texts=words, checks=[], meta={}, content_hash="0"
        )
    )
    session.add(Enrolment(person_id=who.person_id, reason="suitable", opened_at=now))
    session.flush()
    session.add(LessonProgress(person_id=who.person_id, lesson_key="l", content_hash="0", finished_at=now))
    session.flush()


def test_the_course_opens_the_exam(session: Session) -> None:
    sitting, who = make_sitting(session), actor(session, "candidate")

    with pytest.raises(rules.CourseFirst):
        service.start(session, who, sitting.public_id, COURSE_FIRST, now=clock.now())
    finish_course(session, who)
    attempt = service.start(session, who, sitting.public_id, COURSE_FIRST, now=clock.now())
    assert attempt.state == "open"


def test_a_new_attempt_waits_for_the_pause(session: Session, clock: FrozenClock) -> None:
    first = make_attempt(session)
    service.finish(session, first, now=clock.now)
    clock.pass_by(days=30, seconds=-1)
    sitting = make_sitting(session)

    with pytest.raises(rules.TooSoon):
        make_attempt(session, first.person_id, sitting)
    clock.pass_by(seconds=1)
    assert make_attempt(session, first.person_id, sitting) is not first


def test_one_goes_at_one_paper_at_a_time(session: Session) -> None:
    first = make_attempt(session)

    with pytest.raises(rules.AnotherIsOpen):
        make_attempt(session, first.person_id)


def test_a_second_attempt_gets_a_paper_not_seen_before(session: Session, clock: FrozenClock) -> None:
    papers = [make_paper(session) for _ in range(3)]
    first = make_attempt(session, sitting=make_sitting(session, *papers))
    service.finish(session, first, now=clock.now)
    clock.pass_by(days=31)
    second = make_attempt(session, first.person_id, make_sitting(session, *papers))

    assert second.paper_id != first.paper_id


def test_an_attempt_of_another_person_is_not_there(session: Session) -> None:
    attempt = make_attempt(session)

    with pytest.raises(NotYours):
        service.own_attempt(session, actor(session, "candidate"), attempt.public_id)


def test_an_attempt_runs_until_its_deadline(session: Session) -> None:
    attempt = make_attempt(session)
    who, last = Actor(id=attempt.person_id), attempt.deadline - timedelta(microseconds=1)

    assert service.running_attempt(session, who, attempt.public_id, now=last) is attempt
    with pytest.raises(service.Over):
        service.running_attempt(session, who, attempt.public_id, now=attempt.deadline)


def test_the_entry_shows_what_is_open_and_what_stands_in_the_way(session: Session) -> None:
    make_places(session)
    who = actor(session, "candidate")
    put_place(session, who, UNIT)
    for place in (None, DISTRICT, OTHER_UNIT):
        make_sitting(session, place_kato=place)
    entry = service.entry(session, who, "exam", COURSE_FIRST, now=clock.now())

    assert len(entry.doors) == 2
    assert not entry.may_start
    assert [type(one) for one in entry.doors[0].hindrances] == [rules.CourseFirst]
    assert service.entry(session, who, "exam", OPEN_TO_ALL, now=clock.now()).may_start
    assert service.entry(session, who, "suitability", OPEN_TO_ALL, now=clock.now()).doors == []


def test_the_entry_leads_back_into_a_running_attempt(session: Session) -> None:
    attempt = make_attempt(session)
    who = Actor(id=attempt.person_id)
    entry = service.entry(session, who, "exam", OPEN_TO_ALL, now=clock.now())

    assert entry.running is attempt
    assert entry.retake_at is None
    service.finish(session, attempt, now=clock.now())
    ended = service.entry(session, who, "exam", OPEN_TO_ALL, now=clock.now())
    assert ended.running is None
    assert list(ended.ended) == [attempt]
    assert ended.retake_at == clock.now() + timedelta(days=30)


def test_ending_twice_is_ending_once(session: Session) -> None:
    attempt = make_attempt(session)

    assert service.finish(session, attempt, now=clock.now())
    assert not service.finish(session, attempt, now=clock.now() + timedelta(minutes=1))
    assert attempt.finished_at == clock.now()
