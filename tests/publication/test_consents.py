"""Consent: who may give which, until when, and how it ends; what the check says of it."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.errors import NotYours
from app.core.permissions import Actor
from app.publication import service
from app.publication.models import Consent
from app.publication.service import (
    AlreadyPublished,
    NotListed,
)
from app.publication.windows import BadEnd, SilentDays
from tests.conftest import NOON, FrozenClock
from tests.factories import make_person
from tests.publication.stage import (
    NAME,
    UNTIL,
    candidate,
    number_of,
    publish,
    released,
)


def test_a_yes_is_written_down_with_parts_words_and_end(session: Session) -> None:
    actor, entry = candidate(session)
    result = released(session, actor.person_id)

    consent = publish(session, actor, result, parts=("certificate", "score", "nonsense"))

    assert consent.parts == ["score", "certificate"]
    assert (consent.listed_id, consent.result_id, consent.until) == (entry.id, result.id, UNTIL)
    assert len(consent.text_hash) == 64
    assert [one.id for one in service.live_consents(session, actor.person_id)] == [consent.id]
    grant = service.of_candidate(session, entry, now=NOON).grant("exam")
    assert grant is not None
    assert (grant.shows_score, grant.shows_sections) == (True, False)


def test_only_ones_own_released_result_can_be_published(session: Session) -> None:
    actor, _ = candidate(session)
    stranger, _ = candidate(session, "Үлгібаев Ерлан")
    result = released(session, actor.person_id)
    practice = released(session, actor.person_id, "practice")
    provisional = released(session, actor.person_id, state="provisional")

    assert service.own_result(session, actor, result.public_id) is result
    for person, hidden in ((stranger, result), (actor, practice), (actor, provisional)):
        with pytest.raises(NotYours):
            service.own_result(session, person, hidden.public_id)
    assert [own.result for own in service.own_results(session, actor, now=NOON)] == [result]


def test_whoever_is_not_on_the_list_cannot_publish(session: Session) -> None:
    person, _ = make_person(session, "candidate")
    actor = Actor(person.id, frozenset({"candidate"}))
    with pytest.raises(NotListed):
        publish(session, actor, released(session, person.id))


def test_nothing_new_is_published_on_silent_days_but_withdrawing_works(
    session: Session, clock: FrozenClock
) -> None:
    actor, entry = candidate(session)
    entry.election_day = date(2026, 12, 2)
    result, other = released(session, actor.person_id), released(session, actor.person_id, "suitability")
    clock.now -= timedelta(days=1)
    consent = publish(session, actor, result)
    for _ in range(2):
        clock.pass_by(days=1)
        with pytest.raises(SilentDays):
            publish(session, actor, other)
    assert service.withdraw(session, actor, consent.public_id, now=clock.now).withdrawn_at == clock.now
    clock.pass_by(days=1)
    publish(session, actor, other)


@pytest.mark.parametrize("until", [date(2026, 11, 30), date(2028, 2, 15)])
def test_the_last_day_must_lie_ahead_and_not_too_far(session: Session, until: date) -> None:
    actor, _ = candidate(session)
    with pytest.raises(BadEnd):
        publish(session, actor, released(session, actor.person_id), until=until)


def test_one_result_has_one_live_consent_whatever_the_code_thinks(session: Session) -> None:
    actor, entry = candidate(session)
    result = released(session, actor.person_id)
    publish(session, actor, result)
    with pytest.raises(AlreadyPublished):
        publish(session, actor, result)
    second = Consent(
        person_id=actor.person_id,
        listed_id=entry.id,
        result_id=result.id,
        parts=[],
        text_hash="0" * 64,
        language="kk",
        given_at=NOON,
        until=UNTIL,
    )
    savepoint = session.begin_nested()
    session.add(second)
    with pytest.raises(IntegrityError):
        session.flush()
    savepoint.rollback()


def test_withdrawing_is_ones_own_and_harmless_twice_and_publishing_again_is_possible(
    session: Session,
) -> None:
    actor, entry = candidate(session)
    stranger, _ = candidate(session, "Үлгібаев Ерлан")
    result = released(session, actor.person_id)
    consent = publish(session, actor, result)
    with pytest.raises(NotYours):
        service.withdraw(session, stranger, consent.public_id, now=NOON)

    for moment in (NOON, NOON + timedelta(hours=1)):
        service.withdraw(session, actor, consent.public_id, now=moment)

    assert consent.withdrawn_at == NOON
    assert service.of_candidate(session, entry, now=NOON).grants == ()
    assert service.live_consents(session, actor.person_id) == []
    assert publish(session, actor, result).id != consent.id


def test_a_consent_ends_by_itself_after_its_last_day_and_the_result_is_free_again(
    session: Session, clock: FrozenClock
) -> None:
    actor, entry = candidate(session)
    result = released(session, actor.person_id)
    consent = publish(session, actor, result, until=date(2026, 12, 5))
    clock.now = NOON + timedelta(days=4)
    assert service.end_by_themselves(session, clock.now) == 0
    assert service.of_candidate(session, entry, now=clock.now).grants

    clock.pass_by(days=1)

    assert service.of_candidate(session, entry, now=clock.now).grants == (), "also if nothing tidied up yet"
    publish(session, actor, result)
    assert consent.withdrawn_at == clock.now
    assert service.end_by_themselves(session, clock.now) == 0


def test_the_tidying_act_ends_overdue_consents_once(session: Session, clock: FrozenClock) -> None:
    actor, _ = candidate(session)
    publish(session, actor, released(session, actor.person_id), until=date(2026, 12, 5))
    clock.now = NOON + timedelta(days=5)

    assert [service.end_by_themselves(session, clock.now) for _ in range(2)] == [1, 0]


def test_a_consent_ends_with_the_version_it_was_given_for(session: Session) -> None:
    actor, entry = candidate(session)
    result = released(session, actor.person_id)
    number = number_of(session, result)
    publish(session, actor, result)

    result.state = "superseded"
    session.flush()

    assert service.of_candidate(session, entry, now=NOON).grants == ()
    assert service.confirmed(session, number, now=NOON) is None
    assert service.end_by_themselves(session, NOON) == 1


def test_a_certificate_is_confirmed_only_while_its_holder_publishes_it(session: Session) -> None:
    actor, entry = candidate(session)
    result = released(session, actor.person_id)
    number = number_of(session, result)
    assert service.confirmed(session, number, now=NOON) is None

    consent = publish(session, actor, result)

    facts = service.confirmed(session, number, now=NOON)
    assert facts is not None
    assert (facts.number, facts.holder) == (number, NAME)
    service.withdraw(session, actor, consent.public_id, now=NOON)
    assert service.confirmed(session, number, now=NOON) is None
    publish(session, actor, result, parts=("score",))
    assert service.confirmed(session, number, now=NOON) is None, "the certificate was not among the parts"
    entry.removed_at = NOON
    session.flush()
    assert service.confirmed(session, number, now=NOON) is None
