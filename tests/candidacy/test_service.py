"""Choosing a place, answering the requirements."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.candidacy import requirements, service
from app.candidacy.models import RequirementAnswer
from app.candidacy.service import NoAkimElected
from app.core import clock
from app.core.errors import NotYours
from app.core.permissions import Actor
from tests.factories import DISTRICT, UNIT, make_person

RULES = requirements.load().rules


@pytest.fixture
def actor(session: Session) -> Actor:
    return Actor(make_person(session, "candidate")[0].id, frozenset({"candidate"}))


def answers() -> dict[str, str]:
    return {rule.key: rule.options[0].key for rule in RULES}


def test_the_place_is_where_an_akim_is_elected(session: Session, actor: Actor) -> None:
    assert service.place_of(session, actor.person_id) is None
    service.choose_place(session, actor, UNIT, now=clock.now())
    place = service.place_of(session, actor.person_id)
    assert place is not None
    assert place.kato == UNIT


def test_a_district_elects_no_akim(session: Session, actor: Actor) -> None:
    with pytest.raises(NoAkimElected):
        service.choose_place(session, actor, DISTRICT, now=clock.now())
    assert service.place_of(session, actor.person_id) is None


def test_an_unknown_place_is_not_there(session: Session, actor: Actor) -> None:
    with pytest.raises(NotYours):
        service.choose_place(session, actor, "000000000", now=clock.now())


def test_answers_are_kept_and_may_be_given_anew(session: Session, actor: Actor) -> None:
    service.answer(session, actor, answers(), now=clock.now())
    other = {RULES[0].key: RULES[0].options[1].key}
    summary = service.answer(session, actor, other, now=clock.now())
    assert summary.is_answered
    assert summary.standings[0].answer == RULES[0].options[1].key
    assert len(session.scalars(select(RequirementAnswer)).all()) == len(RULES)


def test_foreign_answers_and_rules_are_passed_over(session: Session, actor: Actor) -> None:
    service.answer(session, actor, {RULES[0].key: "perhaps", "height": "yes"}, now=clock.now())
    assert session.scalars(select(RequirementAnswer)).all() == []


def test_an_answer_to_an_older_text_of_the_law_is_asked_again(session: Session, actor: Actor) -> None:
    service.answer(session, actor, answers(), now=clock.now())
    session.execute(update(RequirementAnswer).values(rules_version="2023-01-01"))
    assert len(service.summary(session, actor.person_id).of(None)) == len(RULES)


def test_one_persons_answers_are_not_anothers(session: Session, actor: Actor) -> None:
    service.answer(session, actor, answers(), now=clock.now())
    other, _ = make_person(session, "candidate")
    assert not service.summary(session, other.id).is_answered
