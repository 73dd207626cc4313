from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import service
from app.accounts.credentials import BadName, OddEmail, WeakPassword
from app.accounts.models import Person, Token
from app.accounts.service.passwords import password_fits
from app.accounts.throttle import Visit
from app.core import jobs
from app.core.database import db, unit_of_work
from tests.accounts.codes import path_in
from tests.conftest import NOON
from tests.factories import PASSWORD, make_person

Letters = Callable[[], list[str]]
VISIT = Visit(NOON, source="203.0.113.7")
EMAIL = "aigul@mail.example"
OTHERS = "stolen words of a stranger"


def sign_up(session: Session, password: str = PASSWORD, **values: str) -> str:
    wanted = {"email": EMAIL, "name": "Мысалова Айгүл", "language": "kk", "role": "candidate"} | values
    return service.sign_up(session, VISIT, password=password, **wanted)


def sent(letters: Letters) -> list[str]:
    """Send what the outbox holds, and return all letters."""
    db.session().commit()
    jobs.drain()
    return letters()


def token_of(letter: str) -> str:
    return path_in(letter).rpartition("/")[2]


def test_signing_up_makes_an_account_that_waits_for_its_confirmation(
    session: Session, letters: Letters
) -> None:
    proof = sign_up(session)
    person = session.scalars(select(Person)).one()

    assert (person.email, person.name) == (EMAIL, "Мысалова Айгүл")
    assert person.roles == {"candidate"}
    assert person.confirmed_at is None
    (letter,) = sent(letters)
    assert f"To: {EMAIL}" in letter
    assert "Мысалова" not in letter
    service.confirm(session, VISIT, token_of(letter), proof=proof, password="")
    assert person.confirmed_at == NOON


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"email": "a@b"}, OddEmail),
        ({"name": "http://x"}, BadName),
        ({"password": "passwordpassword"}, WeakPassword),
    ],
)
def test_signing_up_refuses_what_no_account_can_have(
    session: Session, values: dict[str, str], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        sign_up(session, **values)


def test_a_taken_address_gets_a_letter_and_nothing_changes(session: Session, letters: Letters) -> None:
    person, _ = make_person(session, "examiner", email=EMAIL)
    before = (person.name, person.password_hash, person.roles)

    proof = sign_up(session, password=OTHERS, name="Бөтен Біреу")

    assert (person.name, person.password_hash, person.roles) == before
    assert len(proof) == 64
    (letter,) = sent(letters)
    assert "/sign-in" in letter
    assert session.scalars(select(Token)).all() == []


def test_who_reads_the_letter_must_have_chosen_the_password(session: Session, letters: Letters) -> None:
    sign_up(session, password=OTHERS)
    token = token_of(sent(letters)[-1])

    with pytest.raises(service.WrongPassword):
        service.confirm(session, VISIT, token, proof="", password=PASSWORD)

    assert session.scalars(select(Person)).one().confirmed_at is None
    assert service.confirm(session, VISIT, token, proof="", password=OTHERS).confirmed_at == NOON


def test_a_stranger_who_signs_up_later_does_not_come_in_by_the_owners_press(
    session: Session, letters: Letters
) -> None:
    owners_proof = sign_up(session)
    sign_up(session, password=OTHERS)
    first, second = (token_of(letter) for letter in sent(letters))

    with pytest.raises(service.LinkIsDead):
        service.confirm(session, VISIT, first, proof=owners_proof, password="")
    with pytest.raises(service.WrongPassword):
        service.confirm(session, VISIT, second, proof=owners_proof, password=PASSWORD)


def test_the_newest_sign_up_of_an_unconfirmed_account_counts(session: Session) -> None:
    sign_up(session, password=OTHERS, name="Мысалова А", language="ru")
    sign_up(session)

    person = session.scalars(select(Person)).one()
    assert (person.name, person.language) == ("Мысалова Айгүл", "kk")
    assert password_fits(PASSWORD, person.password_hash)


@pytest.mark.parametrize(
    ("late", "alive"), [(timedelta(hours=72), False), (timedelta(hours=72, seconds=-1), True)]
)
def test_a_confirmation_lives_three_days(
    session: Session, letters: Letters, late: timedelta, *, alive: bool
) -> None:
    proof = sign_up(session)
    token = token_of(sent(letters)[0])
    visit = replace(VISIT, now=NOON + late)

    if alive:
        assert service.confirm(session, visit, token, proof=proof, password="").confirmed_at
    else:
        with pytest.raises(service.LinkIsDead):
            service.confirm(session, visit, token, proof=proof, password="")


def test_a_link_works_once_and_only_for_its_purpose(session: Session, letters: Letters) -> None:
    proof = sign_up(session)
    token = token_of(sent(letters)[0])

    with pytest.raises(service.LinkIsDead):
        service.reset(session, VISIT, token, password=OTHERS)
    service.confirm(session, VISIT, token, proof=proof, password="")
    with pytest.raises(service.LinkIsDead):
        service.confirm(session, VISIT, token, proof=proof, password="")
    with pytest.raises(service.LinkIsDead):
        service.to_confirm(session, "x", proof="", now=NOON)


def test_letters_to_one_address_are_counted(session: Session) -> None:
    for _ in range(5):
        sign_up(session)
        service.ask_reset(session, VISIT, email=EMAIL, language="kk")

    with pytest.raises(service.TooManyTries):
        sign_up(session)
    with pytest.raises(service.TooManyTries):
        service.ask_reset(session, VISIT, email=EMAIL, language="kk")


def test_a_reset_sets_a_new_password_and_ends_all_sessions(session: Session, letters: Letters) -> None:
    person, _ = make_person(session, "candidate", email=EMAIL)
    old = service.open_session(session, person, device="old", now=NOON)
    service.ask_reset(session, VISIT, email=EMAIL, language="en")
    token = token_of(sent(letters)[0])

    service.to_reset(session, token, now=NOON)
    service.reset(session, VISIT, token, password=OTHERS)

    assert service.signed_in_by_token(old) is None
    assert service.check_password(session, VISIT, email=EMAIL, password=OTHERS) is person
    with pytest.raises(service.LinkIsDead):
        service.reset(session, VISIT, token, password=PASSWORD)


def test_a_weak_new_password_leaves_the_link_alive(session: Session, letters: Letters) -> None:
    make_person(session, email=EMAIL)
    service.ask_reset(session, VISIT, email=EMAIL, language="kk")
    token = token_of(sent(letters)[0])

    with pytest.raises(WeakPassword):
        service.reset(session, VISIT, token, password="passwordpassword")

    service.reset(session, VISIT, token, password=OTHERS)


@pytest.mark.parametrize(("minutes", "alive"), [(30, False), (29, True)])
def test_a_reset_lives_thirty_minutes(
    session: Session, letters: Letters, minutes: int, *, alive: bool
) -> None:
    make_person(session, email=EMAIL)
    service.ask_reset(session, VISIT, email=EMAIL, language="kk")
    token = token_of(sent(letters)[0])
    visit = replace(VISIT, now=NOON + timedelta(minutes=minutes))

    if alive:
        service.reset(session, visit, token, password=OTHERS)
    else:
        with pytest.raises(service.LinkIsDead):
            service.reset(session, visit, token, password=OTHERS)


def test_a_newer_link_and_a_sign_in_make_older_links_dead(session: Session, letters: Letters) -> None:
    make_person(session, email=EMAIL)
    service.ask_reset(session, VISIT, email=EMAIL, language="kk")
    service.ask_reset(session, VISIT, email=EMAIL, language="kk")
    first, second = (token_of(letter) for letter in sent(letters))

    with pytest.raises(service.LinkIsDead):
        service.to_reset(session, first, now=NOON)
    service.sign_in(session, VISIT, email=EMAIL, password=PASSWORD)
    with pytest.raises(service.LinkIsDead):
        service.to_reset(session, second, now=NOON)


def test_a_reset_leaves_the_second_factor(session: Session, letters: Letters) -> None:
    person, _ = make_person(session, "examiner", email=EMAIL)
    person.totp_secret, person.totp_confirmed_at = "X", NOON
    service.ask_reset(session, VISIT, email=EMAIL, language="kk")

    service.reset(session, VISIT, token_of(sent(letters)[0]), password=OTHERS)

    assert person.totp_confirmed_at == NOON


def test_asking_for_a_reset_writes_one_letter_whoever_is_asked_for(
    session: Session, letters: Letters
) -> None:
    make_person(session, email="known@mail.example")
    disabled, _ = make_person(session, email="disabled@mail.example")
    disabled.disabled_at = NOON
    unconfirmed, _ = make_person(session, email="unconfirmed@mail.example")
    unconfirmed.confirmed_at = None

    for name in ("known", "disabled", "unconfirmed", "nobody"):
        service.ask_reset(session, VISIT, email=f"{name}@mail.example", language="kk")

    to = {letter.splitlines()[0]: "/reset/" in letter for letter in sent(letters)}
    assert to == {
        "To: known@mail.example": True,
        "To: disabled@mail.example": False,
        "To: unconfirmed@mail.example": True,
        "To: nobody@mail.example": False,
    }


def test_a_disabled_accounts_links_are_dead(session: Session, letters: Letters) -> None:
    person, _ = make_person(session, email=EMAIL)
    service.ask_reset(session, VISIT, email=EMAIL, language="kk")
    token = token_of(sent(letters)[0])

    service.disable(session, person, now=NOON)

    with pytest.raises(service.LinkIsDead):
        service.reset(session, VISIT, token, password=OTHERS)


def test_two_sign_ups_at_the_same_moment_make_one_account(app: Flask) -> None:
    at_once, failures = Barrier(2), list[Exception]()

    def come() -> None:
        with app.app_context():
            try:
                at_once.wait()
                with unit_of_work() as session:
                    sign_up(session)
            except Exception as error:
                failures.append(error)
            finally:
                db.session.remove()

    threads = [Thread(target=come) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    with app.app_context():
        assert db.session().scalar(select(func.count()).select_from(Person)) == 1


def test_the_second_of_two_who_both_saw_no_account_is_told_the_same(session: Session) -> None:
    make_person(session, email=EMAIL)
    with pytest.raises(service.AddressTaken):
        service.create_person(
            session, email=EMAIL.upper(), name="Мысалова Айгүл", language="kk", password=PASSWORD, now=NOON
        )

    # What failed left the transaction whole.
    assert session.scalar(select(func.count()).select_from(Person)) == 1
