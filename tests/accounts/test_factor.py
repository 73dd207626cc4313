from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import service
from app.accounts.factors import in_groups
from app.accounts.models import Person, RecoveryCode
from app.accounts.throttle import Visit
from app.core import jobs
from app.core.database import db, unit_of_work
from app.core.errors import NotYours
from tests.accounts.codes import code_at, give_authenticator
from tests.conftest import NOON, FrozenClock
from tests.factories import make_person

VISIT = Visit(NOON)


def come_in(session: Session, *roles: str, authenticator: bool = False) -> tuple[Person, service.Signed]:
    person, _ = make_person(session, *roles)
    if authenticator:
        give_authenticator(session, person.id)
    return person, alive(service.open_session(session, person, device="test", now=NOON))


def alive(token: str) -> service.Signed:
    signed = service.signed_in_by_token(token)
    assert signed is not None
    return signed


def set_up(session: Session, signed: service.Signed) -> tuple[service.Signed, list[str]]:
    secret = service.offered_secret(signed, now=NOON)
    token, codes = service.set_up_factor(session, VISIT, signed, code=code_at(NOON, secret))
    return alive(token), codes


def test_setting_up_completes_the_session_and_ends_all_others(session: Session) -> None:
    person, signed = come_in(session, "examiner")
    other = service.open_session(session, person, device="other", now=NOON)

    after, codes = set_up(session, signed)

    assert not signed.actor.is_complete
    assert after.actor.is_complete
    assert after.has_factor
    assert len(codes) == service.recovery_codes_left(session, person) == 8
    assert service.signed_in_by_token(other) is None
    assert service.signed_in_by_token(signed.token) is None


def test_recovery_codes_are_kept_only_as_hashes(session: Session) -> None:
    _, signed = come_in(session, "examiner")

    _, codes = set_up(session, signed)

    kept = set(session.scalars(select(RecoveryCode.code_hash)))
    assert not kept & set(codes)


def test_a_wrong_code_sets_nothing_up(session: Session) -> None:
    person, signed = come_in(session, "examiner")

    with pytest.raises(service.WrongCode):
        service.set_up_factor(session, VISIT, signed, code=code_at(NOON))

    assert person.totp_secret is None


def test_an_authenticator_that_is_set_up_is_never_shown_again(session: Session) -> None:
    _, signed = come_in(session, "examiner")
    stale, (after, _) = signed, set_up(session, signed)

    with pytest.raises(service.HasFactor):
        service.offered_secret(after, now=NOON)
    with pytest.raises(service.HasFactor):
        service.set_up_factor(
            session, VISIT, stale, code=code_at(NOON, service.offered_secret(stale, now=NOON))
        )


def test_a_session_in_use_gives_the_password_before_it_sets_up(session: Session) -> None:
    _, candidate = come_in(session, "candidate")
    _, examiner = come_in(session, "examiner")
    later = NOON + timedelta(minutes=6)

    with pytest.raises(service.NeedsPassword):
        service.offered_secret(candidate, now=later)
    assert service.offered_secret(examiner, now=later)


def test_a_code_completes_the_session(session: Session) -> None:
    _, signed = come_in(session, "examiner", authenticator=True)

    token = service.give_factor(session, VISIT, signed, code=f" {code_at(NOON)[:3]}-{code_at(NOON)[3:]}")

    assert alive(token).actor.is_complete
    assert service.signed_in_by_token(signed.token) is None


def test_a_code_is_used_once(session: Session) -> None:
    person, first = come_in(session, "examiner", authenticator=True)
    second = alive(service.open_session(session, person, device="second", now=NOON))
    service.give_factor(session, VISIT, first, code=code_at(NOON))

    with pytest.raises(service.WrongCode):
        service.give_factor(session, VISIT, second, code=code_at(NOON))

    assert not alive(second.token).actor.is_complete


def test_the_code_that_set_up_does_not_sign_in(session: Session) -> None:
    person, signed = come_in(session, "examiner")
    secret = service.offered_secret(signed, now=NOON)
    service.set_up_factor(session, VISIT, signed, code=code_at(NOON, secret))
    again = alive(service.open_session(session, person, device="again", now=NOON))

    with pytest.raises(service.WrongCode):
        service.give_factor(session, VISIT, again, code=code_at(NOON, secret))


def test_a_recovery_code_is_used_once_however_it_is_typed(session: Session) -> None:
    person, signed = come_in(session, "examiner")
    _, codes = set_up(session, signed)
    sessions = [alive(service.open_session(session, person, device="", now=NOON)) for _ in range(2)]

    token = service.give_factor(session, VISIT, sessions[0], code=in_groups(codes[0]).upper())
    with pytest.raises(service.WrongCode):
        service.give_factor(session, VISIT, sessions[1], code=codes[0])

    assert alive(token).actor.is_complete
    assert service.recovery_codes_left(session, person) == 7


def test_another_persons_recovery_code_opens_nothing(session: Session) -> None:
    _, signed = come_in(session, "examiner")
    _, codes = set_up(session, signed)
    _, other = come_in(session, "examiner", authenticator=True)

    with pytest.raises(service.WrongCode):
        service.give_factor(session, VISIT, other, code=codes[0])


def test_five_codes_may_be_tried_in_five_minutes(session: Session) -> None:
    _, signed = come_in(session, "examiner", authenticator=True)
    for _ in range(5):
        with pytest.raises(service.WrongCode):
            service.give_factor(session, VISIT, signed, code="000000")

    with pytest.raises(service.TooManyTries):
        service.give_factor(session, VISIT, signed, code=code_at(NOON))
    later = replace(VISIT, now=NOON + timedelta(minutes=5))
    service.give_factor(session, later, signed, code=code_at(later.now))


def test_who_has_no_authenticator_gives_no_code(session: Session) -> None:
    _, signed = come_in(session, "examiner")

    with pytest.raises(service.WrongCode):
        service.give_factor(session, VISIT, signed, code=code_at(NOON))


def test_a_candidate_may_remove_the_factor_with_the_password(
    session: Session, letters: Callable[[], list[str]]
) -> None:
    person, signed = come_in(session, "candidate")
    after, _ = set_up(session, signed)

    with pytest.raises(service.NeedsPassword):
        service.remove_factor(session, after, now=NOON + timedelta(minutes=6))
    token = service.remove_factor(session, after, now=NOON)

    assert not alive(token).has_factor
    assert person.totp_secret is None
    assert service.recovery_codes_left(session, person) == 0
    db.session().commit()
    jobs.drain()
    assert len(letters()) == 2


def test_staff_keep_their_factor(session: Session) -> None:
    person, signed = come_in(session, "examiner")
    after, _ = set_up(session, signed)

    with pytest.raises(service.FactorStays):
        service.remove_factor(session, after, now=NOON)

    assert service.needs_factor(person)


def test_a_lost_factor_is_dropped_with_all_sessions(session: Session) -> None:
    person, signed = come_in(session, "examiner")
    after, _ = set_up(session, signed)

    service.drop_factor(session, email=person.email, now=NOON)

    assert service.signed_in_by_token(after.token) is None
    assert person.totp_confirmed_at is None
    with pytest.raises(NotYours):
        service.drop_factor(session, email="nobody@mail.example", now=NOON)


def test_of_two_tries_with_one_code_at_the_same_moment_one_is_let_in(app: Flask, clock: FrozenClock) -> None:
    with app.app_context(), unit_of_work() as session:
        person, _ = make_person(session, "examiner")
        give_authenticator(session, person.id)
        tokens = [service.open_session(session, person, device="", now=NOON) for _ in range(2)]
    at_once, answers = Barrier(2), list[str]()

    def come(token: str) -> None:
        with app.app_context():
            try:
                at_once.wait()
                with unit_of_work() as session:
                    service.give_factor(session, Visit(clock.now), alive(token), code=code_at(NOON))
                answers.append("in")
            except service.WrongCode:
                answers.append("wrong")
            finally:
                db.session.remove()

    threads = [Thread(target=come, args=(token,)) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["in", "wrong"]
