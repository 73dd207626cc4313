import time
import unicodedata
from dataclasses import replace
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from app.accounts import service
from app.accounts.credentials import BadEmail, WeakPassword
from app.accounts.models import Person
from app.accounts.service.passwords import password_fits
from app.accounts.throttle import Visit
from tests.conftest import NOON
from tests.factories import PASSWORD, make_person

VISIT = Visit(NOON, source="203.0.113.7")
NEW = "four green apple trees"


def come_in(session: Session, email: str | None = None) -> tuple[Person, service.Signed]:
    person, _ = make_person(session, "candidate", email=email)
    entry = service.sign_in(session, VISIT, email=person.email, password=PASSWORD)
    signed = service.signed_in_by_token(entry.token)
    assert signed is not None
    return person, signed


def test_signs_in_with_address_and_password(session: Session) -> None:
    person, signed = come_in(session, email="aigul@mail.example")

    assert signed.actor.id == person.id
    assert service.check_password(session, VISIT, email=" AIGUL@mail.example", password=PASSWORD) is person


def test_a_password_fits_however_its_letters_are_composed() -> None:
    stored = service.hash_password("йөйө йөйө йөйө")

    assert password_fits(unicodedata.normalize("NFD", "йөйө йөйө йөйө"), stored)


def test_unknown_wrong_unconfirmed_and_disabled_look_the_same(session: Session) -> None:
    person, _ = make_person(session)
    unconfirmed, _ = make_person(session)
    unconfirmed.confirmed_at = None
    disabled, _ = make_person(session)
    disabled.disabled_at = NOON
    cases = [
        ("nobody@mail.example", PASSWORD),
        (person.email, PASSWORD + "!"),
        (unconfirmed.email, PASSWORD),
        (disabled.email, PASSWORD),
        ("nobody@mail.example", "a password that nobody has"),
    ]

    for email, password in cases:
        with pytest.raises(service.WrongCredentials):
            service.sign_in(session, VISIT, email=email, password=password)


def test_an_unknown_address_costs_as_much_as_a_known_one(session: Session) -> None:
    person, _ = make_person(session)

    def cost(email: str) -> float:
        begun = time.process_time()
        with pytest.raises(service.WrongCredentials):
            service.check_password(session, Visit(NOON), email=email, password="wrong wrong wrong")
        return time.process_time() - begun

    known = min(cost(person.email) for _ in range(4))
    unknown = min(cost("nobody@mail.example") for _ in range(4))

    assert known / 2 < unknown < known * 2


def test_what_is_no_address_says_so(session: Session) -> None:
    with pytest.raises(BadEmail):
        service.sign_in(session, VISIT, email="aigul", password=PASSWORD)


def test_nobody_shuts_an_owner_out_of_a_known_device(session: Session) -> None:
    person, _ = make_person(session)
    entry = service.sign_in(session, VISIT, email=person.email, password=PASSWORD)
    for _ in range(10):
        with pytest.raises(service.WrongCredentials):
            service.sign_in(session, VISIT, email=person.email, password="wrong wrong wrong")

    with pytest.raises(service.TooManyTries):
        service.sign_in(session, VISIT, email=person.email, password=PASSWORD)
    again = service.sign_in(session, replace(VISIT, known=entry.known), email=person.email, password=PASSWORD)

    assert service.signed_in_by_token(again.token) is not None


def test_signing_in_rightly_uses_no_tries_up(session: Session) -> None:
    person, _ = make_person(session)

    for _ in range(12):
        service.sign_in(session, VISIT, email=person.email, password=PASSWORD)


def test_an_old_hash_is_made_anew(session: Session) -> None:
    person, _ = make_person(session)
    person.password_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)

    service.check_password(session, VISIT, email=person.email, password=PASSWORD)

    assert "m=19456,t=2,p=1" in person.password_hash
    assert password_fits(PASSWORD, person.password_hash)


def test_a_damaged_hash_fits_nothing() -> None:
    assert not password_fits(PASSWORD, "damaged")


def test_giving_the_password_again_counts_for_five_minutes(session: Session) -> None:
    _, signed = come_in(session)
    later = NOON + timedelta(minutes=30)

    with pytest.raises(service.NeedsPassword):
        service.ensure_reauthenticated(signed, now=later)
    token = service.reauthenticate(session, Visit(later), signed, password=PASSWORD)

    renewed = service.signed_in_by_token(token)
    assert renewed is not None
    service.ensure_reauthenticated(renewed, now=later + timedelta(minutes=5))
    with pytest.raises(service.NeedsPassword):
        service.ensure_reauthenticated(renewed, now=later + timedelta(minutes=5, microseconds=1))


def test_giving_the_password_again_makes_the_old_token_worthless(session: Session) -> None:
    _, signed = come_in(session)

    service.reauthenticate(session, VISIT, signed, password=PASSWORD)

    assert service.signed_in_by_token(signed.token) is None


def test_a_wrong_password_is_not_given_again(session: Session) -> None:
    _, signed = come_in(session)

    for _ in range(10):
        with pytest.raises(service.WrongPassword):
            service.reauthenticate(session, VISIT, signed, password="wrong wrong wrong")
    with pytest.raises(service.TooManyTries):
        service.reauthenticate(session, VISIT, signed, password=PASSWORD)


def test_a_new_password_ends_all_other_sessions(session: Session) -> None:
    person, signed = come_in(session)
    other = service.open_session(session, person, device="other", now=NOON)

    token = service.change_password(session, VISIT, signed, old=PASSWORD, new=NEW)

    assert service.signed_in_by_token(other) is None
    assert service.signed_in_by_token(token) is not None
    with pytest.raises(service.WrongCredentials):
        service.check_password(session, VISIT, email=person.email, password=PASSWORD)
    assert service.check_password(session, VISIT, email=person.email, password=NEW) is person


def test_a_password_is_not_changed_without_the_old_one_nor_to_a_weak_one(session: Session) -> None:
    person, signed = come_in(session)
    before = person.password_hash

    with pytest.raises(service.WrongPassword):
        service.change_password(session, VISIT, signed, old=NEW, new=NEW)
    with pytest.raises(WeakPassword):
        service.change_password(session, VISIT, signed, old=PASSWORD, new="passwordpassword")

    assert person.password_hash == before
